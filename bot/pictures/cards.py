"""What the week's card says: plain words, so that two cards with the same words are one picture."""

from typing import NamedTuple

from bot.domain.views import GroupView, MeetingView, SlotView
from bot.text import labels
from bot.text.render import clock, day, slot_name, venue

MOST_TALKS = 4


class CardTalk(NamedTuple):
    """`heading` is "Topic I · SOSP'25". A place without a talk says what is so in `instead`;
    `free` means that anybody may take it."""

    heading: str
    title: str = ""
    people: str = ""
    instead: str = ""
    free: bool = False


class Card(NamedTuple):
    """`special` is the meeting's own name; `more` counts the talks that found no room."""

    group: str
    when: str
    where: str
    special: str
    cancelled: bool
    talks: tuple[CardTalk, ...]
    more: int = 0


def card_of(group: GroupView, meeting: MeetingView) -> Card:
    """The card for this meeting as it is now. How many days are left is not on it: that would be
    another picture every morning."""
    place = meeting.place or group.place
    online = labels.ONLINE if meeting.online_url or group.online_url else None
    return Card(
        group.name,
        f"{day(meeting.date)} · {clock(meeting.starts_at, group.zone)}",
        " · ".join(part for part in (place, online) if part),
        meeting.title or "",
        meeting.is_cancelled,
        tuple(_talk(meeting, slot) for slot in meeting.slots[:MOST_TALKS]),
        max(0, len(meeting.slots) - MOST_TALKS),
    )


def _talk(meeting: MeetingView, slot: SlotView) -> CardTalk:
    talk = slot.talk
    if talk is None:
        return _no_talk(meeting, slot)
    # A kick-off bears the meeting's own name, which stands above it already.
    title = "" if talk.title == meeting.title and not talk.url else talk.title
    heading = " · ".join(part for part in (slot.topic, venue(talk.venue, talk.year)) if part)
    return CardTalk(heading, title, ", ".join(person.name for person in talk.presenters))


def _no_talk(meeting: MeetingView, slot: SlotView) -> CardTalk:
    heading = slot_name(slot)
    if not meeting.is_coming:
        return CardTalk(heading, instead=labels.NO_TALK)
    if slot.held is not None:
        return CardTalk(heading, instead=f"{labels.OFFERED_TO} {slot.held.member.name}")
    return CardTalk(heading, instead=labels.OPEN_SLOT, free=True)
