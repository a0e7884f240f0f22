"""How far a term is, closing it, and opening it again."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from bot.domain.term_sums import summed_up
from bot.domain.views import Actor, GroupView, TermNow, TermView
from bot.errors import DomainError, Refusal
from bot.services import groups, nags, notices, queries, terms
from bot.services.audit import Action, last_of, note, note_undone
from bot.services.members import require_organizer
from storage.enums import DeliveryKind
from storage.models import AuditEntry, Term

OF_USE = timedelta(days=2)
"""How long a term's summary is worth telling."""


class Closed(NamedTuple):
    """`entry_id` is the audit entry's, by which the term is opened again."""

    term: TermView
    entry_id: int


def look(session: Session, group: GroupView, now: datetime) -> TermNow | None:
    """The term that is on; `None` when there is none."""
    term = terms.running(session, group, now)
    if term is None:
        return None
    over = terms.over(session, group, now)
    there = _now(session, term, group.id, now)
    return there._replace(over=over if over != term else None)


def closed_by(session: Session, entry: AuditEntry, now: datetime) -> TermNow | None:
    """The term that this change closed; `None` when it was opened again since."""
    term = session.get(Term, entry.subject_id)
    if term is None or term.closed_at is None or entry.after != _written(term):
        return None
    return _now(session, terms.view(term), entry.group_id, now)


def ask(session: Session, actor: Actor, now: datetime, title: str = "") -> TermNow:
    """The term that would be closed: the one of this title, else the one that is on, or while that
    has meetings to come, the one before it. Raises `DomainError` for anybody but an organizer, when
    no term is on, and while a meeting of it is to come."""
    require_organizer(actor)
    there = look(session, actor.group, now)
    if there is None:
        raise DomainError(Refusal.NO_TERM_RUNS)
    term = terms.open_named(session, actor.group, title)
    if term is None and there.sum.coming:
        term = there.over
    if term is not None:
        there = _now(session, term, actor.group_id, now)
    _check_over(there)
    return there


def close(session: Session, actor: Actor, term_id: int, now: datetime) -> Closed:
    """The term is over, and the group is told what it came to. A second tap changes nothing. Raises
    `DomainError` for anybody but an organizer, and while a meeting of it is to come."""
    require_organizer(actor)
    term = groups.own(session, Term, term_id, actor.group_id, lock=True)
    if term.closed_at is not None:
        entry_id = last_of(session, actor.group_id, Action.TERM_CLOSE, term.id)
        return Closed(terms.view(term), entry_id)
    _check_over(_now(session, terms.view(term), actor.group_id, now))
    before = _written(term)
    term.closed_at = now
    nags.stop(session, term.id, now)
    session.flush()
    entry_id = note(
        session, actor, Action.TERM_CLOSE, term.id, now, before=before, after=_written(term)
    )
    notices.to_group(
        session, DeliveryKind.TERM_CLOSED, actor.group_id, now, now + OF_USE, audit_id=entry_id
    )
    return Closed(terms.view(term), entry_id)


def put_back(session: Session, actor: Actor, entry: AuditEntry, now: datetime) -> None:
    """The term is open again."""
    term = session.get_one(Term, entry.subject_id, with_for_update=True)
    term.closed_at = None
    nags.resume(session, actor.group, term.id, now)
    note_undone(session, actor, Action.TERM_UNDO, entry, now)


def _now(session: Session, term: TermView, group_id: int, now: datetime) -> TermNow:
    return TermNow(term, summed_up(queries.all_meetings(session, group_id, term.id, now)))


def _check_over(there: TermNow) -> None:
    if there.sum.coming:
        raise DomainError(Refusal.TERM_HAS_MEETINGS, term=there.term, sum=there.sum)


def _written(term: Term) -> dict[str, str | None]:
    return {
        "title": term.title,
        "closed_at": term.closed_at.isoformat() if term.closed_at else None,
    }
