"""Small archives for tests of what is made of them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.archive import Archive, ArchivedTerm
from bot.domain.views import GroupView, LinkView, MeetingView, PresenterView, SlotView, TalkView
from storage.enums import LinkKind, MeetingKind, MeetingStatus, Role, Weekday

FOUNDED = datetime(2025, 9, 1, 8, tzinfo=UTC)
CHANGED = datetime(2026, 1, 5, 8, 30, tzinfo=UTC)

GROUP = GroupView(
    1,
    "Systems reading group",
    "Asia/Shanghai",
    Weekday.TUESDAY,
    time(19),
    120,
    "Room 204",
    "https://meet.example/secret",
    None,
)


def archive(
    *terms: ArchivedTerm,
    group: GroupView = GROUP,
    changed_at: Mapping[int, datetime] | None = None,
    posted_at: Mapping[str, datetime] | None = None,
    authors: Mapping[int, tuple[str, ...]] | None = None,
) -> Archive:
    changed = {one.id: CHANGED for term in terms for one in term.meetings}
    changed |= dict(changed_at or {})
    return Archive(group, FOUNDED, terms, changed, posted_at or {}, authors or {})


def term(title: str, *meetings: MeetingView, id: int = 1, **texts: str) -> ArchivedTerm:  # noqa: A002
    return ArchivedTerm(
        id, title, texts.get("requirements", ""), texts.get("other_information", ""), meetings
    )


def meeting(day: date, *slots: SlotView, **values: Any) -> MeetingView:
    """A planned one from 19:00 to 21:00 in Shanghai, with the day's number as its id."""
    starts_at = datetime.combine(day, time(19), ZoneInfo("Asia/Shanghai")).astimezone(UTC)
    facts: dict[str, Any] = {
        "id": day.toordinal(),
        "date": day,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=2),
        "kind": MeetingKind.REGULAR,
        "status": MeetingStatus.PLANNED,
        "title": None,
        "revision": 1,
        "slots": slots,
        "links": (),
    }
    return MeetingView(**facts | values)


def slot(talk: TalkView | None = None, topic: str | None = None) -> SlotView:
    number = talk.id if talk else 0
    return SlotView(1000 + number, 1, topic, talk)


def talk(id: int, title: str, *names: str, **values: Any) -> TalkView:  # noqa: A002
    """The first of `names` is the main presenter's."""
    facts: dict[str, Any] = {
        "id": id,
        "title": title,
        "venue": None,
        "year": None,
        "url": None,
        "presenters": tuple(
            PresenterView(number, name, Role.SUPPORTER if number else Role.MAIN, None, None)
            for number, name in enumerate(names)
        ),
        "links": (),
    }
    return TalkView(**facts | values)


def link(url: str, kind: LinkKind = LinkKind.VIDEO, label: str | None = None) -> LinkView:
    return LinkView(kind, url, label)
