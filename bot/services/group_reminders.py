"""What a group hears of the bot's own accord, as its organizers choose it."""

from datetime import datetime, time
from typing import Any

from sqlalchemy.orm import Session

from bot.domain.calendar import NIGHT, Quiet
from bot.domain.views import Actor, GroupView
from bot.errors import DomainError, Refusal
from bot.services import announcements, groups, rules
from bot.services.members import require_organizer
from storage.enums import Weekday

SWITCH = (False, True)
CHOICES: dict[str, tuple[Any, ...]] = {
    "announcement_days": (None, 2, 3, 4, 5, 6, 7),
    "day_before": SWITCH,
    "soon_minutes": (None, 10, 15, 30, 60),
    "open_slots_day": (None, *Weekday),
    "slides_missing": SWITCH,
    "video_missing": SWITCH,
    "no_meeting": SWITCH,
    "pins": SWITCH,
    "tell_at": (None, time(9), time(12), time(18), time(20)),
    "quiet": (Quiet(time(0), time(0)), NIGHT, Quiet(time(23), time(7)), Quiet(time(0), time(6))),
    "online": SWITCH,
    "cards": SWITCH,
}
"""What organizers choose from by tap, by the name in `ReminderRules`; buttons name both by their
place here, so places are never given to something else."""

NAMES = tuple(CHOICES)

MOST_POINTS = 10
LONGEST_POINT = 200


def choose(
    session: Session, actor: Actor, name_at: int, choice_at: int, now: datetime
) -> GroupView:
    """Hear this from now on; what is planned follows. Raises `DomainError` for anybody but an
    organizer, and for what is not on offer."""
    require_organizer(actor)
    name = _at(NAMES, name_at)
    before = groups.by_id(session, actor.group_id)
    group = _set(session, before, actor, name, _at(CHOICES[name], choice_at), now)
    if group != before:
        announcements.plan_group(session, group, now)
    return group


def set_checklist(
    session: Session, actor: Actor, points: tuple[str, ...], now: datetime
) -> GroupView:
    """Remind presenters of these points. Raises `DomainError` for anybody but an organizer, and
    when there are too many or one is too long."""
    require_organizer(actor)
    if len(points) > MOST_POINTS or any(len(point) > LONGEST_POINT for point in points):
        raise DomainError(Refusal.CHECKLIST_TOO_LONG, most=MOST_POINTS, longest=LONGEST_POINT)
    group = groups.by_id(session, actor.group_id)
    return _set(session, group, actor, "checklist", points, now)


def _set(
    session: Session, group: GroupView, actor: Actor, name: str, value: Any, now: datetime
) -> GroupView:
    wanted = group.reminders._replace(**{name: value})
    before, after = groups.columns(group.reminders), groups.columns(wanted)
    if not rules.change(session, actor, before, after, now):
        return group
    return groups.by_id(session, group.id)


def _at(choices: tuple[Any, ...], place: int) -> Any:
    if not 0 <= place < len(choices):
        raise DomainError(Refusal.OLD_BUTTON)
    return choices[place]
