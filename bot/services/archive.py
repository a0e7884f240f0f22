"""Everything that a group shows to the public, in one read."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.archive import Archive, ArchivedTerm
from bot.domain.views import MeetingView
from bot.services import groups, queries
from bot.services.audit import Action
from bot.services.terms import NEWEST_FIRST
from storage.models import AuditEntry, Group, Paper, Talk, Term


def load(session: Session, group_id: int, now: datetime) -> Archive:
    """All terms of the group, newest first, and when their meetings were changed. The number of
    statements grows with the number of terms, not of meetings."""
    terms = _terms(session, group_id, now)
    founded_at = session.scalars(select(Group.created_at).where(Group.id == group_id)).one()
    log = _Log(session, group_id)
    changed_at = {
        meeting.id: log.changed_at(term.id, meeting) or founded_at
        for term in terms
        for meeting in term.meetings
    }
    group, authors = groups.by_id(session, group_id), _authors(session, group_id)
    return Archive(group, founded_at, terms, changed_at, log.posted, authors)


def _terms(session: Session, group_id: int, now: datetime) -> tuple[ArchivedTerm, ...]:
    rows = session.execute(
        select(Term.id, Term.title, Term.requirements, Term.other_information)
        .where(Term.group_id == group_id)
        .order_by(*NEWEST_FIRST)
    )
    return tuple(
        ArchivedTerm(*row, queries.all_meetings(session, group_id, row.id, now))
        for row in rows.all()
    )


def _authors(session: Session, group_id: int) -> dict[int, tuple[str, ...]]:
    rows = session.execute(
        select(Talk.id, Paper.authors)
        .join(Paper, Paper.id == Talk.paper_id)
        .where(Talk.group_id == group_id, Paper.authors.is_not(None))
    )
    return {row.id: tuple(row.authors) for row in rows}


class _Log:
    """What the audit log says of times: by noun and id, when it was last changed; by address, when
    it was first `posted`. Talks come and go, so what is said of them is told by their slot."""

    def __init__(self, session: Session, group_id: int) -> None:
        self._last: dict[tuple[str, int], datetime] = {}
        self.posted: dict[str, datetime] = {}
        entries = session.execute(
            select(AuditEntry.action, AuditEntry.subject_id, AuditEntry.at, AuditEntry.after)
            .where(AuditEntry.group_id == group_id)
            .order_by(AuditEntry.at, AuditEntry.id)
        )
        for action, subject_id, at, after in entries:
            noun = action.partition(":")[0]
            if noun == "talk":
                for slot_id in (after or {}).get("slots", ()):
                    self._last["slot", int(slot_id)] = at
            else:
                self._last[noun, subject_id] = at
            if action == Action.LINK_POST.value:
                self.posted.setdefault(after["url"], at)

    def changed_at(self, term_id: int, meeting: MeetingView) -> datetime | None:
        about = [("page", term_id), ("term", term_id), ("meeting", meeting.id)]
        about += [("slot", slot.id) for slot in meeting.slots]
        about += [("link", slot.talk.id) for slot in meeting.slots if slot.talk]
        known = (self._last.get(one) for one in about)
        return max((at for at in known if at is not None), default=None)
