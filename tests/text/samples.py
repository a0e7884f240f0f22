"""A realistic term as views, and for every template what it may be given.

`words` stands for whatever people write: names, titles, places. Hostile tests pass markup there.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bot.domain.views import (
    ChatView,
    DraftView,
    FoundTalk,
    GroupView,
    LinkView,
    MeetingView,
    OwedMessage,
    PresenterView,
    ScheduleView,
    SlotView,
    TalkView,
)
from bot.text.commands import COMMANDS
from storage.enums import (
    ChatKind,
    DeliveryKind,
    DeliveryState,
    DraftKind,
    LinkKind,
    MeetingKind,
    MeetingStatus,
    Role,
    Weekday,
)

TODAY = date(2026, 1, 9)
ARXIV = "https://arxiv.org/abs/2509.01092"
VIDEO = "https://video.example/watch?v=1&t=2"


class Term:
    """Meetings on January 6, 13 and 20: held, half taken, open; and a special one before."""

    def __init__(self, words: str | None = None) -> None:
        self._words = words
        self.group = GroupView(
            1,
            self.say("Systems reading group"),
            "Asia/Shanghai",
            Weekday.TUESDAY,
            time(19),
            120,
            self.say("Room 204"),
            "https://meet.example/reading?room=1&pwd=2",
            ChatView(1, -1001, 5, ChatKind.SUPERGROUP),
        )
        self.ann = PresenterView(1, self.say("Ann Bo"), Role.MAIN, self.say("USTC"), 11)
        self.bo = PresenterView(2, self.say("Bo Chi"), Role.SUPPORTER, None, None)
        slides = LinkView(LinkKind.SLIDES, "https://slides.example/jenga.pdf", None)
        video = LinkView(LinkKind.VIDEO, VIDEO, None)
        other = LinkView(LinkKind.OTHER, "https://code.example/jenga", self.say("code"))
        bad = LinkView(LinkKind.OTHER, "javascript:alert(1)", self.say("bad"))
        self.jenga = self._talk(1, "Jenga: Memory for LLMs", "SOSP", (slides, video, other, bad))
        self.refrag = self._talk(2, "REFRAG: Rethinking RAG", "arXiv", ())
        self.rehearsal = self._meeting(
            1,
            date(2025, 9, 29),
            (SlotView(1, 1, None, replace(self._talk(3, "Mantle", None, ()), url=None)),),
            kind=MeetingKind.SPECIAL,
            status=MeetingStatus.HELD,
            title=self.say("SOSP Rehearsal"),
            links=(other,),
        )
        self.held = self._meeting(
            2,
            date(2026, 1, 6),
            (SlotView(2, 1, self.say("Topic I"), self.jenga), SlotView(3, 2, None, None)),
            status=MeetingStatus.HELD,
        )
        self.next = self._meeting(
            3,
            date(2026, 1, 13),
            (
                SlotView(4, 1, self.say("Topic I"), self.refrag),
                SlotView(5, 2, self.say("Topic II"), None),
            ),
        )
        self.later = self._meeting(
            4, date(2026, 1, 20), (SlotView(6, 1, None, None), SlotView(7, 2, None, None))
        )
        self.cancelled = replace(
            self.next, status=MeetingStatus.CANCELLED, title=self.say("Spring Festival")
        )
        self.empty = replace(self.next, slots=())
        self.found = FoundTalk(self.next, self.next.slots[0])
        self.past = FoundTalk(self.held, self.held.slots[0])

    def say(self, usual: str) -> str:
        return usual if self._words is None else self._words

    def owed(self, kind: DeliveryKind, about: OwedMessage | None = None) -> OwedMessage:
        due_at = datetime(2026, 1, 10, 11, tzinfo=UTC)
        return OwedMessage(7, kind, -1001, 5, due_at, 1, self.group, self.next, about)

    def _talk(
        self, talk_id: int, title: str, venue: str | None, links: tuple[LinkView, ...]
    ) -> TalkView:
        year = 2025 if venue == "SOSP" else None
        people = (self.ann, self.bo)
        return TalkView(
            talk_id, self.say(title), venue and self.say(venue), year, ARXIV, people, links
        )

    def _meeting(
        self, meeting_id: int, day: date, slots: tuple[SlotView, ...], **values: Any
    ) -> MeetingView:
        starts_at = datetime.combine(day, time(11), UTC)
        meeting = MeetingView(
            meeting_id,
            day,
            starts_at,
            starts_at + timedelta(hours=2),
            MeetingKind.REGULAR,
            MeetingStatus.PLANNED,
            None,
            1,
            slots,
            (),
        )
        return replace(meeting, **values)


def _schedules(term: Term) -> list[dict[str, Any]]:
    shown = (
        ScheduleView((term.next, term.later), 0, earlier=True, later=False),
        ScheduleView((term.rehearsal, term.held), -1, earlier=False, later=True),
        ScheduleView((term.cancelled,), 1, earlier=False, later=True),
        ScheduleView((), 0, earlier=False, later=False),
        ScheduleView((), 2, earlier=True, later=False),
    )
    return [{"group": term.group, "schedule": schedule} for schedule in shown]


def _meetings(term: Term) -> list[dict[str, Any]]:
    nowhere = replace(term.group, place=None, online_url=None)
    kickoff = replace(term.held, title=term.jenga.title)
    every = (term.next, term.held, term.rehearsal, term.cancelled, term.empty, kickoff)
    return [
        {"group": group, "meeting": meeting, "today": TODAY}
        for group in (term.group, nowhere)
        for meeting in every
    ]


def _reminders(term: Term) -> list[dict[str, Any]]:
    return [{**given, "late": late} for given in _meetings(term) for late in (False, True)]


def _talks(term: Term) -> list[dict[str, Any]]:
    two = (term.past, term.found)
    return [
        {"words": term.say("rag"), "talks": talks, "more": more}
        for talks, more in (((), False), (two[:1], False), (two, False), (two, True))
    ]


def _news(term: Term) -> list[dict[str, Any]]:
    return [
        {"group": term.group, "found": found, "new": new}
        for found in (term.found, term.past)
        for new in (True, False)
    ]


def _setup(term: Term) -> list[dict[str, Any]]:
    return [
        {"group": term.group, "new": new, "meeting": meeting}
        for new in (True, False)
        for meeting in (term.next, None)
    ]


def _nothing(_: Term) -> list[dict[str, Any]]:
    return [{}]


def _of_meeting(term: Term) -> list[dict[str, Any]]:
    return [{"meeting": term.next}]


TEMPLATES: dict[str, Callable[[Term], list[dict[str, Any]]]] = {
    "added": _nothing,
    "announcement": _reminders,
    "busy": _nothing,
    "claim_where": lambda t: [
        {"draft": DraftView(1, 1, DraftKind.CLAIM, t.say("REFRAG: Rethinking RAG"), None)}
    ],
    "claimed": _news,
    "day_before": _reminders,
    "find_what": _nothing,
    "found": _talks,
    "group_chosen": lambda t: [{"group": t.group}],
    "help": lambda t: [
        {"group": t.group, "commands": COMMANDS, "organizer": organizer}
        for organizer in (True, False)
    ],
    "meeting": _meetings,
    "mine": _talks,
    "more_by_command": _nothing,
    "nothing_next": _nothing,
    "open": lambda t: [{"meetings": meetings} for meetings in ((t.next, t.later), ())],
    "release_which": _talks,
    "released": _news,
    "schedule": _schedules,
    "setup_done": _setup,
    "setup_waiting": _nothing,
    "start": lambda t: [
        {"name": t.say("Ann Bo"), "group": t.group, "meeting": meeting}
        for meeting in (t.next, None)
    ],
    "start_in_group": lambda t: [{"group": t.group}],
    "uncertain": lambda t: [
        {"about": t.owed(kind), "group": t.group}
        for kind in (DeliveryKind.ANNOUNCEMENT, DeliveryKind.DAY_BEFORE)
    ],
    "uncertain_settled": lambda _: [{"state": state} for state in DeliveryState],
    "unknown_command": _nothing,
    "video_how": lambda t: [{"meeting": t.held}, {"meeting": None}],
    "video_posted": lambda t: [
        {"meeting": t.held, "talks": (t.past,), "url": VIDEO, "new": new} for new in (True, False)
    ],
    "video_which": _of_meeting,
    "went_wrong": _nothing,
    "which_group": _nothing,
    "refusal/chat_is_tied": lambda t: [{"group": t.group}],
    "refusal/draft_gone": _nothing,
    "refusal/link_is_no_link": lambda t: [{"url": t.say("htp://x")}],
    "refusal/meeting_cancelled": _of_meeting,
    "refusal/meeting_is_over": _of_meeting,
    "refusal/no_group": lambda _: [{"private": True}, {"private": False}],
    "refusal/no_meeting_then": lambda _: [{"date": date(2026, 2, 3)}],
    "refusal/no_such_slot": lambda t: [{}, {"meeting": t.next}],
    "refusal/no_talk_there": _of_meeting,
    "refusal/not_a_date": _nothing,
    "refusal/not_yet_held": _of_meeting,
    "refusal/not_your_talk": lambda t: [{"found": t.found}],
    "refusal/nothing_to_post_to": _nothing,
    "refusal/old_button": _nothing,
    "refusal/only_in_group": _nothing,
    "refusal/open_already": _nothing,
    "refusal/organizers_only": _nothing,
    "refusal/setup_code_unknown": _nothing,
    "refusal/show_yourself": _nothing,
    "refusal/slot_taken": lambda t: [
        {"found": t.found},
        {"found": FoundTalk(t.next, t.next.slots[1])},
    ],
    "refusal/somebody_elses_button": _nothing,
    "refusal/title_missing": lambda t: [{"url": t.say("https://x.example")}, {"url": None}],
    "refusal/title_too_long": lambda _: [{"most": 300}],
    "refusal/too_late_to_send": _nothing,
}
