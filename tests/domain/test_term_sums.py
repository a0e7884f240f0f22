"""What a term comes to."""

from datetime import UTC, date, datetime, timedelta

from bot.domain.term_sums import summed_up
from bot.domain.views import LinkView, MeetingView, PresenterView, SlotView, TalkView
from storage.enums import LinkKind, MeetingKind, MeetingStatus, Role

VIDEO = LinkView(LinkKind.VIDEO, "https://video.example/1", None)


def _talk(person: int, venue: str | None = "SOSP", *links: LinkView) -> TalkView:
    main = PresenterView(person, f"Person {person}", Role.MAIN, None, None)
    helper = PresenterView(99, "Helper", Role.SUPPORTER, None, None)
    return TalkView(person, "X", venue, 2025, None, (main, helper), links)


def _meeting(day: int, *talks: TalkView | None, begun: bool = True) -> MeetingView:
    begins = datetime(2026, 1, day, 11, tzinfo=UTC)
    slots = tuple(SlotView(day * 10 + n, n, None, talk) for n, talk in enumerate(talks, 1))
    status = MeetingStatus.HELD if begun else MeetingStatus.PLANNED
    ends = begins + timedelta(hours=2)
    kind = MeetingKind.REGULAR
    return MeetingView(
        day, date(2026, 1, day), begins, ends, kind, status, None, 1, slots, (), begun
    )


def test_a_term_that_is_on() -> None:
    held = _meeting(6, _talk(1, "SOSP", VIDEO), _talk(2))
    coming = _meeting(13, _talk(1), None, begun=False)
    off = _meeting(20, None, begun=False)._replace(status=MeetingStatus.CANCELLED)
    found = summed_up((off, coming, held))
    assert (found.held, found.coming, found.cancelled) == (1, 1, 1)
    assert (found.next, found.open_slots) == (coming, 1)
    assert (found.talks, found.videos, found.missing) == (2, 1, (held,))


def test_a_meeting_that_was_added_last_may_be_the_first() -> None:
    later, sooner = (_meeting(day, _talk(day))._replace(id=20 - day) for day in (13, 6))
    assert summed_up((later, sooner)).missing == (sooner, later)
    last, first = (_meeting(day, begun=False)._replace(id=50 - day) for day in (27, 20))
    assert summed_up((last, first)).next == first


def test_a_video_of_the_whole_meeting_is_one_of_each_talk() -> None:
    held = _meeting(6, _talk(1), _talk(2))._replace(links=(VIDEO,))
    found = summed_up((held,))
    assert (found.videos, found.missing) == (2, ())


def test_a_meeting_that_is_on_now_is_no_more_to_come() -> None:
    now = _meeting(6, _talk(1))._replace(status=MeetingStatus.PLANNED)
    found = summed_up((now,))
    assert (found.held, found.coming, found.next) == (1, 0, None)


def test_who_presented_most_and_what_from_the_most_first() -> None:
    people = (1, 1, 1, 2, 2, 3, 3, 4, 4, 5)
    talks = [_talk(person, "arXiv" if person == 1 else "SOSP") for person in people]
    found = summed_up((_meeting(6, *talks, _talk(6, None)),))
    # Supporters do not count, a single talk is nothing special, and a tie is told whole.
    assert found.presenters == (
        ("Person 1", 3),
        ("Person 2", 2),
        ("Person 3", 2),
        ("Person 4", 2),
    )
    assert found.venues == (("SOSP", 7), ("arXiv", 3))


def test_three_are_named_with_those_who_have_as_many_and_nobody_for_one_talk() -> None:
    people = [person for person, many in enumerate((5, 4, 3, 3, 2), 1) for _ in range(many)]
    found = summed_up((_meeting(6, *map(_talk, people)),))
    assert [many for _, many in found.presenters] == [5, 4, 3, 3]
    assert summed_up((_meeting(6, _talk(1)),)).presenters == ()
    assert len(summed_up((_meeting(6, *map(_talk, [*range(9), *range(9)])),)).presenters) == 8


def test_equals_are_told_by_their_names() -> None:
    talks = [_talk(person, venue) for person, venue in ((1, "SOSP"), (2, "arXiv"), (3, "ATC"))]
    named = [
        talk._replace(presenters=(talk.presenters[0]._replace(name=name),))
        for talk, name in zip(talks, ("Cy", "ann", "Bo"), strict=True)
    ]
    found = summed_up((_meeting(6, *named, *named),))
    assert found.presenters == (("ann", 2), ("Bo", 2), ("Cy", 2))
    assert found.venues == (("arXiv", 2), ("ATC", 2), ("SOSP", 2))


def test_a_term_without_meetings() -> None:
    found = summed_up(())
    assert (found.held, found.coming, found.talks, found.presenters) == (0, 0, 0, ())
