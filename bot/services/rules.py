"""The group's rules, as its organizers set them."""

from datetime import datetime, time
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.domain import selection, venues
from bot.domain.views import Actor, GroupView
from bot.errors import DomainError, Refusal
from bot.services import announcements, groups
from bot.services.audit import Action, note
from bot.services.members import require_organizer
from storage.models import Group, Talk

MOST_SUPPORTERS = 9
FILL_DAYS = (3, 5, 7)
"""Days before a meeting from which organizers choose when its open slots are filled by turn."""


def look(session: Session, actor: Actor) -> GroupView:
    """The group as its organizers see it. Raises `DomainError` for anybody else."""
    require_organizer(actor)
    return groups.by_id(session, actor.group_id)


def set_selection(session: Session, actor: Actor, text: str | None, now: datetime) -> GroupView:
    """Which papers a meeting takes, as organizers write it; `None` for no rule. Raises
    `DomainError` for a rule that cannot be read."""
    require_organizer(actor)
    rule = selection.parse_rule(text) if text is not None else None
    if text is not None and rule is None:
        raise DomainError(Refusal.RULE_UNREADABLE)
    written = selection.format_rule(rule) if rule else None
    return _set(session, actor, "selection_rule", written, now)


def strange_venues(session: Session, group: GroupView) -> tuple[str, ...]:
    """Those of the rule's venues that are no known conference and that no talk of the group names:
    maybe slips."""
    rule = selection.parse_rule(group.selection_rule or "")
    named = [venue for part in rule.parts for venue in part] if rule else []
    strange = [venue for venue in named if not venues.is_known(venue)]
    if not strange:
        return ()
    talks = session.scalars(select(Talk.venue).where(Talk.group_id == group.id).distinct())
    there = {venue.casefold() for venue in talks if venue}
    return tuple(venue for venue in strange if venue.casefold() not in there)


def set_supporters(session: Session, actor: Actor, most: int, now: datetime) -> GroupView:
    """How many supporters a talk may have. Talks that have more keep them."""
    require_organizer(actor)
    return _set(session, actor, "max_supporters", min(max(most, 0), MOST_SUPPORTERS), now)


def set_fill_days(session: Session, actor: Actor, days: int | None, now: datetime) -> GroupView:
    """How many days before a meeting its open slots are filled by turn; `None` for never."""
    require_organizer(actor)
    if days is not None and days not in FILL_DAYS:
        raise DomainError(Refusal.OLD_BUTTON)
    group = _set(session, actor, "fill_days", days, now)
    announcements.plan_group(session, group, now)
    return group


def _set(session: Session, actor: Actor, name: str, value: Any, now: datetime) -> GroupView:
    before = getattr(groups.by_id(session, actor.group_id), name)
    change(session, actor, {name: before}, {name: value}, now)
    return groups.by_id(session, actor.group_id)


def change(
    session: Session, actor: Actor, before: dict[str, Any], after: dict[str, Any], now: datetime
) -> bool:
    """Set the group's columns to `after` and write down what differs from `before`. Returns whether
    anything does."""
    changed = sorted(name for name in after if after[name] != before[name])
    if not changed:
        return False
    values = {name: after[name] for name in changed}
    session.execute(update(Group).where(Group.id == actor.group_id).values(values))
    note(
        session,
        actor,
        Action.GROUP_RULES,
        actor.group_id,
        now,
        before={name: _plain(before[name]) for name in changed},
        after={name: _plain(after[name]) for name in changed},
    )
    return True


def _plain(value: Any) -> Any:
    """Fit for JSON."""
    return f"{value:%H:%M}" if isinstance(value, time) else value
