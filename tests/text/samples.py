"""A realistic term as views, and for every template what it may be given.

`words` stands for whatever people write: names, titles, places. Hostile tests pass markup there.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bot.domain.calendar import Quiet
from bot.domain.names import slides_link
from bot.domain.papers import MAX_URL_LENGTH
from bot.domain.reminders import DEFAULT_RULES, ReminderRules
from bot.domain.statistics import Statistics, Tally
from bot.domain.term_plans import Step, TermPlan, lay_out
from bot.domain.term_sums import summed_up
from bot.domain.titles import TO_BE_ANNOUNCED
from bot.domain.turns import Turn
from bot.domain.views import (
    ChangeView,
    ChatView,
    DeliveryView,
    DraftView,
    FoundTalk,
    GroupView,
    HearingView,
    LinkView,
    MeetingView,
    MemberView,
    NewsView,
    OfferView,
    OnlineView,
    OwedMessage,
    PageClashView,
    PresenterView,
    ReassignedView,
    RequestView,
    ScheduleView,
    SlidesView,
    SlotView,
    TalkView,
    TermNow,
    TermView,
)
from bot.domain.web_links import KNOWN_HOSTS
from bot.services.audit import Action
from bot.services.choices import Seen
from bot.services.links import Posted
from bot.services.meeting_questions import Asks, Question
from bot.services.messages import Scheduled
from bot.services.new_terms import Made
from bot.services.places import Choice, Place
from bot.services.term_drafts import Planning
from bot.text import labels
from bot.text.commands import Topic, chapter
from storage.enums import (
    ChatKind,
    DeliveryKind,
    DeliveryState,
    DraftKind,
    LinkKind,
    MeetingKind,
    MeetingStatus,
    OfferKind,
    PageChoice,
    RequestKind,
    RequestState,
    Role,
    Weekday,
)

TODAY = date(2026, 1, 9)
ARXIV = "https://arxiv.org/abs/2509.01092"
VIDEO = "https://video.example/watch?v=1&t=2"
BARE = "https://video.example/watch?v=1"
CLASHES = (
    "13 January 2026, Topic II: “LithOS” is not on the page any more.\n"
    "20 January 2026, Topic I, presenters: “Ann” on the page, “Bo” in the schedule."
)
POSTED = (LinkKind.SLIDES, LinkKind.VIDEO, LinkKind.SUMMARY)


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
            "SOSP/OSDI + arXiv",
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
            (SlotView(1, 1, None, self._talk(3, "Mantle", None, ())._replace(url=None)),),
            kind=MeetingKind.SPECIAL,
            status=MeetingStatus.HELD,
            begun=True,
            title=self.say("SOSP Rehearsal"),
            links=(other,),
        )
        self.held = self._meeting(
            2,
            date(2026, 1, 6),
            (SlotView(2, 1, self.say("Topic I"), self.jenga), SlotView(3, 2, None, None)),
            status=MeetingStatus.HELD,
            begun=True,
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
        self.cancelled = self.next._replace(
            status=MeetingStatus.CANCELLED, title=self.say("Spring Festival")
        )
        self.empty = self.next._replace(slots=())
        self.elsewhere = self.next._replace(
            place=self.say("Room 301"), online_url="https://meet.example/other"
        )
        self.found = FoundTalk(self.next, self.next.slots[0])
        self.past = FoundTalk(self.held, self.held.slots[0])
        until = datetime(2026, 1, 10, 11, tzinfo=UTC)
        waiting = MemberView(3, self.say("Robin"), 13)
        offer = OfferView(1, OfferKind.WAITING, waiting, until)
        self.held_slot = FoundTalk(self.next, self.next.slots[1]._replace(held=offer))
        self.waited_for = self.next._replace(slots=(self.next.slots[0], self.held_slot.slot))

    def say(self, usual: str) -> str:
        return usual if self._words is None else self._words

    def past_meeting(self, which: str) -> MeetingView:
        """A meeting that is over, whose talk has no video."""
        talk = self.refrag._replace(links=(), title=f"{self.refrag.title} {which}")
        return self.held._replace(slots=(self.held.slots[0]._replace(talk=talk),), begun=True)

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
        return meeting._replace(**values)


def _schedules(term: Term) -> list[dict[str, Any]]:
    shown = (
        ScheduleView((term.next, term.later), 0, earlier=True, later=False),
        ScheduleView((term.rehearsal, term.held), -1, earlier=False, later=True),
        ScheduleView((term.cancelled,), 1, earlier=False, later=True),
        ScheduleView((), 0, earlier=False, later=False),
        ScheduleView((), 2, earlier=True, later=False),
        ScheduleView((term.waited_for,), 0, earlier=False, later=False),
    )
    return [{"group": term.group, "schedule": schedule} for schedule in shown]


def _meetings(term: Term) -> list[dict[str, Any]]:
    nowhere = term.group._replace(place=None, online_url=None)
    kickoff = term.held._replace(title=term.jenga.title)
    usual = (term.next, term.held, term.rehearsal, term.cancelled, term.empty, kickoff)
    every = (*usual, term.waited_for, term.elsewhere)
    return [
        {"group": group, "meeting": meeting, "today": TODAY}
        for group in (term.group, nowhere)
        for meeting in every
    ]


def _reminders(term: Term) -> list[dict[str, Any]]:
    return [{**given, "late": late} for given in _meetings(term) for late in (False, True)]


def _group_reminders(term: Term) -> list[dict[str, Any]]:
    other = ReminderRules(
        None,
        False,
        None,
        None,
        False,
        False,
        False,
        False,
        (),
        time(12),
        Quiet(time(0), time(0)),
        cards=False,
    )
    said = DEFAULT_RULES._replace(checklist=(term.say("At least 45 minutes"),))
    return [{"group": term.group._replace(reminders=rules)} for rules in (said, other)]


def _deliveries(term: Term) -> list[dict[str, Any]]:
    """One page for each state, with every kind of message."""
    due_at = datetime(2026, 1, 10, 11, tzinfo=UTC)
    reason = term.say("Telegram did not answer")
    return [
        {
            "group": term.group,
            "offset": offset,
            "late_after": timedelta(minutes=10),
            "deliveries": tuple(
                DeliveryView(
                    7,
                    kind,
                    state,
                    due_at,
                    due_at + timedelta(hours=1),
                    None if state is DeliveryState.SENT else reason,
                    number % 3,
                    term.say("Robin") if number % 2 else None,
                    date(2026, 1, 13) if number % 2 else None,
                    VIDEO if number % 3 else "javascript:alert(1)",
                )
                for number, kind in enumerate(kinds)
            ),
        }
        for offset in (0, -1)
        for state in DeliveryState
        for kinds in (tuple(DeliveryKind)[:8], tuple(DeliveryKind)[8:16], tuple(DeliveryKind)[16:])
    ] + [
        {
            "group": term.group,
            "offset": offset,
            "late_after": timedelta(minutes=10),
            "deliveries": (),
        }
        for offset in (0, -1)
    ]


def _last_calls(term: Term) -> list[dict[str, Any]]:
    party = term.empty._replace(kind=MeetingKind.SPECIAL, title=term.say("Kick-off meeting"))
    return [
        {"group": term.group, "meeting": one, "late": late}
        for one in (term.next, term.empty, term.later, party)
        for late in (False, True)
    ]


def _open_slots(term: Term) -> list[dict[str, Any]]:
    return [
        {"group": term.group, "meetings": meetings, "late": late}
        for meetings, late in (((term.next, term.later), False), ((term.later,), True))
    ]


def _no_meeting(term: Term) -> list[dict[str, Any]]:
    return [
        {"group": term.group, "meetings": meetings, "day": date(2026, 1, 6), "late": late}
        for meetings in ((term.next,), ())
        for late in (False, True)
    ]


def _to_presenters(term: Term) -> list[dict[str, Any]]:
    """The main presenter, a supporter without an account, and somebody who presents no more."""
    people = (
        MemberView(1, term.say("Ann Bo"), 11, reachable=True),
        MemberView(2, term.say("Bo Chi"), None),
        MemberView(3, term.say("Robin"), 13),
    )
    alone = term.refrag._replace(presenters=(term.ann,), url=None)
    bare = term.next._replace(slots=(term.next.slots[0]._replace(talk=alone),))
    unnamed = term.refrag._replace(presenters=(term.ann,), title=TO_BE_ANNOUNCED, url=None)
    blank = term.next._replace(slots=(term.next.slots[0]._replace(talk=unnamed),))
    unlisted = term.group._replace(reminders=ReminderRules(checklist=()))
    return [
        {
            "group": group,
            "meeting": meeting,
            "member": member,
            "in_group": in_group,
            "late": in_group,
            "today": date(2026, 1, 12),
        }
        for group, meeting in ((term.group, term.next), (unlisted, bare), (unlisted, blank))
        for member in people
        for in_group in (False, True)
    ]


def _videos_missing(term: Term) -> list[dict[str, Any]]:
    recorded = term.jenga._replace(links=(LinkView(LinkKind.VIDEO, VIDEO, None),))
    summed_up = term.jenga._replace(links=(LinkView(LinkKind.SUMMARY, VIDEO, None),))
    return [
        {
            "group": term.group,
            "meeting": term.held._replace(slots=(term.held.slots[0]._replace(talk=talk),)),
        }
        for talk in (term.jenga._replace(links=()), recorded, summed_up)
    ]


def _news(term: Term) -> list[dict[str, Any]]:
    was_at = datetime(2026, 1, 12, 11, tzinfo=UTC)
    held = MeetingStatus.PLANNED, MeetingStatus.CANCELLED
    first, second = term.next.slots
    changes = (
        ReassignedView(first, term.say("Robin")),
        ReassignedView(first, None),
        ReassignedView(second, term.say("Robin")),
    )
    special = term.later._replace(title=term.say("Guest talk"))
    told = (
        (NewsView(term.next, was_at, None, ()),),
        (NewsView(term.cancelled, None, held[0], ()),),
        (NewsView(term.next, None, held[1], ()),),
        (NewsView(term.next, None, None, changes), NewsView(term.later, was_at, held[1], ())),
        (NewsView(term.elsewhere, None, None, (), elsewhere=True),),
        (
            NewsView(special, None, None, (), new=True),
            NewsView(special, None, None, (), renamed=True),
            NewsView(term.next, None, None, (), renamed=True),
        ),
    )
    return [{"group": term.group, "news": news} for news in told]


def _troubles(term: Term) -> list[dict[str, Any]]:
    about = term.owed(DeliveryKind.ANNOUNCEMENT)._replace(reason=term.say("TOPIC_CLOSED"))
    silent = term.say("Telegram could not be reached")
    return [
        {"group": term.group, "about": about, "text": None},
        {"group": term.group, "about": about, "text": silent},
        {"group": term.group, "about": None, "text": None},
    ]


def _unreachable(term: Term) -> list[dict[str, Any]]:
    about = term.owed(DeliveryKind.PREPARE)
    return [
        {"group": term.group, "member": MemberView(1, term.say("Ann Bo"), account, gone=gone)}
        | {"about": about}
        for account, gone in ((11, False), (11, True), (None, False))
    ]


def _talks(term: Term) -> list[dict[str, Any]]:
    two = (term.past, term.found)
    return [
        {"group": term.group, "words": term.say("rag"), "talks": talks, "more": more}
        for talks, more in (((), False), (two[:1], False), (two, False), (two, True))
    ]


def _online(term: Term) -> list[dict[str, Any]]:
    links = tuple(link for link in term.past.talk.links if link.kind in POSTED)
    file = LinkView(LinkKind.SLIDES, slides_link("260113_REFRAG.pdf"), None)
    shown = (OnlineView(term.past, links), OnlineView(term.found, (file,)))
    return [{"group": term.group, "online": online} for online in (shown[:1], shown)]


def _shared(term: Term) -> list[dict[str, Any]]:
    """One with a file that only the bot could give, too."""
    file = LinkView(LinkKind.SLIDES, slides_link("260106_Jenga.pdf"), None)
    talk = term.past.talk._replace(links=(file, *term.past.talk.links[1:]))
    slot = term.past.slot._replace(talk=talk)
    cancelled = FoundTalk(term.cancelled, term.cancelled.slots[0])
    shown = (term.past, term.found, cancelled, term.past._replace(slot=slot))
    return [{"group": term.group, "found": found} for found in shown]


def _stats(term: Term) -> list[dict[str, Any]]:
    """One term and three, with one, two and three who presented most, and with nobody."""
    ann, bo, chi = (Tally(term.say(name), (2,)) for name in ("Ann Bo", "Bo Chi", "Chi Dan"))
    venues = tuple(Tally(term.say(name), (2,)) for name in ("SOSP", "arXiv", "OSDI", "FAST"))
    terms = tuple(term.say(title) for title in ("2024 Fall", "2025 Spring", "2025 Fall"))
    counted = (
        Statistics(terms[:1], 4, 7, 4, (ann, bo._replace(by_term=(1,))), venues[:1]),
        Statistics(terms, 4, 7, 1, (ann, bo), venues[:2]),
        Statistics(terms, 4, 8, 8, (ann, bo, chi), venues),
        Statistics(terms[:1], 1, 1, 0),
    )
    return [{"group": term.group, "scope": one.terms[0], "statistics": one} for one in counted]


def _slots(term: Term) -> list[dict[str, Any]]:
    places = (term.found, term.past, FoundTalk(term.next, term.next.slots[1]), term.held_slot)
    cancelled = (FoundTalk(term.cancelled, slot) for slot in term.cancelled.slots)
    return [{"group": term.group, "found": found} for found in (*places, *cancelled)]


def _seen(term: Term) -> list[dict[str, Any]]:
    now = datetime(2026, 1, 9, tzinfo=UTC)
    return [
        {"seen": Seen(term.held_slot, before), "now": now, "asker": asker}
        for asker in (None, term.found.talk.main and term.found.talk.main.telegram_id)
        for before in ((term.past,), (term.found, term.past))
    ]


def _changes(term: Term) -> list[dict[str, Any]]:
    bo = MemberView(2, term.say("Bo"), 12, reachable=True)

    def told(
        action: str, found: FoundTalk | None, member: MemberView | None, whom: MemberView | None
    ) -> dict[str, Any]:
        at, who = datetime(2026, 1, 9, tzinfo=UTC), term.say("Ann")
        change = ChangeView(1, action, who, at, found, term.say("Jenga"), term.say("Bo"))
        return {"group": term.group, "member": member, "whom": whom, "change": change}

    return (
        [
            told(action, found, member, whom)
            for found in (term.found, None)
            for member, whom in ((bo, None), (None, bo), (None, None))
            for action in (
                "talk:release",
                "talk:unassign",
                "talk:assign",
                "talk:undo",
                "talk:on_page",
                "talk:swap",
                "talk:supporters",
                "talk:edit",
            )
        ]
        + [
            told("talk:supporters", term.found, MemberView(number, term.say(name), 11), None)
            for number, name in ((1, "Ann Bo"), (9, "Robin"))
        ]
        + [
            told("talk:release", term.held_slot, member, None)
            for member in (bo, MemberView(3, term.say("Robin"), 13))
        ]
    )


def _requests(kind: RequestKind) -> Callable[[Term], list[dict[str, Any]]]:
    """A question in each of its states, to somebody and to the organizers."""

    def made(term: Term) -> list[dict[str, Any]]:
        asker, asked = (MemberView(1, term.say(n), i) for n, i in (("Ann", 11), ("Ben", 12)))
        until = datetime(2026, 1, 13, 11, tzinfo=UTC)
        mine = FoundTalk(term.next, term.next.slots[kind is RequestKind.BEND])
        other = FoundTalk(term.later, term.later.slots[1])
        name, title = term.say("Bo Chi"), term.say("LithOS")
        return [
            {
                "group": term.group,
                "request": RequestView(
                    9, kind, state, asker, to, mine, other, name, title, ARXIV, until
                ),
            }
            for state in RequestState
            for to in (asked, None)
        ] + [
            {
                "group": term.group,
                "request": RequestView(
                    9,
                    kind,
                    RequestState.WITHDRAWN,
                    who,
                    to,
                    mine,
                    other,
                    name,
                    title,
                    ARXIV,
                    until,
                    lapsed=True,
                ),
            }
            for who in (asker, MemberView(3, term.say("Cleo"), None))
            for to in (asked, asked._replace(gone=True))
        ]

    return made


def _bends(term: Term) -> list[dict[str, Any]]:
    """Also of a slot that is no more the asker's, and of one that is."""
    made = _requests(RequestKind.BEND)(term)
    first, last = made[0]["request"], made[-1]["request"]
    empty = FoundTalk(term.next, term.next.slots[1])
    gone = last._replace(found=empty, expires_at=last.expires_at - timedelta(days=1))
    own = first._replace(state=RequestState.DECLINED, found=term.found)
    return made + [{"group": term.group, "request": request} for request in (gone, own)]


def _identities(term: Term) -> list[dict[str, Any]]:
    """Also of a name that is somebody else's by now."""
    made = _requests(RequestKind.IDENTITY)(term)
    return [*made, {**made[-1], "request": made[-1]["request"]._replace(name_taken=True)}]


def _places(term: Term) -> tuple[Place, ...]:
    slot, whole_term = term.found, term.say("2025 Fall")
    return (
        Place(1, 1, slot, None, None),
        Place(2, 12, None, whole_term, term.say("LithOS")),
        Place(3, 2, slot, None, term.say("LithOS")),
        Place(4, 1, term.held_slot, None, term.say("LithOS"), term.held_slot),
        Place(5, 1, None, whole_term, None, term.held_slot),
        Place(6, 1, FoundTalk(term.next, term.next.slots[1]), None, None),
    )


def _choices(term: Term) -> list[dict[str, Any]]:
    places = _places(term)
    choices = (Choice(places[:2], (term.found,)), Choice((), (term.found,)), Choice((), ()))
    more = (Choice(places[:1], ()), Choice(places[3:], ()))
    return [{"choice": choice, "group": term.group} for choice in (*choices, *more)]


def _offers(kind: OfferKind) -> Callable[[Term], list[dict[str, Any]]]:
    """To somebody with a paper, and to somebody without paper and account."""

    def made(term: Term) -> list[dict[str, Any]]:
        until = datetime(2026, 1, 10, 1, tzinfo=UTC)
        ann, zoe = MemberView(1, term.say("Ann"), 11), MemberView(2, term.say("Zoe"), None)
        offers = (
            OfferView(1, kind, ann, until, term.say("[arXiv] LithOS"), ARXIV),
            OfferView(1, kind, zoe, until),
        )
        found = FoundTalk(term.next, term.next.slots[1])
        return [{"offer": offer, "found": found, "group": term.group} for offer in offers]

    return made


def _turns(term: Term) -> list[dict[str, Any]]:
    people = (
        Turn(1, term.say("Ann"), 0, 0, None),
        Turn(2, term.say("Ben"), 0, 3, date(2025, 12, 19)),
        Turn(3, term.say("Robin"), 1, 2, date(2026, 1, 13)),
    )
    return [
        {"people": shown, "more": more, "today": TODAY}
        for shown, more in ((people, 0), (people[:1], 199), ((), 0))
    ]


def _setup(term: Term) -> list[dict[str, Any]]:
    return [
        {"group": term.group, "new": new, "meeting": meeting}
        for new in (True, False)
        for meeting in (term.next, None)
    ]


def _asked(kind: RequestKind) -> Callable[[Term], list[dict[str, Any]]]:
    """A question to somebody; the organizers are never asked of this kind."""
    return lambda term: [given for given in _requests(kind)(term) if given["request"].asked]


def _own_talk(term: Term) -> list[dict[str, Any]]:
    alone = term.refrag._replace(presenters=(term.ann,))
    slot = term.next.slots[0]._replace(talk=alone)
    return [
        {"group": term.group, "found": found, "mine": mine}
        for found in (term.found, FoundTalk(term.next, slot))
        for mine in (True, False)
    ]


def _partners(term: Term) -> list[dict[str, Any]]:
    members = (MemberView(1, term.say("Ann"), 11),)
    mine = (term.found,)
    return [
        {"mine": (), "found": None, "others": (), "members": ()},
        {"mine": mine, "found": None, "others": (), "members": ()},
        {"mine": mine, "found": term.found, "others": (), "members": ()},
        {"mine": mine, "found": term.found, "others": mine, "members": members},
    ]


def _log_lines(term: Term) -> list[dict[str, Any]]:
    """Each kind of change once."""
    at = datetime(2026, 1, 9, 2, 30, tzinfo=UTC)
    before = {
        "name": term.say("Robin"),
        "date": "2026-01-13",
        "starts_at": "2026-01-13T11:00:00+00:00",
        "title": term.say("2026 Spring"),
        "closed_at": None,
        "kind": "video",
        "text": term.say("Room 401 is closed"),
        "due_at": "2026-01-13T10:00:00+00:00",
    }
    after = {
        "date": "2026-01-15",
        "starts_at": "2026-01-15T12:30:00+00:00",
        "title": term.say("2026 Spring"),
        "name": term.say("Bo Chi"),
        "kind": "video",
        "term": term.say("2025 Fall"),
        "text": term.say("Room 401 is closed"),
        "due_at": "2026-01-13T10:00:00+00:00",
    }
    return [
        {
            "group": term.group,
            "change": ChangeView(
                1,
                action.value,
                term.say("Ann"),
                at,
                term.found if action.value.startswith(("talk:", "link:")) else None,
                term.say("Jenga") if action.value.startswith("talk:") else None,
                term.say("Bo"),
                before,
                after,
                term.next if action.value.startswith("meeting:") else None,
            ),
        }
        for action in Action
    ]


def _terms_now(term: Term) -> list[dict[str, Any]]:
    """One that is on, one that is over, one without anything in it."""
    view = TermView(1, term.say("2025 Fall"), date(2025, 9, 29), date(2026, 1, 20), None)
    over = (term.rehearsal, term.past_meeting("a"), term.past_meeting("b"))
    before = view._replace(title=term.say("2025 Spring"))
    on = summed_up((term.rehearsal, term.held, term.next, term.later))
    return [
        {"group": term.group, "late": late, "there": there, "closed": there, "organizer": True}
        for there, late in (
            (TermNow(view, on, before), False),
            (TermNow(view, summed_up(over)), True),
            (TermNow(view._replace(first_date=None), summed_up((term.cancelled,))), False),
        )
    ]


def _plannings(term: Term) -> list[dict[str, Any]]:
    """Each step of one plan, and the last one of a plan with little in it."""
    plan = TermPlan(
        term.say("2026 Spring"),
        date(2026, 3, 3),
        date(2026, 5, 26),
        16,
        Weekday.TUESDAY,
        time(19),
        term.say("Room 204"),
        2,
        "CN",
        frozenset({date(2026, 4, 14)}),
        online_url="https://meet.example/spring",
    )
    holidays = {date(2026, 5, 5): term.say("Day off")}
    short = plan._replace(
        last=date(2026, 3, 4), place=None, online_url=None, topics=1, skipped=frozenset()
    )
    return [
        {
            "group": term.group,
            "planning": Planning(7, step, made, lay_out(made, holidays), "CN", last),
        }
        for made, step, last in (
            *((plan, step, term.say("2025 Fall")) for step in Step),
            (short, Step.PLAN, None),
        )
    ]


def _questions(term: Term) -> list[dict[str, Any]]:
    return [
        {"group": term.group, "question": Question(7, asks, term.elsewhere, (TODAY,))}
        for asks in (Asks.DAY, Asks.PLACE, Asks.TITLE)
    ]


def _nothing(_: Term) -> list[dict[str, Any]]:
    return [{}]


def _span(_: Term) -> list[dict[str, Any]]:
    return [{"first": date(2026, 3, 3), "last": date(2026, 3, 2)}]


def _of_meeting(term: Term) -> list[dict[str, Any]]:
    return [{"meeting": term.next}]


def _of_meeting_in_group(term: Term) -> list[dict[str, Any]]:
    return [{"group": term.group, "meeting": term.next}]


TEMPLATES: dict[str, Callable[[Term], list[dict[str, Any]]]] = {
    "added": _nothing,
    "announcement": _reminders,
    "busy": _nothing,
    "changes": _news,
    "link_how": lambda t: [
        {"kind": kind, "meetings": meetings}
        for kind in POSTED
        for meetings in ((t.held,), (t.held, t.next), ())
    ],
    "link_posted": lambda t: [
        {"group": t.group, "meeting": t.held, "done": done}
        for done in (
            *(Posted(kind, VIDEO, (t.past,), new) for kind in POSTED for new in (True, False)),
            Posted(LinkKind.VIDEO, BARE, (t.past, t.found), True),
            Posted(LinkKind.VIDEO, BARE, (t.past, t.found), True, (90, 3750)),
            Posted(LinkKind.SLIDES, slides_link("260106_Jenga.pdf"), (t.past,), True),
        )
    ],
    "slides": lambda t: [
        {"found": tuple(SlidesView(one, VIDEO, None, None) for one in talks)}
        for talks in ((t.past,), (t.past, t.found))
    ],
    "slides_caption": lambda t: [{"found": t.past}],
    "link_sure": lambda _: [{"kind": kind, "host": "example.org"} for kind in POSTED],
    "online": _online,
    "hosts": lambda t: [
        {"group": t.group._replace(link_hosts=hosts), "known": KNOWN_HOSTS}
        for hosts in ((), ("slides.example.org", "video.example.org"))
    ],
    "link_which": lambda t: [
        {"kind": kind, "meetings": meetings, "host": host}
        for kind in POSTED
        for meetings, host in (((t.held,), None), ((t.held, t.next), "example.org"))
    ],
    "message": lambda t: [
        {"text": t.say("Room 401 is closed.\nWe meet in 204 & online."), "late": late}
        for late in (False, True)
    ],
    "no_meeting": _no_meeting,
    "open_slots": _open_slots,
    "prepare": _to_presenters,
    "reminder": _reminders,
    "reminders": _group_reminders,
    "reminder_choice": lambda _: [
        {"name": name, "label": labels.REMINDERS[name], "now": now}
        for name, now in (
            ("announcement_days", "3 days"),
            ("soon_minutes", "30 minutes"),
            ("open_slots_day", "Friday"),
            ("tell_at", labels.AS_THE_MEETING),
            ("quiet", "22:00 to 08:00"),
        )
    ],
    "checklist": _group_reminders,
    "remind_in_private": _nothing,
    "remind": lambda t: [
        {"group": t.group, "heard": HearingView(own, every, hours, muted)}
        for own, every, hours, muted in (
            (True, False, 24, False),
            (True, True, 1, False),
            (False, True, 3, False),
            (False, False, 48, False),
            (True, True, 72, True),
        )
    ],
    "slides_missing": _to_presenters,
    "starting_soon": _last_calls,
    "trouble": _troubles,
    "unreachable": _unreachable,
    "video_missing": _videos_missing,
    "cancel_sure": _of_meeting_in_group,
    "cancelled": lambda t: [{"meeting": t.next, "told": told} for told in (True, False)],
    "claim_where": lambda t: [
        {"draft": DraftView(1, 1, DraftKind.CLAIM, t.say("REFRAG: Rethinking RAG"), None)}
    ],
    "change": _changes,
    "day_before": _reminders,
    "find_what": _nothing,
    "of_group": lambda t: [{"group": t.group}],
    "is_it_paper": lambda t: [{"title": t.say("LithOS")}],
    "left_out": lambda t: [{"links": (VIDEO,)}, {"links": (VIDEO, t.say("https://x.example"))}],
    "found": _talks,
    "group_chosen": lambda t: [{"group": t.group}],
    "help": lambda t: [
        {"group": t.group, "organizer": organizer, "organizing": Topic.ORGANIZING.value}
        for organizer in (True, False)
    ],
    "help_on": lambda _: [{"topic": topic, "commands": chapter(topic)} for topic in Topic],
    "meeting": _meetings,
    "mine": _talks,
    "more_by_command": _nothing,
    "moved": lambda t: (
        [
            {"group": t.group, "was": date(2026, 1, 12), "meeting": meeting}
            for meeting in (t.next, t.later)
        ]
        + [{"group": t.group, "was": t.next.date, "meeting": t.next}]
    ),
    "nothing_next": _nothing,
    "open": lambda t: [
        {
            "group": t.group,
            "meetings": meetings,
            "expected": {t.next.id: ("SOSP/OSDI",), t.later.id: ("SOSP/OSDI", "arXiv")},
        }
        for meetings in ((t.next, t.later), (), (t.waited_for, t.later), (t.waited_for,))
    ],
    "nothing_done": _nothing,
    "edit_which": _talks,
    "declined": _slots,
    "offer/filled": _offers(OfferKind.FILLED),
    "given_away": lambda t: [
        {**sample, "found": found}
        for sample in _offers(OfferKind.WAITING)(t)
        for found in (t.found, t.held_slot)
    ],
    "offer/turn": _offers(OfferKind.TURN),
    "offer/waiting": _offers(OfferKind.WAITING),
    "turns": _turns,
    "welcome": _nothing,
    "wait_stopped": lambda t: [{"place": place} for place in _places(t)],
    "wait_which": _choices,
    "waiting": lambda t: [{"place": place, "group": t.group} for place in _places(t)],
    "paper_wanted": lambda t: [{"person": t.ann}, {"person": t.bo}],
    "release_which": _talks,
    "released": lambda t: [{"found": t.found}],
    "request/bend": _requests(RequestKind.BEND),
    "answer/bend": _bends,
    "request_put": _requests(RequestKind.BEND),
    "seen_before": _seen,
    "shared": _shared,
    "slot": _slots,
    "title_wanted": lambda _: [{"known": True}, {"known": False}],
    "yours_already": _nothing,
    "answer/hand_over": _asked(RequestKind.HAND_OVER),
    "answer/identity": _identities,
    "answer/swap": _asked(RequestKind.SWAP),
    "request/hand_over": _asked(RequestKind.HAND_OVER),
    "request/identity": _requests(RequestKind.IDENTITY),
    "request/swap": _asked(RequestKind.SWAP),
    "talk_menu": _own_talk,
    "supporters": _own_talk,
    "support_which": _talks,
    "swap_which": _partners,
    "hand_over_to": lambda t: [
        partners | {"unknown": name} for partners in _partners(t) for name in (None, t.say("Zoe"))
    ],
    "identified": lambda t: [
        {"member": MemberView(1, t.say("Ann"), 11), "talks": talks} for talks in (0, 1, 2)
    ],
    "iam_which": lambda t: [
        {"words": t.say("Bo"), "names": names, "near": near}
        for names in ((), (MemberView(1, "Bo", None),))
        for near in (True, False)
    ],
    "assign_whom": lambda t: [
        *(
            {"name": t.say("Bosen Yan"), "near": near, "several": False}
            for near in ((), (MemberView(1, "Bo", None),))
        ),
        {
            "name": t.say("Bo"),
            "near": (MemberView(1, t.say("Bo"), 11), MemberView(2, t.say("Bo"), None)),
            "several": True,
        },
    ],
    "unassigned": lambda t: [{"found": t.found}],
    "undo": _log_lines,
    "undone": _log_lines,
    "log": lambda t: [
        {"group": t.group, "changes": tuple(given["change"] for given in _log_lines(t))},
        {"group": t.group, "changes": ()},
    ],
    "settings": lambda t: [
        {
            "group": t.group._replace(selection_rule=rule, max_supporters=most, fill_days=days),
            "strange": strange,
        }
        for rule, most, days, strange in (
            ("SOSP/OSDI + arXiv", 3, None, ()),
            (None, 1, 5, ()),
            (t.say("ASOP/OSDI + arxi"), 3, None, (t.say("ASOP"), t.say("arxi"))),
        )
    ],
    "restored": _of_meeting_in_group,
    "drop_which": _of_meeting,
    "meeting_asks": _questions,
    "meeting_changed": lambda _: [{"told": told} for told in (True, False)],
    "meeting_when": _nothing,
    "term": lambda t: [*_terms_now(t), {"group": t.group, "there": None}],
    "term_close_sure": _terms_now,
    "term_closed": _terms_now,
    "term_made": lambda t: [
        {
            "made": Made(
                TermView(1, t.say("2026 Spring"), date(2026, 3, 3), date(2026, 6, 16), None),
                meetings,
                slots,
                7,
            )
        }
        for meetings, slots in ((14, 28), (1, 1))
    ],
    "term_now_closed": lambda t: [
        {"term": TermView(1, t.say("2025 Fall"), None, None, datetime(2026, 1, 9, tzinfo=UTC))}
    ],
    "term_plan": lambda t: _plannings(t)[-2:],
    "term_step": lambda t: _plannings(t)[:-2],
    "refusal/country_unknown": lambda t: [{"name": t.say("Atlantis")}],
    "refusal/no_term_runs": _nothing,
    "refusal/not_in_plan": lambda _: [{"date": date(2026, 3, 4)}],
    "refusal/place_too_long": lambda _: [{"most": 200}],
    "refusal/slot_spoken_for": lambda t: [{"found": t.held_slot}],
    "refusal/slots_enough": lambda _: [{"most": 6}],
    "refusal/swap_stands": _nothing,
    "refusal/term_ends_first": _span,
    "refusal/term_has_meetings": lambda t: [
        {"term": one["there"].term, "sum": one["there"].sum} for one in _terms_now(t)[:1]
    ],
    "refusal/term_is_closed": lambda t: [{"title": t.say("2025 Fall")}],
    "refusal/term_is_empty": _span,
    "refusal/term_is_past": lambda _: [{"date": date(2026, 1, 2)}],
    "refusal/term_overlaps": lambda t: [{"meeting": t.next, "title": t.say("2025 Fall")}],
    "refusal/term_title_taken": lambda t: [{"title": t.say("2025 Fall")}],
    "refusal/term_too_long": _span,
    "refusal/topics_how_many": lambda _: [{"most": 6}],
    "schedule": _schedules,
    "setup_done": _setup,
    "setup_waiting": _nothing,
    "stats": _stats,
    "stats_none": _nothing,
    "start": lambda t: [
        {"name": t.say("Ann Bo"), "group": t.group, "meeting": meeting}
        for meeting in (t.next, None)
    ],
    "start_in_group": lambda t: [{"group": t.group}],
    "uncertain": lambda t: [
        {"about": t.owed(kind)._replace(meeting=meeting), "group": t.group}
        for kind in DeliveryKind
        for meeting in (t.next, None)
    ],
    "commit": lambda t: [
        {"change": given["change"], "zone": t.group.zone} for given in _log_lines(t)
    ],
    "page": lambda t: [
        {"group": t.group, "page": page, "text": text}
        for page, text in (
            *(
                (PageClashView(t.say("2025 Fall"), takable), t.say(CLASHES))
                for takable in (True, False)
            ),
            (None, t.say("The remote origin refuses it: pre-receive hook declined.")),
        )
    ],
    "page_settled": lambda _: [{"choice": choice} for choice in (*PageChoice, None)],
    "uncertain_settled": lambda _: [{"state": state} for state in DeliveryState],
    "too_much": _nothing,
    "unknown_command": lambda t: [
        {"name": "", "near": None},
        {"name": t.say("clam"), "near": "claim"},
    ],
    "went_wrong": _nothing,
    "which_group": _nothing,
    "refusal/changed_since": _nothing,
    "refusal/message_missing": _nothing,
    "refusal/message_too_long": lambda _: [{"most": 3000}],
    "message_when": lambda t: [{"day": None}, {"day": t.say("tomorrow")}],
    "message_planned": lambda t: [
        {
            "group": t.group,
            "posted": Scheduled(7, datetime(2026, 1, 10, 11, tzinfo=UTC), state),
            "now": datetime(2026, 1, day, 11, tzinfo=UTC),
        }
        for state in DeliveryState
        for day in (9, 11)
    ],
    "deliveries": _deliveries,
    "refusal/checklist_too_long": lambda _: [{"most": 10, "longest": 200}],
    "refusal/chat_is_tied": lambda t: [{"group": t.group}],
    "refusal/day_is_far": lambda _: [{"date": date(2206, 1, 21)}],
    "refusal/day_is_past": lambda _: [{"date": date(2026, 1, 2)}],
    "refusal/day_is_taken": lambda t: [{"meeting": m} for m in (t.next, t.cancelled)],
    "refusal/draft_gone": _nothing,
    "refusal/enough_supporters": lambda t: [{"found": t.found, "most": most} for most in (1, 3)],
    "refusal/has_no_account": lambda t: [{"name": t.say("Ann")}],
    "refusal/name_taken": lambda t: [{"name": t.say("Ann")}],
    "refusal/named_already": lambda t: [{"name": t.say("Ann")}],
    "refusal/no_supporter": lambda t: [{"found": t.found}],
    "refusal/not_a_name": _nothing,
    "refusal/not_in_chat": lambda t: [{"group": t.group}],
    "refusal/nothing_of_yours": _of_meeting,
    "refusal/nothing_to_undo": _nothing,
    "refusal/rights_unknown": _nothing,
    "refusal/rule_unreadable": _nothing,
    "refusal/link_is_no_link": lambda t: [{"url": t.say("htp://x")}, {"url": None}],
    "refusal/link_too_long": lambda _: [{"most": MAX_URL_LENGTH}],
    "refusal/one_command": _nothing,
    "refusal/one_day": _nothing,
    "refusal/one_link": _nothing,
    "refusal/one_slot": lambda t: [{"found": t.found}],
    "refusal/meeting_cancelled": _of_meeting,
    "refusal/meeting_full": lambda t: [{"meeting": t.waited_for}],
    "refusal/meeting_is_over": _of_meeting,
    "refusal/move_where": _nothing,
    "refusal/no_group": lambda _: [{"private": True}, {"private": False}],
    "refusal/no_meeting_then": lambda t: [
        {"date": date(2026, 2, 3), "moved": moved} for moved in (None, t.later, t.cancelled)
    ],
    "refusal/no_such_slot": lambda t: [{}, {"meeting": t.next}],
    "refusal/no_talk_there": _of_meeting,
    "refusal/not_a_date": _nothing,
    "refusal/not_a_time": _nothing,
    "refusal/file_gone": lambda t: [
        {"name": t.say("260106_Jenga.pdf"), "address": address} for address in (None, VIDEO)
    ],
    "refusal/file_not_fetched": _nothing,
    "refusal/file_not_kept": _nothing,
    "refusal/file_too_large": lambda _: [{"megabytes": 20}],
    "refusal/no_slides": _of_meeting,
    "refusal/not_a_pdf": lambda _: [{"opened": opened} for opened in (False, True)],
    "refusal/not_a_host": lambda t: [{"text": t.say("my slides")}],
    "refusal/not_a_start": lambda _: [{"text": "1:75"}, {"text": "9" * 50 + ":99"}],
    "refusal/start_for_each": lambda t: [{"meeting": t.held, "talks": n} for n in (1, 2)],
    "refusal/too_many_hosts": lambda _: [{"most": 20}],
    "refusal/not_cancelled": _of_meeting,
    "refusal/not_yet_held": lambda t: [
        {"meeting": t.next, "kind": kind} for kind in (LinkKind.VIDEO, LinkKind.SUMMARY)
    ],
    "refusal/not_your_talk": lambda t: [{"found": t.found}],
    "refusal/nothing_to_post_to": lambda _: [{"kind": kind} for kind in POSTED],
    "refusal/not_yours_to_post": lambda _: [{"kind": kind} for kind in POSTED],
    "refusal/old_button": _nothing,
    "refusal/only_in_group": _nothing,
    "refusal/open_already": _nothing,
    "refusal/organizers_only": _nothing,
    "refusal/request_settled": _nothing,
    "refusal/setup_code_unknown": _nothing,
    "refusal/show_yourself": _nothing,
    "refusal/not_waiting": _nothing,
    "refusal/nothing_to_wait_for": _nothing,
    "refusal/offer_ended": _nothing,
    "refusal/slot_is_free": lambda t: [
        {"found": t.held_slot},
        {"found": FoundTalk(t.next, t.next.slots[1])},
    ],
    "refusal/slot_is_yours": lambda t: [{"found": t.found}],
    "refusal/account_unknown": _nothing,
    "refusal/asked_anew": _nothing,
    "refusal/assign_where": _nothing,
    "refusal/day_missing": _nothing,
    "refusal/not_a_weekday": _nothing,
    "refusal/command_under_file": lambda _: [{"command": "/claim"}],
    "refusal/which_slot": _of_meeting,
    "refusal/slot_held": lambda t: [{"found": t.held_slot}],
    "refusal/slot_taken": lambda t: [
        {"found": t.found},
        {"found": FoundTalk(t.next, t.next.slots[1])},
    ],
    "refusal/not_empty": lambda t: [
        {"found": t.past},
        {
            "found": t.past._replace(
                slot=t.past.slot._replace(talk=t.past.talk._replace(presenters=()))
            )
        },
    ],
    "refusal/somebody_elses_button": _nothing,
    "refusal/title_missing": _nothing,
    "refusal/title_too_long": lambda _: [{"most": 300}],
    "refusal/too_late_to_send": _nothing,
}
