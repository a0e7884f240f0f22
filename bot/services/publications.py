"""Which groups' pages are due, what they are to say, and what became of writing them.

What was changed is read off the audit log: each group has a cursor in it, so a change costs no
write of its own, and a group at rest costs nothing.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from zlib import crc32

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.domain.archive import Archive, ArchivedTerm
from bot.domain.page import TermState
from bot.domain.reminders import pause_before_retry
from bot.domain.views import ChangeView
from bot.services import archive, history, notices, terms
from storage.enums import DeliveryKind
from storage.models import AuditEntry, File, Publication, Term, TermPage

SETTLING = timedelta(minutes=1)
"""How long nothing has to change before the page is written."""

LONGEST_SETTLING = timedelta(minutes=3)

MOST_CHANGES = 50
"""Changes that are looked at to say what is new on a page."""

MAX_TROUBLE = 300
"""Characters, as in the table."""


class Changed(NamedTuple):
    """A group in which something was changed, from `first` to `last`, and is not published yet."""

    group_id: int
    first: datetime
    last: datetime

    @property
    def due_at(self) -> datetime:
        return min(self.last + SETTLING, self.first + LONGEST_SETTLING)

    def then(self, later: "Changed") -> "Changed":
        return self._replace(last=later.last)


class Publishing(NamedTuple):
    """All that a group is to publish. `changes` are what is new since the last time, up to the
    audit entry `audit_id`; `slides` the files of slides that were sent to the bot."""

    archive: Archive
    terms: tuple[TermState, ...]
    changes: tuple[ChangeView, ...]
    slides: tuple[str, ...]
    audit_id: int


def changed(session: Session, audit_id: int | None) -> tuple[int, tuple[Changed, ...]]:
    """The newest entry of the audit log, and the groups in which something was changed after the
    entry `audit_id`; for `None`, after what is published of each."""
    newest = session.scalar(select(func.max(AuditEntry.id))) or 0
    if newest == audit_id:
        return newest, ()
    statement = select(
        AuditEntry.group_id, func.min(AuditEntry.at), func.max(AuditEntry.at)
    ).group_by(AuditEntry.group_id)
    if audit_id is None:
        published = func.coalesce(Publication.audit_id, 0)
        statement = statement.outerjoin(
            Publication, Publication.group_id == AuditEntry.group_id
        ).where(AuditEntry.id > published)
    else:
        statement = statement.where(AuditEntry.id > audit_id)
    rows = session.execute(statement.where(AuditEntry.id <= newest))
    return newest, tuple(Changed(*row) for row in rows)


def due(session: Session, now: datetime) -> tuple[int, ...]:
    """The groups whose time to try has come."""
    return tuple(
        session.scalars(
            select(Publication.group_id)
            .where(Publication.try_at <= now)
            .order_by(Publication.try_at)
        )
    )


def state(session: Session, group_id: int, now: datetime) -> Publishing:
    known = {
        row.term_id: row
        for row in session.scalars(select(TermPage).where(TermPage.group_id == group_id))
    }
    audit_id = session.scalar(
        select(func.max(AuditEntry.id)).where(AuditEntry.group_id == group_id)
    )
    published = session.scalar(select(Publication.audit_id).where(Publication.group_id == group_id))
    whole = archive.load(session, group_id, now)
    # Oldest first: where two terms would share a file, the older one has it.
    ordered = sorted(whole.terms, key=lambda term: term.id)
    return Publishing(
        whole,
        tuple(_state(term, known.get(term.id)) for term in ordered),
        history.since(session, group_id, published or 0, MOST_CHANGES, now),
        tuple(session.scalars(select(File.name).where(File.group_id == group_id))),
        audit_id or 0,
    )


def pages(session: Session) -> tuple[tuple[int, int, str], ...]:
    """Group, term and title of every page that was written."""
    rows = session.execute(
        select(Term.group_id, Term.id, Term.title).join(TermPage, TermPage.term_id == Term.id)
    )
    return tuple((row.group_id, row.id, row.title) for row in rows)


def written(session: Session, group_id: int) -> dict[int, str]:
    """What was written last, by term."""
    rows = session.execute(
        select(TermPage.term_id, TermPage.written).where(TermPage.group_id == group_id)
    )
    return {row.term_id: row.written for row in rows}


def remember(session: Session, group_id: int, title: str, text: str) -> None:
    """A page was imported from this text: a file that says the same was edited by nobody."""
    term_id = session.scalar(select(Term.id).where(Term.group_id == group_id, Term.title == title))
    if term_id is not None and _page(session, term_id) is None:
        session.add(TermPage(group_id=group_id, term_id=term_id, written=text))


def begin(session: Session, group_id: int, digests: Mapping[int, str]) -> None:
    """Say what is about to be written for each term. Should the process end in the middle, the
    file is known for the bot's own."""
    for term_id, digest in digests.items():
        page = _page(session, term_id)
        if page is None:
            page = TermPage(group_id=group_id, term_id=term_id, written="")
            session.add(page)
        page.writing = digest


def wrote(session: Session, texts: Mapping[int, str]) -> None:
    """These texts are in the terms' files now, and nothing is asked about them any more."""
    for term_id, text in texts.items():
        page = _page(session, term_id)
        if page is not None:  # else the term was taken back meanwhile
            page.written, page.writing = text, None
            page.conflict, page.choice, page.takable = None, None, True


def advance(session: Session, group_id: int, audit_id: int, now: datetime) -> None:
    """All up to this entry is kept here; it is still to be brought to the outside."""
    row = _publication(session, group_id)
    row.audit_id, row.try_at = audit_id, now


def settle(session: Session, group_id: int, audit_id: int, again_at: datetime | None) -> bool:
    """All up to this entry is published; to be looked at again at `again_at` without any change.
    Returns whether it was in trouble before."""
    row = _publication(session, group_id)
    was_in_trouble = row.trouble is not None
    row.audit_id, row.try_at, row.attempts, row.trouble = audit_id, again_at, 0, None
    return was_in_trouble


def fail(
    session: Session, group_id: int, trouble: str, now: datetime, *, passing: bool = False
) -> bool:
    """It did not work: try again after a growing pause. Organizers hear of it once, until all is
    well again; of what comes on top of it and is not `passing` by itself, once a day. Returns
    whether this is another trouble than before."""
    row = _publication(session, group_id)
    trouble = trouble[:MAX_TROUBLE]
    is_news = row.trouble != trouble
    if row.trouble is None or (is_news and not passing):
        on_top = f"{now:%Y-%m-%d}:{crc32(trouble.encode())}"
        told = int(now.timestamp()) if row.trouble is None else on_top
        notices.to_organizers(
            session,
            DeliveryKind.PAGE,
            group_id,
            now,
            now + notices.NEWS_KEPT,
            told_in_group=True,
            subject=f"publication:{group_id}:{told}",
            text=trouble,
        )
    row.attempts += 1
    row.trouble, row.try_at = trouble, now + pause_before_retry(row.attempts)
    return is_news


def troubles(session: Session) -> dict[int, str]:
    """Why groups are not published, by the group."""
    rows = session.execute(
        select(Publication.group_id, Publication.trouble).where(Publication.trouble.is_not(None))
    )
    return {row.group_id: row.trouble for row in rows}


def ask_for(session: Session, group_id: int, now: datetime) -> None:
    """Look at the group's pages as soon as possible."""
    _publication(session, group_id).try_at = now


def _state(term: ArchivedTerm, row: TermPage | None) -> TermState:
    state = TermState(term.id, terms.as_page(term), past=term.past)
    if row is None:
        return state
    state = state._replace(written=row.written or None, writing=row.writing)
    return state._replace(conflict=row.conflict, choice=row.choice)


def _page(session: Session, term_id: int) -> TermPage | None:
    return session.scalars(select(TermPage).where(TermPage.term_id == term_id)).one_or_none()


def _publication(session: Session, group_id: int) -> Publication:
    row = session.scalars(select(Publication).where(Publication.group_id == group_id)).one_or_none()
    if row is None:
        row = Publication(group_id=group_id, audit_id=0, attempts=0)
        session.add(row)
        session.flush()
    return row
