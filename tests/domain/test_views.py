"""What a meeting and a talk know of themselves."""

from datetime import date, timedelta

import pytest

from bot.domain.views import FoundTalk, MemberView, OfferView
from storage.enums import LinkKind, MeetingStatus, OfferKind, Role
from tests.publish.archives import archive, link, meeting, slot, talk

VIDEO, SLIDES = link("https://v.example/1"), link("./slides/1.pdf", LinkKind.SLIDES)
# The helper numbers presenters from 0: Ann is 0, Bo is 1.
REFRAG = talk(1, "REFRAG", "Ann", "Bo", links=(VIDEO,))
LITHOS = talk(2, "LithOS", links=(SLIDES,))
MEETING = meeting(date(2026, 1, 13), slot(REFRAG), slot(LITHOS), slot())


def test_a_talk_is_given_by_its_main_presenter_and_has_its_supporters() -> None:
    assert REFRAG.main is REFRAG.presenters[0]
    assert REFRAG.supporters == REFRAG.presenters[1:]
    assert [REFRAG.is_given_by(who) for who in (0, 1, 2, None)] == [True, False, False, False]
    assert [REFRAG.has_presenter(who) for who in (0, 1, 2, None)] == [True, True, False, False]
    assert (LITHOS.main, LITHOS.is_given_by(None)) == (None, False)


def test_a_meeting_finds_the_talks_of_a_member_first_those_that_they_give() -> None:
    assert MEETING.presenters == REFRAG.presenters
    assert [MEETING.talks_of(who) for who in (0, 1, 2, None)] == [(REFRAG,), (REFRAG,), (), ()]
    own = LITHOS._replace(presenters=(REFRAG.presenters[1]._replace(role=Role.MAIN),))
    both = meeting(date(2026, 1, 13), slot(REFRAG), slot(own))
    assert [both.talks_of(who) for who in (0, 1)] == [(REFRAG,), (own, REFRAG)]


def test_a_talk_lacks_a_link_that_neither_it_nor_its_meeting_has() -> None:
    assert MEETING.lacking(LinkKind.VIDEO) == (LITHOS,)
    assert MEETING.lacking(LinkKind.SUMMARY) == (REFRAG, LITHOS)
    assert MEETING._replace(links=(VIDEO,)).lacking(LinkKind.VIDEO) == ()
    assert MEETING._replace(links=(SLIDES,)).lacking(LinkKind.VIDEO) == (LITHOS,)


def test_a_slot_is_known_by_its_number() -> None:
    second = MEETING.slots[1]._replace(position=2)
    numbered = MEETING._replace(slots=(MEETING.slots[0]._replace(position=1), second))

    assert numbered.slot_at(2) is second
    assert [numbered.slot_at(number) for number in (0, 3, None)] == [None, None, None]


def test_a_slot_can_be_claimed_while_it_is_open_held_for_nobody_and_its_meeting_to_come() -> None:
    offer = OfferView(1, OfferKind.WAITING, MemberView(9, "Cy", None), MEETING.starts_at)
    held = slot()._replace(held=offer)
    with_offer = MEETING._replace(slots=(*MEETING.slots, held))

    assert with_offer.open_slots == MEETING.slots[2:]
    assert MEETING._replace(begun=True).open_slots == ()
    assert MEETING._replace(status=MeetingStatus.CANCELLED).open_slots == ()


def test_a_found_talk_is_to_come_until_its_meeting_begins_or_is_cancelled() -> None:
    found = FoundTalk(MEETING, MEETING.slots[0])
    off = FoundTalk(MEETING._replace(status=MeetingStatus.CANCELLED), MEETING.slots[0])
    before = MEETING.starts_at - timedelta(seconds=1)

    assert found.is_coming(before)
    assert not found.is_coming(MEETING.starts_at)
    assert not off.is_coming(before)


def test_a_slot_that_is_filled_is_so_in_its_meeting_and_held_for_nobody() -> None:
    offer = OfferView(1, OfferKind.WAITING, MemberView(9, "Cy", None), MEETING.starts_at)
    held = MEETING.slots[2]._replace(held=offer)
    before = MEETING._replace(slots=(*MEETING.slots[:2], held))

    filled = FoundTalk(before, held).filled(REFRAG)

    slot_now = held._replace(talk=REFRAG, held=None)
    assert filled == FoundTalk(before._replace(slots=(*MEETING.slots[:2], slot_now)), slot_now)


def test_an_open_slot_has_no_talk() -> None:
    assert FoundTalk(MEETING, MEETING.slots[0]).talk == REFRAG
    with pytest.raises(ValueError, match="no talk"):
        _ = FoundTalk(MEETING, MEETING.slots[2]).talk


def test_a_group_has_its_zone_and_how_long_it_meets() -> None:
    group = archive().group
    assert (group.zone.key, group.duration) == ("Asia/Shanghai", timedelta(hours=2))
