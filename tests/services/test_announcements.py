"""The ledger's own rules: what is planned, who may settle what, and how it is looked up."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.clock import MovableClock
from bot.domain.page import Page, PageMeeting
from bot.domain.views import Actor
from bot.errors import DomainError, Refusal
from bot.services import announcements, deliveries, groups, ledger, nags, owed, posts
from storage.enums import DeliveryState
from storage.models import Chat, Delivery, Group
from storage.store import Store
from tests import statements
from tests.delivery.desk import ANNOUNCED, BEGINS, CANCELLED, PAGE, RECALLED, Desk, Row, desk
from tests.factories import make_chat, make_delivery, make_group

MINUTE = timedelta(minutes=1)
ANNOUNCED_AND_RECALLED = [("announcement", "planned"), ("day_before", "planned")]


@pytest.fixture
def here(store: Store, clock: MovableClock) -> Desk:
    return desk(store, clock)


def delivery_in(here: Desk, state: DeliveryState) -> int:
    """The announcement, in this state."""
    with here.store.writing() as session:
        row = session.scalars(select(Delivery).order_by(Delivery.id).limit(1)).one()
        row.state = state
        return row.id


def dues(session: Session) -> list[tuple[str, object, object, object]]:
    return [
        (row.kind.value, row.due_at, row.try_at, row.expires_at)
        for row in session.scalars(select(Delivery).order_by(Delivery.id))
    ]


def test_an_import_plans_both_reminders(here: Desk) -> None:
    with here.store.reading() as session:
        assert dues(session) == [
            ("announcement", ANNOUNCED, ANNOUNCED, RECALLED),
            ("day_before", RECALLED, RECALLED, BEGINS),
        ]


def test_importing_again_plans_nothing_more(here: Desk) -> None:
    here.import_page(PAGE)

    assert here.states() == ANNOUNCED_AND_RECALLED


def test_what_was_sent_is_not_planned_again(here: Desk) -> None:
    delivery_in(here, DeliveryState.SENT)

    here.import_page(PAGE)

    assert here.states() == [("announcement", "sent"), ("day_before", "planned")]


def test_a_group_without_a_chat_is_owed_nothing_until_it_is_tied(here: Desk) -> None:
    clock = here.clock
    with here.store.writing() as session:
        session.query(Delivery).delete()
        session.query(Chat).delete()
        announcements.plan_group(session, groups.by_id(session, here.group_id), clock.now())
    assert here.rows() == []

    with here.store.writing() as session:
        make_chat(session, session.get_one(Group, here.group_id))
        announcements.plan_group(session, groups.by_id(session, here.group_id), clock.now())
    assert here.states() == ANNOUNCED_AND_RECALLED


def test_a_meeting_that_becomes_known_late_is_announced_at_once_and_is_not_late(
    here: Desk,
) -> None:
    here.clock.set(RECALLED + MINUTE)
    here.import_page(Page("2026 Spring", meetings=(PageMeeting(date(2026, 1, 14)),)))

    with here.store.reading() as session:
        assert dues(session)[2:] == [
            ("announcement", RECALLED + MINUTE, RECALLED + MINUTE, BEGINS),
            ("day_before", BEGINS, BEGINS, BEGINS + timedelta(days=1)),
        ]


def test_nothing_is_planned_that_is_of_no_more_use(here: Desk) -> None:
    here.clock.set(BEGINS)
    here.import_page(
        Page(
            "2026 Spring",
            meetings=(PageMeeting(date(2026, 1, 12)), PageMeeting(date(2026, 1, 14))),
        )
    )

    assert here.states()[2:] == [("day_before", "planned")]


def test_plan_group_looks_at_all_coming_meetings(here: Desk) -> None:
    with here.store.writing() as session:
        session.query(Delivery).delete()
        announcements.plan_group(session, groups.by_id(session, here.group_id), here.clock.now())

    assert here.states() == ANNOUNCED_AND_RECALLED


def test_a_cancelled_meeting_leaves_what_was_sent_as_it_is(here: Desk) -> None:
    delivery_in(here, DeliveryState.SENT)

    here.import_page(CANCELLED)

    assert here.rows() == [
        Row("announcement", "sent", None, 0),
        Row("day_before", "cancelled", ledger.CHANGED, 0),
    ]


def test_only_one_taker_gets_a_message(here: Desk) -> None:
    with here.store.writing() as session:
        first = owed.take(session, ANNOUNCED)
        second = owed.take(session, ANNOUNCED)

    assert first is not None
    assert (first.id, first.attempts, second) == (here.ids()[0], 1, None)


def test_what_is_due_longest_is_taken_first(here: Desk) -> None:
    with here.store.writing() as session:
        chat = make_chat(session, make_group(session))
        later = make_delivery(session, chat, due_at=ANNOUNCED + MINUTE).id
        sooner = make_delivery(session, chat, due_at=ANNOUNCED - MINUTE).id
        taken = [owed.take(session, ANNOUNCED + MINUTE) for _ in range(4)]

    assert [owed and owed.id for owed in taken] == [sooner, here.ids()[0], later, None]


def test_what_is_of_no_more_use_is_not_taken_even_before_it_is_marked(here: Desk) -> None:
    with here.store.writing() as session:
        taken = [owed.take(session, RECALLED) for _ in range(2)]

    assert [owed and owed.id for owed in taken] == [here.ids()[1], None]


def test_next_due_is_the_soonest_try_of_what_is_planned(here: Desk) -> None:
    with here.store.reading() as session:
        assert ledger.next_due(session) == ANNOUNCED
    delivery_in(here, DeliveryState.SENT)
    with here.store.reading() as session:
        assert ledger.next_due(session) == RECALLED
    with here.store.writing() as session:
        session.query(Delivery).delete()
        assert ledger.next_due(session) is None


@pytest.mark.parametrize(
    "state", [state for state in DeliveryState if state is not DeliveryState.SENDING]
)
def test_an_outcome_counts_only_for_what_is_being_sent(here: Desk, state: DeliveryState) -> None:
    known = delivery_in(here, state)
    before = here.rows()
    with here.store.writing() as session:
        deliveries.sent(session, known, 5, ANNOUNCED)
        deliveries.failed(session, known, "refused", ANNOUNCED)
        deliveries.put_off(session, known, "not sent", ANNOUNCED)
        deliveries.uncertain(session, known, "no answer", ANNOUNCED)
        deliveries.sent(session, 10_000, 5, ANNOUNCED)

    assert here.rows() == before


def test_a_long_reason_is_cut_to_what_the_table_holds(here: Desk) -> None:
    known = delivery_in(here, DeliveryState.SENDING)
    with here.store.writing() as session:
        deliveries.failed(session, known, "🦉" * 300, ANNOUNCED, unreachable=False)

    assert here.rows()[0].reason == "🦉" * 200


def test_saying_twice_that_it_arrived_changes_nothing_the_second_time(here: Desk) -> None:
    ada = here.add_member(name="Ada", organizer=True)
    eve = here.add_member(name="Eve", organizer=True)
    known = delivery_in(here, DeliveryState.UNCERTAIN)
    for actor in (ada, eve):
        with here.store.writing() as session:
            deliveries.it_arrived(session, actor, known, ANNOUNCED)

    assert here.rows()[0] == Row("announcement", "sent", "Ada saw it arrive", 0)


@pytest.mark.parametrize("state", [DeliveryState.UNCERTAIN, DeliveryState.SENT])
def test_a_double_tap_on_send_again_plans_it_once(here: Desk, state: DeliveryState) -> None:
    ada = here.add_member(name="Ada", organizer=True)
    known = delivery_in(here, state)
    with here.store.writing() as session:
        deliveries.send_again(session, ada, known, ANNOUNCED + MINUTE)
        deliveries.send_again(session, ada, known, ANNOUNCED + 2 * MINUTE)

    asked = state is DeliveryState.UNCERTAIN
    assert here.rows()[0] == (
        Row("announcement", "planned", "Ada asked to send it again", 0)
        if asked
        else Row("announcement", "sent", None, 0)
    )


def test_of_two_organizers_who_disagree_the_first_is_heard(here: Desk) -> None:
    ada = here.add_member(name="Ada", organizer=True)
    known = delivery_in(here, DeliveryState.UNCERTAIN)
    with here.store.writing() as session:
        deliveries.it_arrived(session, ada, known, ANNOUNCED)
        deliveries.send_again(session, ada, known, ANNOUNCED)

    assert here.rows()[0].state == "sent"


def refusal_of(here: Desk, actor: Actor, delivery_id: int, *, again: bool) -> Refusal | None:
    use = deliveries.send_again if again else deliveries.it_arrived
    try:
        with here.store.writing() as session:
            use(session, actor, delivery_id, here.clock.now())
    except DomainError as error:
        return error.code
    return None


def test_what_is_of_no_more_use_is_not_sent_again_but_may_have_arrived(here: Desk) -> None:
    ada = here.add_member(organizer=True)
    known = delivery_in(here, DeliveryState.UNCERTAIN)
    here.clock.set(RECALLED)

    assert refusal_of(here, ada, known, again=True) is Refusal.TOO_LATE_TO_SEND
    assert here.rows()[0].state == "uncertain"
    assert refusal_of(here, ada, known, again=False) is None
    assert here.rows()[0].state == "sent"


def test_a_message_about_a_cancelled_meeting_is_not_sent_again(here: Desk) -> None:
    ada = here.add_member(organizer=True)
    known = delivery_in(here, DeliveryState.UNCERTAIN)
    here.import_page(CANCELLED)

    assert refusal_of(here, ada, known, again=True) is Refusal.TOO_LATE_TO_SEND


@pytest.mark.parametrize("again", [True, False])
def test_whoever_is_no_organizer_settles_nothing(here: Desk, again: bool) -> None:
    ben = here.add_member(organizer=False)
    known = delivery_in(here, DeliveryState.UNCERTAIN)

    assert refusal_of(here, ben, known, again=again) is Refusal.ORGANIZERS_ONLY
    assert here.rows()[0].state == "uncertain"


@pytest.mark.parametrize("again", [True, False])
def test_an_organizer_of_another_group_settles_nothing(here: Desk, again: bool) -> None:
    with here.store.writing() as session:
        other_id = make_group(session).id
    stranger = here.add_member(other_id, organizer=True)
    known = delivery_in(here, DeliveryState.UNCERTAIN)

    assert refusal_of(here, stranger, known, again=again) is Refusal.OLD_BUTTON
    assert here.rows()[0].state == "uncertain"


@pytest.mark.parametrize("again", [True, False])
def test_a_button_for_a_message_that_is_gone_is_an_old_one(here: Desk, again: bool) -> None:
    ada = here.add_member(organizer=True)

    assert refusal_of(here, ada, 10_000, again=again) is Refusal.OLD_BUTTON


def test_what_nobody_owes_any_more_expires_with_its_reason(here: Desk) -> None:
    with here.store.writing() as session:
        session.execute(update(Delivery).values(reason="Telegram could not be reached"))
        ledger.expire(session, RECALLED)

    assert here.rows() == [
        Row("announcement", "expired", "Telegram could not be reached", 0),
        Row("day_before", "planned", "Telegram could not be reached", 0),
    ]


def plans(session: Session, sql: str, parameters: object) -> str:
    found = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters)  # type: ignore[arg-type]  # as the driver got them
    return " ".join(row.detail for row in found)


def test_the_due_are_found_by_their_index_however_long_the_ledger_is(
    sqlite_store: Store, clock: MovableClock
) -> None:
    desk(sqlite_store, clock)
    with sqlite_store.writing() as session, statements.noted() as said:
        owed.take(session, clock.now())
        ledger.expire(session, clock.now())
        ledger.next_due(session)
        deliveries.recover(session, clock.now())
        posts.stale(session)
        announcements.look(session, clock.now())
        nags.look(session, clock.now())
    about = [one for one in said if one[0].startswith(("SELECT", "UPDATE"))]
    with sqlite_store.reading() as session:
        found = [plans(session, sql, parameters) for sql, parameters in about]

    indexes = ["ix_deliveries_to_try"] * 3 + ["ix_deliveries_sending", "ix_deliveries_stale"]
    indexes += ["ix_groups_weeks_planned_to", "ix_meetings_nag_at"]
    assert len(found) == len(indexes)
    for plan, index in zip(found, indexes, strict=True):
        assert index in plan
        assert "TEMP B-TREE" not in plan
