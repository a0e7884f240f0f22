"""Taking the slots of a page's meetings into the schedule."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.page import PageMeeting, PageSlot
from storage.models import Draft, Offer, Request, Slot, Talk, Wait
from storage.queries import among, models_among, new_rows

_OF_MEETINGS = select(Slot).where(Slot.meeting_id.in_(among("ids")))

Told = dict[date, list[str]]
"""What the page contradicts and the schedule keeps, in sentences, for each of its meetings."""


@dataclass(frozen=True, slots=True)
class Place:
    """A slot as the schedule has it now, and what its page says of it."""

    meeting: PageMeeting
    said: PageSlot
    position: int
    slot_id: int

    @property
    def where(self) -> str:
        return where(self.meeting.date, self.said.topic, self.position)


@dataclass(frozen=True, slots=True)
class Slots:
    """`places` are those that the page has, in its order; `known` the rows that were there before,
    and of these `left` the page does not have. `changed` are the dates of meetings in which a slot
    is new or bears another topic."""

    places: Sequence[Place]
    known: Sequence[Slot]
    left: Sequence[tuple[PageMeeting, Slot]]
    changed: set[date]


def where(day: date, topic: str | None, position: int) -> str:
    return f"{day:%d %B %Y}, {topic or f'slot {position}'}"


def import_slots(
    session: Session,
    group_id: int,
    said: Sequence[PageMeeting],
    ids: Mapping[date, int],
    known_ids: Sequence[int],
) -> Slots:
    """Give each of the meetings, whose `ids` these are, the slots that the page says, and those
    their topics. Only meetings of the `known_ids` have some already."""
    known = models_among(session, _OF_MEETINGS, known_ids)
    there = {(slot.meeting_id, slot.position): slot for slot in known}
    on_page = [
        (meeting, position, slot_said)
        for meeting in said
        for position, slot_said in enumerate(meeting.slots, 1)
    ]
    changed: set[date] = set()
    new = []
    for meeting, position, slot_said in on_page:
        meeting_id, topic = ids[meeting.date], slot_said.topic
        slot = there.get((meeting_id, position))
        if slot is None:
            key = {"group_id": group_id, "meeting_id": meeting_id, "position": position}
            new.append({**key, "topic": topic})
        elif slot.topic == topic:
            continue
        else:
            slot.topic = topic
        changed.add(meeting.date)
    slot_ids = {key: slot.id for key, slot in there.items()}
    slot_ids |= new_rows(session, Slot, new, "meeting_id", "position")
    places = [
        Place(meeting, slot_said, position, slot_ids[ids[meeting.date], position])
        for meeting, position, slot_said in on_page
    ]
    by_id = {ids[meeting.date]: meeting for meeting in said}
    left = [
        (by_id[slot.meeting_id], slot)
        for slot in sorted(known, key=lambda slot: slot.position)
        if slot.position > len(by_id[slot.meeting_id].slots)
    ]
    return Slots(places, known, left, changed)


def drop(
    session: Session,
    left: Iterable[tuple[PageMeeting, Slot]],
    talks: Mapping[int, Talk],
    told: Told,
) -> set[date]:
    """The slots that are `left` go, unless there is one of the `talks` in them or somebody asked
    for them. Returns the dates of their meetings."""
    dropped = set()
    for meeting, slot in left:
        named = where(meeting.date, slot.topic, slot.position)
        talk = talks.get(slot.id)
        if talk is not None:
            told[meeting.date].append(f"{named} has “{talk.title}”; the page has no such slot.")
        elif was_asked_for(session, slot):
            told[meeting.date].append(f"{named} was asked for; the page has no such slot.")
        else:
            session.delete(slot)
            dropped.add(meeting.date)
    return dropped


def was_asked_for(session: Session, slot: Slot) -> bool:
    """Whether somebody waits for the slot, or was ever offered it, or asked for it."""
    columns = (Wait.slot_id, Offer.slot_id, Draft.slot_id, Request.slot_id, Request.other_slot_id)
    return any(
        session.scalar(select(column).where(column == slot.id).limit(1)) is not None
        for column in columns
    )
