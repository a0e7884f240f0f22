"""Supporters, swaps and handing over, on both databases."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.clock import MovableClock
from bot.domain.views import Actor
from bot.errors import DomainError, Refusal
from bot.services import decisions, handovers, releases, requests, supporters, swaps
from bot.services.slots import contents
from storage.enums import DeliveryKind, LinkKind, MeetingStatus, RequestState, Role
from storage.models import Delivery, Meeting, Member, Presenter, Slot, Talk, Term
from storage.store import Store
from tests.factories import (
    make_actor,
    make_group,
    make_meeting,
    make_member,
    make_offer,
    make_presenter,
    make_slot,
    make_talk,
)
from tests.services.presenters_scene import Scene, id_of

PEOPLE = ("Ann", "Bo", "Cy")


def refusal(do: Callable[[], object]) -> Refusal:
    with pytest.raises(DomainError) as caught:
        do()
    return caught.value.code


def roles(session: Session, slot_id: int) -> list[tuple[str, Role]]:
    rows = session.execute(
        select(Member.name, Presenter.role)
        .join(Member, Member.id == Presenter.member_id)
        .join(Talk, Talk.id == Presenter.talk_id)
        .where(Talk.slot_id == slot_id)
        .order_by(Presenter.role, Presenter.position)
    )
    return [(name, role) for name, role in rows]


def test_supporters_join_once_and_up_to_the_groups_maximum(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        on = Scene(session, max_supporters=1)
        now = clock.now()
        supporters.support(session, on.cy, on.first, now)
        again = supporters.support(session, on.cy, on.first, now)
        assert [person.name for person in again.talk.supporters] == ["Cy"]
        refused = {
            "full": refusal(lambda: supporters.support(session, on.bo, on.first, now)),
            "own": refusal(lambda: supporters.support(session, on.ann, on.first, now)),
            "open": refusal(lambda: supporters.support(session, on.cy, on.open.id, now)),
            "old": refusal(lambda: supporters.support(session, on.cy, on.second, now, 999)),
        }
        assert refused == {
            "full": Refusal.ENOUGH_SUPPORTERS,
            "own": Refusal.SLOT_IS_YOURS,
            "open": Refusal.OPEN_ALREADY,
            "old": Refusal.OLD_BUTTON,
        }


def test_roles_are_changed_by_the_main_presenter_or_an_organizer(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        on, now = Scene(session), clock.now()
        supporters.support(session, on.cy, on.first, now)
        no = refusal(lambda: supporters.promote(session, on.cy, on.first, id_of(on.cy), now))
        assert no is Refusal.NOT_YOUR_TALK
        none = refusal(lambda: supporters.promote(session, on.ann, on.first, id_of(on.bo), now))
        assert none is Refusal.NO_SUPPORTER
        supporters.promote(session, on.ann, on.first, id_of(on.cy), now)
        assert roles(session, on.first) == [("Cy", Role.MAIN), ("Ann", Role.SUPPORTER)]
        chief = make_actor(session, on.group, "Chief", organizer=True)
        supporters.remove(session, chief, on.first, id_of(on.ann), now)
        assert roles(session, on.first) == [("Cy", Role.MAIN)]


def test_a_supporter_leaves_by_themselves_and_nobody_else_sends_them(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        on, now = Scene(session), clock.now()
        supporters.support(session, on.cy, on.first, now)
        no = refusal(lambda: supporters.remove(session, on.bo, on.first, id_of(on.cy), now))
        assert no is Refusal.NOT_YOUR_TALK
        for _ in range(2):
            left = supporters.remove(session, on.cy, on.first, id_of(on.cy), now)
            assert left.talk.supporters == ()


def test_a_main_presenter_is_not_removed_as_a_supporter(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        on, now = Scene(session), clock.now()
        left = supporters.remove(session, on.ann, on.first, id_of(on.ann), now)
        assert left.talk.main is not None


def test_a_swap_moves_both_talks_with_all_that_hangs_on_them(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        on, now = Scene(session), clock.now()
        supporters.support(session, on.cy, on.first, now)
        before = contents(session, (on.first, on.second))
        asked = swaps.ask(session, on.ann, on.first, on.second, now, in_group=True)
        assert contents(session, (on.first, on.second)) == before
        decisions.agree(session, on.bo, asked.id, now)
        after = contents(session, (on.first, on.second))
        assert after == {
            str(on.first): before[str(on.second)],
            str(on.second): before[str(on.first)],
        }
        assert session.scalar(select(func.count(Talk.id))) == 2


def test_only_the_other_side_agrees_to_a_swap_and_only_once(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        on, now = Scene(session), clock.now()
        asked = swaps.ask(session, on.ann, on.first, on.second, now, in_group=True)
        chief = make_actor(session, on.group, "Chief", organizer=True)
        for who in (on.ann, on.cy, chief):
            no = refusal(partial(decisions.agree, session, who, asked.id, now))
            assert no is Refusal.SOMEBODY_ELSES_BUTTON
        decisions.agree(session, on.bo, asked.id, now)
        again = refusal(lambda: decisions.agree(session, on.bo, asked.id, now))
        assert again is Refusal.REQUEST_SETTLED


def test_what_cannot_be_swapped_is_refused(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        on, now = Scene(session), clock.now()

        def asking(who: Actor, one: int, other: int) -> Refusal:
            return refusal(lambda: swaps.ask(session, who, one, other, now, in_group=True))

        nobody = make_member(session, on.group, name="Di", telegram_id=None)
        page = make_talk(session, make_slot(session, on.meetings[0]))
        make_presenter(session, page, nobody)
        refused = (
            asking(on.cy, on.first, on.second),
            asking(on.ann, on.first, on.open.id),
            asking(on.ann, on.first, on.first),
            asking(on.ann, on.first, page.slot_id),
            asking(on.ann, on.first, 999),
        )
        assert refused == (
            Refusal.NOT_YOUR_TALK,
            Refusal.SLOT_IS_FREE,
            Refusal.SLOT_IS_YOURS,
            Refusal.HAS_NO_ACCOUNT,
            Refusal.NO_SUCH_SLOT,
        )
        make_offer(session, on.open, session.get_one(Member, id_of(on.cy)))
        assert asking(on.ann, on.first, on.open.id) is Refusal.SLOT_HELD
        session.get_one(Meeting, on.meetings[1].id).status = MeetingStatus.CANCELLED
        session.flush()
        assert asking(on.ann, on.first, on.second) is Refusal.MEETING_CANCELLED


def test_a_swap_is_void_once_somebody_else_gives_one_of_the_talks(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        here, now = Scene(session), clock.now()
        asked = swaps.ask(session, here.ann, here.first, here.second, now, in_group=True)
        supporters.support(session, here.cy, here.first, now)
        supporters.promote(session, here.ann, here.first, id_of(here.cy), now)
        agree = partial(decisions.agree, session, here.bo, asked.id, now)
        assert refusal(agree) is Refusal.CHANGED_SINCE


@pytest.mark.parametrize("in_group", [True, False])
def test_what_stands_in_the_groups_chat_is_not_asked_in_private_as_well(
    sqlite_store: Store, clock: MovableClock, in_group: bool
) -> None:
    with sqlite_store.writing() as session:
        on, now = Scene(session), clock.now()
        session.get_one(Member, on.bo.member_id).reachable = True
        swaps.ask(session, on.ann, on.first, on.second, now, in_group=in_group)
        handovers.ask(session, on.ann, on.first, id_of(on.bo), now, in_group=in_group)
        told = session.scalars(select(Delivery.member_id)).all()
        assert told == ([] if in_group else [on.bo.member_id] * 2)


def test_a_question_asked_anew_replaces_the_one_before(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        on, now = Scene(session), clock.now()
        first = swaps.ask(session, on.ann, on.first, on.second, now, in_group=True)
        swaps.ask(session, on.ann, on.first, on.second, now, in_group=True)
        assert requests.by_id(session, on.group.id, first.id, now).state is RequestState.WITHDRAWN


def test_a_talk_that_is_handed_over_leaves_its_giver(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        on, now = Scene(session), clock.now()
        supporters.support(session, on.cy, on.first, now)
        asked = handovers.ask(session, on.ann, on.first, id_of(on.bo), now, in_group=True)
        decisions.agree(session, on.bo, asked.id, now)
        assert roles(session, on.first) == [("Bo", Role.MAIN), ("Cy", Role.SUPPORTER)]
        asked = handovers.ask(session, on.bo, on.first, id_of(on.cy), now, in_group=True)
        decisions.agree(session, on.cy, asked.id, now)
        assert roles(session, on.first) == [("Cy", Role.MAIN)]
        assert contents(session, [on.first])[str(on.first)] is not None
        kinds = [link[0] for link in (contents(session, [on.first])[str(on.first)] or {})["links"]]
        assert kinds == [LinkKind.SLIDES.value]


def test_a_talk_goes_to_no_stranger_and_to_nobody_without_an_account(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        on, now = Scene(session), clock.now()
        stranger = make_member(session, make_group(session))
        page = make_member(session, on.group, telegram_id=None)

        def asking(member_id: int) -> Refusal:
            return refusal(
                lambda: handovers.ask(session, on.ann, on.first, member_id, now, in_group=True)
            )

        assert asking(stranger.id) is Refusal.OLD_BUTTON
        assert asking(page.id) is Refusal.HAS_NO_ACCOUNT
        assert asking(id_of(on.ann)) is Refusal.SLOT_IS_YOURS


def test_nothing_is_agreed_to_after_the_meeting_has_begun(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        on = Scene(session)
        asked = handovers.ask(session, on.ann, on.first, id_of(on.bo), clock.now(), in_group=True)
        slot = session.get_one(Slot, on.first)
        clock.set(session.get_one(Meeting, slot.meeting_id).starts_at)
        no = refusal(lambda: decisions.agree(session, on.bo, asked.id, clock.now()))
        assert no is Refusal.REQUEST_SETTLED


def test_talks_are_offered_to_whom_they_can_be_of_use(store: Store, clock: MovableClock) -> None:
    """To who would support one, and to who would swap for one: soonest first."""
    with store.writing() as session:
        on, now = Scene(session, max_supporters=1), clock.now()
        cancelled = make_meeting(
            session, session.get_one(Term, on.meetings[0].term_id), date=date(2026, 1, 27),
            status=MeetingStatus.CANCELLED,
        )  # fmt: skip
        held = make_meeting(
            session, session.get_one(Term, on.meetings[0].term_id), date=date(2026, 1, 6)
        )
        for meeting in (cancelled, held):
            talk = make_talk(session, make_slot(session, meeting))
            make_presenter(session, talk, session.get_one(Member, on.bo.member_id))

        def offered(who: Actor) -> tuple[list[int], list[int]]:
            """The slots that they can support in, and that they can swap for."""
            there = (supporters.supportable(session, who, now), swaps.others(session, who, now))
            return [one.slot.id for one in there[0]], [one.slot.id for one in there[1]]

        assert offered(on.cy) == ([on.first, on.second], [on.first, on.second])
        assert offered(on.ann) == ([on.second], [on.second])
        supporters.support(session, on.cy, on.first, now)
        assert offered(on.cy) == ([on.second], [on.first, on.second])
        assert offered(on.bo) == ([], [on.first])
        session.get_one(Member, on.bo.member_id).telegram_id = None
        assert offered(on.ann) == ([on.second], [])


def test_who_helps_with_two_talks_becomes_the_main_presenter_of_one(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        on, now = Scene(session), clock.now()
        for slot_id in (on.first, on.second):
            supporters.support(session, on.cy, slot_id, now)
        supporters.promote(session, on.ann, on.first, id_of(on.cy), now)
        assert roles(session, on.first) == [("Cy", Role.MAIN), ("Ann", Role.SUPPORTER)]
        assert roles(session, on.second) == [("Bo", Role.MAIN), ("Cy", Role.SUPPORTER)]


@pytest.mark.parametrize(
    ("days", "until"), [((13, 20), 13), ((20, 13), 13), ((17, 18), 16), ((18, 17), 16)]
)
def test_a_question_about_two_talks_stands_a_week_or_until_the_first_of_them(
    sqlite_store: Store, clock: MovableClock, days: tuple[int, int], until: int
) -> None:
    with sqlite_store.writing() as session:
        on, now = Scene(session), clock.now()
        for meeting, day in zip(on.meetings, days, strict=True):
            begins = now.replace(day=day)
            meeting.starts_at, meeting.ends_at = begins, begins + timedelta(hours=2)
        session.flush()
        asked = swaps.ask(session, on.ann, on.first, on.second, now, in_group=True)
        assert asked.expires_at == now.replace(day=until)


def test_a_supporter_stands_behind_the_others_with_their_affiliation(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        on = Scene(session)
        for who, affiliation in ((on.cy, "USTC"), (on.bo, None)):
            session.get_one(Member, who.member_id).affiliation = affiliation
            supporters.support(session, who, on.first, clock.now())
        rows = session.execute(
            select(Presenter.member_id, Presenter.position, Presenter.affiliation)
            .join(Talk, Talk.id == Presenter.talk_id)
            .where(Talk.slot_id == on.first)
            .order_by(Presenter.position)
        ).all()
        assert [tuple(row) for row in rows] == [
            (on.ann.member_id, rows[0].position, None),
            (on.cy.member_id, rows[0].position + 1, "USTC"),
            (on.bo.member_id, rows[0].position + 2, None),
        ]
        asked = handovers.ask(session, on.ann, on.first, id_of(on.bo), clock.now(), in_group=True)
        decisions.agree(session, on.bo, asked.id, clock.now())
        assert set(roles(session, on.first)) == {("Bo", Role.MAIN), ("Cy", Role.SUPPORTER)}
        assert roles(session, on.second) == [("Bo", Role.MAIN)]


def _told(session: Session) -> list[int | None]:
    """Who hears of a change in private."""
    told = select(Delivery.member_id).where(Delivery.kind == DeliveryKind.CHANGE)
    return list(session.scalars(told.order_by(Delivery.id)))


@pytest.mark.parametrize("change", ["swap", "release", "let go", "main", "by an organizer"])
def test_who_supports_a_talk_hears_what_becomes_of_it_and_who_made_that_does_not(
    store: Store, clock: MovableClock, change: str
) -> None:
    with store.writing() as session:
        on, now = Scene(session), clock.now()
        for one in (on.ann, on.bo, on.cy):
            session.get_one(Member, id_of(one)).reachable = True
        supporters.support(session, on.cy, on.first, now)
        assert _told(session) == []
        heard = [on.cy.member_id]
        if change == "swap":
            asked = swaps.ask(session, on.ann, on.first, on.second, now, in_group=True)
            decisions.agree(session, on.bo, asked.id, now)
        elif change == "release":
            releases.release(session, on.ann, on.first, now)
        elif change == "let go":
            supporters.remove(session, on.ann, on.first, id_of(on.cy), now)
        elif change == "main":
            supporters.promote(session, on.ann, on.first, id_of(on.cy), now)
        else:
            chief = make_actor(session, on.group, "Chief", organizer=True)
            supporters.promote(session, chief, on.first, id_of(on.cy), now)
            heard = [on.ann.member_id, on.cy.member_id]
        assert _told(session) == heard


def test_asking_again_takes_the_place_of_the_question_about_that_slot(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        on = Scene(session)
        now = clock.now()
        ask = partial(handovers.ask, session, now=now, in_group=True)
        first = ask(on.ann, on.first, id_of(on.bo))
        of_bo = ask(on.bo, on.second, id_of(on.ann))
        swap = swaps.ask(session, on.ann, on.first, on.second, now, in_group=True)
        again = ask(on.ann, on.first, id_of(on.cy))
        states = [
            requests.by_id(session, on.group.id, one.id, now).state
            for one in (first, of_bo, swap, again)
        ]
        assert states == [RequestState.WITHDRAWN, *[RequestState.OPEN] * 3]
