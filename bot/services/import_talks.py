"""Taking a page's talks into the schedule."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain import papers
from bot.domain.page import PageTalk
from bot.services import waiting
from bot.services.bookings import TO_BE_ANNOUNCED
from bot.services.talks import left_out, main_of, paper_of, set_links, set_presenters
from storage.models import Meeting, Slot, Talk


@dataclass(slots=True)
class Imported:
    """What an import did. `kept` are sentences on what the page contradicts and the schedule
    keeps."""

    changed_term: bool = False
    added_meetings: int = 0
    changed_meetings: int = 0
    added_talks: int = 0
    changed_talks: int = 0
    kept: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        return self.changed_term or any(
            (self.added_meetings, self.changed_meetings, self.added_talks, self.changed_talks)
        )


def import_talk(
    session: Session,
    meeting: Meeting,
    slot: Slot,
    said: PageTalk,
    now: datetime,
    done: Imported,
) -> None:
    talk = session.scalars(select(Talk).where(Talk.slot_id == slot.id)).one_or_none()
    if talk is None:
        new_talk(session, slot, said, has_paper(meeting, said), now)
        done.added_talks += 1
    elif _same_paper(talk, said):
        done.changed_talks += _correct_talk(session, meeting, slot, talk, said, done)
    else:
        done.kept.append(
            f"{where(meeting, slot)} has “{talk.title}”; the page says “{said.title}”."
        )


def where(meeting: Meeting, slot: Slot) -> str:
    return f"{meeting.date:%d %B %Y}, {slot.topic or f'slot {slot.position}'}"


def has_paper(meeting: Meeting, said: PageTalk) -> bool:
    """A kick-off is announced under its own name, and a paper may be announced later."""
    return said.title not in (meeting.title, TO_BE_ANNOUNCED)


def _same_paper(talk: Talk, said: PageTalk) -> bool:
    return talk.title == said.title or papers.identity(talk.url, talk.title) == papers.identity(
        said.url, said.title
    )


def new_talk(
    session: Session,
    slot: Slot,
    said: PageTalk,
    has_paper: bool,  # noqa: FBT001 - a fact about the talk, not a switch
    now: datetime,
) -> None:
    paper_id = (
        paper_of(session, slot.group_id, said.title, said.venue, said.year, said.url)
        if has_paper
        else None
    )
    talk = Talk(
        group_id=slot.group_id,
        slot_id=slot.id,
        paper_id=paper_id,
        title=said.title,
        venue=said.venue,
        year=said.year,
        url=said.url,
        created_at=now,
    )
    session.add(talk)
    session.flush()  # for its id
    set_presenters(session, talk, said.presenters)
    set_links(session, slot.group_id, said.links, talk_id=talk.id)
    waiting.filled(session, slot.id, main_of(session, talk), now)


def _correct_talk(
    session: Session, meeting: Meeting, slot: Slot, talk: Talk, said: PageTalk, done: Imported
) -> bool:
    # A page without a venue or a link does not take away the one that the chat knows.
    venue = (said.venue, said.year) if said.venue is not None else (talk.venue, talk.year)
    says = (said.title, *venue, said.url or talk.url)
    changed = (talk.title, talk.venue, talk.year, talk.url) != says
    if changed:
        talk.title, talk.venue, talk.year, talk.url = says
        talk.paper_id = (
            paper_of(session, talk.group_id, *says) if has_paper(meeting, said) else None
        )
    if absent := left_out(session, talk, said.presenters):
        names = " and ".join(absent)
        done.kept.append(f"{where(meeting, slot)}: {names} took the talk; the page does not say.")
    else:
        changed |= set_presenters(session, talk, said.presenters)
    changed |= set_links(session, talk.group_id, said.links, talk_id=talk.id)
    return changed
