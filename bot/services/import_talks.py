"""Taking a page's talks into the schedule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain import papers
from bot.domain.page import PageTalk
from bot.domain.titles import TO_BE_ANNOUNCED
from bot.services import presenters, waiting
from bot.services.import_slots import Place, Told
from bot.services.talks import papers_of, set_links
from storage.models import Link, Talk
from storage.queries import among, models_among, new_rows

_OF_SLOTS = select(Talk).where(Talk.slot_id.in_(among("ids")))


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


@dataclass(frozen=True, slots=True)
class NewTalk:
    """A talk that is to fill an open slot."""

    slot_id: int
    says: PageTalk
    has_paper: bool


@dataclass(frozen=True, slots=True)
class _Correction:
    """A talk that is there, and what the schedule shall say of it. Its presenters stay as they are
    where that would take away somebody who took it in the chat."""

    talk: Talk
    says: PageTalk
    has_paper: bool
    keeps_people: bool


def in_slots(session: Session, slot_ids: Sequence[int]) -> dict[int, Talk]:
    """The talks in these slots, each by its slot."""
    return {talk.slot_id: talk for talk in models_among(session, _OF_SLOTS, slot_ids)}


def import_talks(
    session: Session,
    group_id: int,
    places: Sequence[Place],
    there: Mapping[int, Talk],
    now: datetime,
    done: Imported,
    told: Told,
) -> None:
    """Make the talks in these places what the page says. `there` are those that are known, by
    their slots."""
    given = presenters.of_talks(session, [talk.id for talk in there.values()])
    new: list[NewTalk] = []
    known: list[_Correction] = []
    for place in places:
        said, talk = place.said.talk, there.get(place.slot_id)
        if said is None:
            continue
        of_paper = has_paper(place.meeting.title, said)
        if talk is None:
            new.append(NewTalk(place.slot_id, said, of_paper))
        elif _same_paper(talk, said):
            absent = presenters.left_out(given[talk.id], said.presenters)
            if absent:
                names = " and ".join(absent)
                told[place.meeting.date].append(
                    f"{place.where}: {names} took the talk; the page does not say."
                )
            known.append(_Correction(talk, _corrected(talk, said), of_paper, bool(absent)))
        else:
            told[place.meeting.date].append(
                f"{place.where} has “{talk.title}”; the page says “{said.title}”."
            )
    done.changed_talks += len(_correct(session, group_id, known, given))
    new_talks(session, group_id, new, now)
    done.added_talks += len(new)


def has_paper(meeting_title: str | None, said: PageTalk) -> bool:
    """A kick-off is announced under its own name, and a paper may be announced later."""
    return said.title not in (meeting_title, TO_BE_ANNOUNCED)


def new_talks(session: Session, group_id: int, new: Sequence[NewTalk], now: datetime) -> None:
    """Fill these slots; whoever waits for one and has it now waits no more."""
    paper_ids = _paper_ids(
        session, group_id, [(one.slot_id, one.says) for one in new if one.has_paper]
    )
    values = [
        {
            "group_id": group_id,
            "slot_id": one.slot_id,
            "paper_id": paper_ids.get(one.slot_id),
            "title": one.says.title,
            "venue": one.says.venue,
            "year": one.says.year,
            "url": one.says.url,
            "created_at": now,
        }
        for one in new
    ]
    ids = new_rows(session, Talk, values, "slot_id")
    people = {ids[one.slot_id]: one.says.presenters for one in new}
    presenters.set_presenters(session, group_id, people)
    links = {ids[one.slot_id]: one.says.links for one in new}
    set_links(session, group_id, links, Link.talk_id)
    waiting.filled_all(session, [one.slot_id for one in new], now)


def _same_paper(talk: Talk, said: PageTalk) -> bool:
    return talk.title == said.title or papers.identity(talk.url, talk.title) == papers.identity(
        said.url, said.title
    )


def _corrected(talk: Talk, said: PageTalk) -> PageTalk:
    """A page without a venue or a link does not take away the one that the chat knows."""
    venue, year = (said.venue, said.year) if said.venue is not None else (talk.venue, talk.year)
    return said._replace(venue=venue, year=year, url=said.url or talk.url)


def _correct(
    session: Session, group_id: int, known: Sequence[_Correction], given: presenters.Given
) -> set[int]:
    """Returns the ids of the talks of which anything changed."""
    changed = [one for one in known if _facts(one.talk) != _facts(one.says)]
    named = [(one.talk.id, one.says) for one in changed if one.has_paper]
    paper_ids = _paper_ids(session, group_id, named)
    for one in changed:
        talk = one.talk
        talk.title, talk.venue, talk.year, talk.url = _facts(one.says)
        talk.paper_id = paper_ids.get(talk.id)
    people = {one.talk.id: one.says.presenters for one in known if not one.keeps_people}
    links = {one.talk.id: one.says.links for one in known}
    return (
        {one.talk.id for one in changed}
        | presenters.set_presenters(session, group_id, people, given)
        | set_links(session, group_id, links, Link.talk_id, list(links))
    )


def _facts(talk: Talk | PageTalk) -> tuple[str, str | None, int | None, str | None]:
    return talk.title, talk.venue, talk.year, talk.url


def _paper_ids(
    session: Session, group_id: int, named: Sequence[tuple[int, PageTalk]]
) -> dict[int, int]:
    """The ids of the papers, by the numbers that they are given with."""
    paper_ids = papers_of(session, group_id, [says for _, says in named])
    return {number: paper_id for (number, _), paper_id in zip(named, paper_ids, strict=True)}
