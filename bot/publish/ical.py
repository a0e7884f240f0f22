"""The group's meetings as an iCalendar feed (RFC 5545, with RFC 7986's words for feeds).

Times are in UTC, which every calendar program shows on its owner's clock: no meeting recurs, so no
zone has to be told, and no file changes with the zone data. The link to join online stays out,
since anybody may read the feed; the group's chat has it.
"""

from collections.abc import Iterable
from datetime import timedelta

from icalendar import Calendar, Event, vDuration

from bot.domain.archive import Archive
from bot.domain.views import MeetingView, TalkView
from bot.publish import shown
from bot.publish.markdown.words import counted, one_line
from bot.publish.paths import Paths
from storage.enums import MeetingKind

PRODUCT = "-//Reading group bot//Schedule//EN"

CANCELLED = "Cancelled: "
OPEN_SLOT = "open slot"
A_SLOT = "A slot"
IS_OPEN = " is open: claim it in the group's chat."
ONLINE = "The link to join online is in the group's chat."
"""Words that `readers.own_calendar` knows again."""

ASKED_EVERY = timedelta(hours=1)
"""How often a calendar program should look for changes. Many take their own time, up to a day."""


def calendar(archive: Archive, paths: Paths) -> bytes:
    """All meetings of all terms, past and to come, cancelled ones as such."""
    feed = _calendar()
    name = one_line(archive.group.name)
    feed.add("name", name)
    feed.add("x-wr-calname", name)
    feed.add("refresh-interval", vDuration(ASKED_EVERY), parameters={"VALUE": "DURATION"})
    feed.add("x-published-ttl", vDuration(ASKED_EVERY))
    address = paths.address(paths.calendar)
    if address is not None:
        feed.add("source", address, parameters={"VALUE": "URI"})
    for term in archive.terms:
        for meeting in reversed(term.meetings):
            feed.add_component(_event(archive, meeting, paths))
    return bytes(feed.to_ical())


def invitation(archive: Archive, meeting: MeetingView, paths: Paths) -> bytes:
    """One meeting, for whoever wants only that. It is the same event as in the feed."""
    alone = _calendar()
    alone.add_component(_event(archive, meeting, paths))
    return bytes(alone.to_ical())


def _calendar() -> Calendar:
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    return made


def _event(archive: Archive, meeting: MeetingView, paths: Paths) -> Event:
    event = Event()
    event.add("uid", uid(archive, meeting))
    # A change that members hear of raises the revision, and nothing lowers it.
    event.add("sequence", meeting.revision - 1)
    changed_at = archive.changed_at[meeting.id].replace(microsecond=0)
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("dtstart", meeting.starts_at)
    event.add("dtend", meeting.ends_at)
    event.add("summary", _summary(archive, meeting))
    event.add("description", "\n".join(_description(archive, meeting, paths)))
    place = one_line(archive.place_of(meeting) or "")
    if place:
        event.add("location", place)
    address = paths.address(paths.of_meeting(meeting))
    if address is not None:
        event.add("url", address)
    event.add("status", "CANCELLED" if meeting.is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if meeting.is_cancelled else "OPAQUE")
    return event


def uid(archive: Archive, meeting: MeetingView) -> str:
    """The same for as long as the meeting is there, wherever it moves, and no other group's: a
    UUID, as RFC 7986 recommends."""
    return str(archive.identity(f"meeting {meeting.id}"))


def _summary(archive: Archive, meeting: MeetingView) -> str:
    titles = [
        one_line(slot.talk.title) if slot.talk else OPEN_SLOT
        for slot in meeting.slots
        if slot.talk or meeting.is_coming
    ]
    words = joined(titles) or one_line(archive.group.name)
    named = meeting.is_cancelled or meeting.kind is MeetingKind.SPECIAL
    title = one_line(meeting.title or "") if named else ""
    if not title and titles and set(titles) == {OPEN_SLOT}:
        words = all_open(archive.group.name, len(titles))
    if title and title != words:
        words = f"{title}: {words}" if titles else title
    return f"{CANCELLED}{words}" if meeting.is_cancelled else words


def joined(titles: Iterable[str]) -> str:
    return " · ".join(titles)


def all_open(group_name: str, slots: int) -> str:
    """A meeting without a talk, among the other entries of whoever subscribes to many calendars."""
    return f"{one_line(group_name)}: {counted(slots, OPEN_SLOT)}"


def _description(archive: Archive, meeting: MeetingView, paths: Paths) -> Iterable[str]:
    yield one_line(archive.group.name)
    for slot in meeting.slots:
        if slot.talk is not None:
            yield ""
            yield from _talk(slot.talk, paths)
        elif meeting.is_coming:
            yield ""
            yield one_line(slot.topic or A_SLOT) + IS_OPEN
    if (meeting.online_url or archive.group.online_url) and meeting.is_coming:
        yield ""
        yield ONLINE


def _talk(talk: TalkView, paths: Paths) -> Iterable[str]:
    yield shown.title(talk)
    names = ", ".join(one_line(one.name) for one in talk.presenters)
    if names:
        yield names
    for words, url, _ in shown.links_of(talk):
        # While nobody knows where the folder is served, what is in it has no address.
        address = paths.address_of(url)
        if address is not None:
            yield f"{words}: {address}"
