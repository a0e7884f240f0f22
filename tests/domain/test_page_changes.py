"""What was changed in a page by hand, beside what changed in the schedule meanwhile."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.page import Page, PageLink, PageMeeting, PagePresenter, PageSlot, PageTalk
from bot.domain.page_changes import Move, merge
from storage.enums import LinkKind, MeetingKind, Role

ANN, BO = PagePresenter("Ann", Role.MAIN), PagePresenter("Bo", Role.SUPPORTER)
SLIDES = PageLink(LinkKind.SLIDES, "./slides/1.pdf")
CODE = PageLink(LinkKind.OTHER, "https://c.example/1", "Code")
VIDEO = PageLink(LinkKind.VIDEO, "https://v.example/1")
REFRAG = PageTalk("REFRAG", "arXiv", None, "https://arxiv.org/abs/2509.01092", (ANN,), (SLIDES,))
LITHOS = PageTalk("LithOS", "SOSP", 2025, "https://x.example/lithos", (BO,))
DAY = date(2026, 1, 13)
LATER = date(2026, 1, 20)
MEETING = PageMeeting(DAY, (PageSlot("Topic I", REFRAG), PageSlot("Topic II")))
PAGE = Page("2025 Fall", "45 minutes.", "Welcome.", (PageMeeting(LATER), MEETING))


def with_talk(talk: PageTalk | None = REFRAG, **changes: Any) -> Page:
    """The page with another first talk, or other facts of it, on January 13."""
    first = PageSlot("Topic I", talk._replace(**changes) if talk and changes else talk)
    return with_meeting(slots=(first, MEETING.slots[1]))


def with_meeting(**changes: Any) -> Page:
    return PAGE._replace(meetings=(PAGE.meetings[0], MEETING._replace(**changes)))


CHANGES = {
    "a text": PAGE._replace(requirements="50 minutes."),
    "another text": PAGE._replace(other_information="Come in."),
    "a special meeting": with_meeting(kind=MeetingKind.SPECIAL, title="Rehearsal"),
    "another paper of the same person": with_talk(title="Mine", url="https://x.example/mine"),
    "a title": with_talk(title="REFRAG: Rethinking RAG"),
    "a venue": with_talk(venue="SOSP", year=2026),
    "no link of the paper": with_talk(url=None),
    "supporters": with_talk(presenters=(ANN, BO)),
    "another link": with_talk(links=(SLIDES, VIDEO)),
    "no slides": with_talk(links=()),
    "a heading": with_meeting(slots=(PageSlot("Paper", REFRAG), MEETING.slots[1])),
    "a talk in an open slot": with_meeting(slots=(MEETING.slots[0], PageSlot("Topic II", LITHOS))),
    "one more slot": with_meeting(slots=(*MEETING.slots, PageSlot("Topic III", LITHOS))),
    "no open slot": with_meeting(slots=MEETING.slots[:1]),
    "cancelled": with_meeting(cancelled=True),
    "a link of the meeting": with_meeting(links=(VIDEO,)),
    "a new meeting": PAGE._replace(meetings=(PageMeeting(date(2026, 1, 27)), *PAGE.meetings)),
}
DROPS = {
    "no talk": (with_talk(None), "13 January 2026, Topic I: “REFRAG” is not on the page any more."),
    "another talk": (
        with_talk(LITHOS),
        "13 January 2026, Topic I: “LithOS” is on the page, “REFRAG” is in the schedule.",
    ),
    "no slot": (
        with_meeting(slots=()),
        "13 January 2026, Topic I: “REFRAG” is not on the page any more.",
    ),
    "no meeting": (
        PAGE._replace(meetings=PAGE.meetings[:1]),
        "13 January 2026 is not on the page any more.",
    ),
}


@pytest.mark.parametrize("page", CHANGES.values(), ids=CHANGES)
def test_what_only_the_page_says_is_taken(page: Page) -> None:
    merged = merge(PAGE, page, PAGE)

    assert (merged.page, merged.clashes, merged.moves) == (page, (), ())


@pytest.mark.parametrize("schedule", CHANGES.values(), ids=CHANGES)
def test_what_only_the_schedule_says_stays(schedule: Page) -> None:
    assert merge(PAGE, PAGE, schedule).page == schedule


@pytest.mark.parametrize(("page", "told"), DROPS.values(), ids=DROPS)
def test_a_page_alone_drops_no_talk(page: Page, told: str) -> None:
    merged = merge(PAGE, page, PAGE)

    assert (merged.clashes, merged.takable) == ((told,), True)
    assert merged.page.meetings[1].slots[0] == MEETING.slots[0]
    assert not merged.page.meetings[1].cancelled


def test_what_a_page_drops_goes_where_it_is_to_win() -> None:
    assert merge(PAGE, with_talk(None), PAGE, page_wins=True).page == with_talk(None)
    assert merge(PAGE, with_talk(LITHOS), PAGE, page_wins=True).page == with_talk(LITHOS)
    gone = PAGE._replace(meetings=PAGE.meetings[:1])
    # A meeting is never forgotten: members may count on it.
    assert merge(PAGE, gone, PAGE, page_wins=True).page == with_meeting(cancelled=True)


CLASHES = {
    "a text": (
        PAGE._replace(requirements=""),
        PAGE._replace(requirements="An hour,\nat most."),
        "The requirements: nothing on the page, “An hour, at most.” in the schedule.",
    ),
    "another text": (
        PAGE._replace(other_information="w" * 60),
        PAGE._replace(other_information="w" * 58 + " wide"),
        f"The other information: “{'w' * 60}” on the page, “{'w' * 58}…” in the schedule.",
    ),
    "a long text": (
        PAGE._replace(requirements="p" * 61),
        PAGE._replace(requirements="s" * 61),
        f"The requirements: “{'p' * 59}…” on the page, “{'s' * 59}…” in the schedule.",
    ),
    "what a meeting is": (
        with_meeting(kind=MeetingKind.SPECIAL, title="Rehearsal"),
        with_meeting(kind=MeetingKind.SPECIAL),
        ("13 January 2026, kind and title: “Rehearsal” on the page, “special” in the schedule."),
    ),
    "a meeting that is no more": (
        with_meeting(title="Rehearsal"),
        PAGE._replace(meetings=PAGE.meetings[:1]),
        "13 January 2026 was changed on the page, and is not in the schedule.",
    ),
    "how many talks": (
        with_meeting(slots=(*MEETING.slots, PageSlot())),
        with_meeting(slots=MEETING.slots[:1]),
        "13 January 2026 has 3 talks on the page, 1 in the schedule.",
    ),
    "a slot that is no more": (
        with_meeting(slots=(MEETING.slots[0], PageSlot("Posters"))),
        with_meeting(slots=MEETING.slots[:1]),
        "13 January 2026, Posters was changed on the page, and is not in the schedule.",
    ),
    "a slot that the page has no more": (
        with_meeting(slots=MEETING.slots[:1]),
        with_meeting(slots=(MEETING.slots[0], PageSlot(None, LITHOS))),
        "13 January 2026, slot 2: “LithOS” is not on the page any more.",
    ),
    "a heading": (
        with_meeting(slots=(MEETING.slots[0], PageSlot("Posters"))),
        with_meeting(slots=(MEETING.slots[0], PageSlot("Paper"))),
        "13 January 2026, Paper, heading: “Posters” on the page, “Paper” in the schedule.",
    ),
    "an open slot": (
        with_meeting(slots=(MEETING.slots[0], PageSlot("Topic II", LITHOS))),
        with_meeting(slots=(MEETING.slots[0], PageSlot("Topic II", REFRAG))),
        "13 January 2026, Topic II: “LithOS” is on the page, “REFRAG” is in the schedule.",
    ),
    "a talk that was given back": (
        with_talk(title="REFRAG 2"),
        with_talk(None),
        "13 January 2026, Topic I: “REFRAG 2” is on the page, nothing is in the schedule.",
    ),
    "a talk of nobody": (
        with_talk(LITHOS),
        with_talk(presenters=()),
        "13 January 2026, Topic I: “LithOS” is on the page, “REFRAG” is in the schedule.",
    ),
    "a link of the paper": (
        with_talk(url="https://x.example/2"),
        with_talk(url=None),
        (
            "13 January 2026, Topic I, link of the paper: “https://x.example/2” on the page,"
            " nothing in the schedule."
        ),
    ),
    "who presents": (
        with_talk(presenters=(ANN._replace(affiliation="USTC"), BO)),
        with_talk(presenters=(BO,)),
        "13 January 2026, Topic I, presenters: “Ann (USTC), Bo” on the page, “Bo” in the schedule.",
    ),
    "what a link of a talk is called": (
        with_talk(links=(SLIDES, CODE._replace(label="Artifact"))),
        with_talk(links=(SLIDES, CODE)),
        (
            "13 January 2026, Topic I, name of https://c.example/1: “Artifact” on the page,"
            " “Code” in the schedule."
        ),
    ),
    "what a link of a meeting is called": (
        with_meeting(links=(CODE._replace(label="Artifact"),)),
        with_meeting(links=(CODE,)),
        (
            "13 January 2026, name of https://c.example/1: “Artifact” on the page,"
            " “Code” in the schedule."
        ),
    ),
}


@pytest.mark.parametrize(("page", "schedule", "told"), CLASHES.values(), ids=CLASHES)
def test_a_fact_that_both_sides_changed_is_told_and_the_schedule_is_right(
    page: Page, schedule: Page, told: str
) -> None:
    merged = merge(PAGE, page, schedule)

    assert merged.clashes == (told,)
    assert merged.page == schedule


def test_facts_that_both_sides_changed_are_told() -> None:
    page = with_talk(title="On the page", presenters=(BO,))
    schedule = with_talk(title="In the schedule", presenters=(ANN, BO))

    merged = merge(PAGE, page, schedule)

    assert merged.page == schedule
    assert merged.clashes == (
        (
            "13 January 2026, Topic I, title: “On the page” on the page, “In the schedule” in the"
            " schedule."
        ),
        "13 January 2026, Topic I, presenters: “Bo” on the page, “Ann, Bo” in the schedule.",
    )
    assert merge(PAGE, page, schedule, page_wins=True).page == page


def test_one_fact_that_both_changed_does_not_hide_another() -> None:
    page = with_talk(venue="OSDI", year=2026, links=(SLIDES, VIDEO))
    schedule = with_talk(venue="SOSP", year=2025)

    merged = merge(PAGE, page, schedule)

    assert merged.page == with_talk(venue="SOSP", year=2025, links=(SLIDES, VIDEO))
    assert merged.clashes == (
        "13 January 2026, Topic I, venue: “OSDI'26” on the page, “SOSP'25” in the schedule.",
    )


def test_links_that_came_on_both_sides_are_all_kept() -> None:
    other = PageLink(LinkKind.SUMMARY, "https://s.example/1")

    merged = merge(PAGE, with_talk(links=(VIDEO,)), with_talk(links=(SLIDES, other)))

    assert merged.page == with_talk(links=(other, VIDEO))
    assert merged.clashes == ()


def test_a_meeting_that_was_cancelled_in_the_chat_stays_so_whatever_the_page_adds() -> None:
    page = with_meeting(title="Rehearsal")

    merged = merge(PAGE, page, with_meeting(cancelled=True))

    assert merged.page == with_meeting(title="Rehearsal", cancelled=True)


def test_a_link_is_called_as_the_side_says_that_renamed_it() -> None:
    base, renamed = with_talk(links=(CODE,)), with_talk(links=(CODE._replace(label="Artifact"),))

    for page, schedule in ((renamed, base), (base, renamed)):
        merged = merge(base, page, schedule)
        assert (merged.page, merged.clashes) == (renamed, ())


def test_a_paper_that_is_only_spelt_otherwise_is_the_same_talk() -> None:
    base = with_talk(url=None)
    page = with_talk(url=None, title="REFRAG!", presenters=(BO,))

    assert merge(base, page, base).page == page
    assert merge(base, page, base).clashes == ()


def test_how_many_talks_there_are_is_as_the_page_says_where_it_is_to_win() -> None:
    page = with_meeting(slots=(*MEETING.slots, PageSlot()))

    merged = merge(PAGE, page, with_meeting(slots=MEETING.slots[:1]), page_wins=True)

    assert merged.page == page


def test_two_meetings_that_moved_are_told_by_their_talks() -> None:
    other = PageMeeting(LATER, (PageSlot("Topic I", LITHOS), PageSlot("Topic II")))
    base = PAGE._replace(meetings=(other, MEETING))
    week = timedelta(days=7)
    page = PAGE._replace(
        meetings=tuple(one._replace(date=one.date + 3 * week) for one in base.meetings)
    )

    merged = merge(base, page, base)

    assert (merged.page, merged.clashes) == (page, ())
    assert set(merged.moves) == {Move(day, day + 3 * week) for day in (DAY, LATER)}


def test_a_meeting_under_another_date_has_moved_and_keeps_what_the_chat_did() -> None:
    to = date(2026, 1, 15)
    page = PAGE._replace(meetings=(PAGE.meetings[0], MEETING._replace(date=to)))
    claimed = with_meeting(slots=(MEETING.slots[0], PageSlot("Topic II", LITHOS)))

    merged = merge(PAGE, page, claimed)

    assert (merged.moves, merged.clashes) == ((Move(DAY, to),), ())
    assert merged.page.meetings[1] == claimed.meetings[1]._replace(date=to)


def test_a_meeting_that_moved_on_the_page_may_be_edited_there_as_well() -> None:
    to = date(2026, 1, 15)
    edited = with_talk(presenters=(ANN, BO)).meetings[1]
    page = PAGE._replace(meetings=(PAGE.meetings[0], edited._replace(date=to)))

    merged = merge(PAGE, page, PAGE)

    assert (merged.page, merged.moves, merged.clashes) == (page, (Move(DAY, to),), ())


def _moved(page: Page, day: int) -> Page:
    """With the second meeting on this day of January 2026."""
    first, second = page.meetings
    return page._replace(meetings=(first, second._replace(date=date(2026, 1, day))))


def test_a_meeting_that_both_sides_moved_is_told() -> None:
    page, schedule = _moved(PAGE, 15), _moved(PAGE, 16)

    merged = merge(PAGE, page, schedule)
    wins = merge(PAGE, page, schedule, page_wins=True)

    assert (merged.page, merged.moves) == (schedule, ())
    assert (wins.page, wins.moves) == (page, (Move(date(2026, 1, 16), date(2026, 1, 15)),))
    assert merged.clashes == wins.clashes == (
        "13 January 2026 is on 15 January 2026 on the page, on 16 January 2026 in the schedule.",
    )  # fmt: skip


def test_a_meeting_that_both_sides_moved_to_one_day_is_there() -> None:
    merged = merge(PAGE, _moved(PAGE, 15), _moved(PAGE, 15))

    assert (merged.page, merged.moves, merged.clashes) == (_moved(PAGE, 15), (), ())


def test_what_the_page_says_of_a_meeting_goes_with_it_where_the_chat_moved_it() -> None:
    edited = with_talk(title="REFRAG: Rethinking RAG", presenters=(ANN, BO))

    merged = merge(PAGE, edited, _moved(PAGE, 15))

    again = merge(PAGE, edited, merged.page)

    for one in (merged, again):
        assert (one.page, one.moves, one.clashes) == (_moved(edited, 15), (), ())


def test_a_new_date_that_may_be_of_either_of_two_meetings_is_of_none() -> None:
    first, second = PAGE.meetings[0]._replace(slots=()), MEETING
    base = PAGE._replace(meetings=(first, second))
    page = PAGE._replace(meetings=(first._replace(title="Posters"), second._replace(slots=())))
    schedule = PAGE._replace(meetings=(PageMeeting(date(2026, 1, 15)),))

    assert merge(base, page, schedule).clashes == (
        "20 January 2026 was changed on the page, and is not in the schedule.",
        "13 January 2026 was changed on the page, and is not in the schedule.",
    )


def test_a_meeting_that_the_chat_moved_and_the_page_dropped_is_told() -> None:
    gone, schedule = PAGE._replace(meetings=PAGE.meetings[:1]), _moved(PAGE, 15)

    merged = merge(PAGE, gone, schedule)

    assert merged.page == schedule
    assert merged.clashes == ("15 January 2026 is not on the page any more.",)


def test_a_moved_meeting_that_is_gone_from_the_schedule_is_told() -> None:
    claimed = _moved(with_meeting(slots=(MEETING.slots[0], PageSlot("Topic II", LITHOS))), 16)

    assert merge(PAGE, _moved(PAGE, 15), claimed).clashes == (
        "13 January 2026 is on 15 January 2026 on the page, and is not in the schedule.",
    )


def test_clashes_are_told_from_the_newest_meeting_on() -> None:
    later = PageMeeting(LATER, (PageSlot("Topic I", LITHOS),))
    base = PAGE._replace(meetings=(later, MEETING))
    page = PAGE._replace(meetings=tuple(one._replace(slots=()) for one in base.meetings))

    assert merge(base, page, base).clashes == (
        "20 January 2026, Topic I: “LithOS” is not on the page any more.",
        "13 January 2026, Topic I: “REFRAG” is not on the page any more.",
    )


@pytest.mark.parametrize(
    ("page", "told"),
    [
        (
            PAGE._replace(title="2026 Fall"),
            "The title is “2026 Fall” on the page, “2025 Fall” here.",
        ),
        (PAGE._replace(title=""), "The title is “” on the page, “2025 Fall” here."),
        (PAGE._replace(meetings=()), "The page has no meetings any more."),
    ],
)
def test_a_page_that_is_another_or_empty_cannot_win(page: Page, told: str) -> None:
    merged = merge(PAGE, page, PAGE, page_wins=True)

    assert (merged.page, merged.takable, merged.clashes) == (PAGE, False, (told,))


_TALKS = st.builds(
    PageTalk,
    st.sampled_from(["A", "B", "C"]),
    st.sampled_from([None, "SOSP"]),
    st.none(),
    st.sampled_from([None, "https://x.example/1"]),
    st.sampled_from([(), (ANN,), (BO,), (ANN, BO)]),
    st.sampled_from([(), (SLIDES,), (VIDEO,), (SLIDES, VIDEO)]),
)
_SLOTS = st.builds(PageSlot, st.sampled_from([None, "Topic I"]), st.none() | _TALKS)
_DAYS = st.integers(0, 3).map(lambda days: DAY + timedelta(days=days))


@st.composite
def _pages(draw: st.DrawFn) -> Page:
    days = sorted(draw(st.sets(_DAYS, min_size=1)), reverse=True)
    meetings = tuple(
        PageMeeting(day, tuple(draw(st.lists(_SLOTS, max_size=2))), cancelled=draw(st.booleans()))
        for day in days
    )
    return Page("2025 Fall", draw(st.sampled_from(["", "x", "y"])), "", meetings)


@given(_pages(), _pages())
def test_without_an_edit_the_schedule_is_right_and_the_same_edit_twice_is_one(
    base: Page, other: Page
) -> None:
    assert merge(base, base, other).page == other
    both = merge(base, other, other)
    assert (both.page, both.clashes) == (other, ())


@given(_pages(), _pages(), _pages())
def test_what_was_read_back_once_is_read_back_no_second_time(
    base: Page, page: Page, schedule: Page
) -> None:
    merged = merge(base, page, schedule)
    if not merged.clashes and not merged.moves:
        again = merge(base, page, merged.page)
        assert (again.page, again.clashes) == (merged.page, ())


@given(_pages(), _pages(), _pages())
def test_a_clash_is_seen_whoever_is_to_win_and_the_schedule_keeps_its_talks(
    base: Page, page: Page, schedule: Page
) -> None:
    merged = merge(base, page, schedule)
    wins = merge(base, page, schedule, page_wins=True)
    assert bool(merged.clashes) == bool(wins.clashes)

    def talks(one: Page) -> int:
        return sum(slot.talk is not None for meeting in one.meetings for slot in meeting.slots)

    assert talks(merged.page) >= talks(schedule)
