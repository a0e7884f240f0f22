"""What is owed again once a clock that was ahead is right."""

from datetime import timedelta

import pytest

from bot.clock import MovableClock
from bot.services import turned_back
from storage.enums import DeliveryState, OfferState
from storage.models import Delivery, Group, Offer
from storage.store import Store
from tests.factories import make_delivery, make_group, make_offer

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
P, S, E, X, T, U = (
    DeliveryState.PLANNED,
    DeliveryState.SKIPPED,
    DeliveryState.EXPIRED,
    DeliveryState.CANCELLED,
    DeliveryState.SENT,
    DeliveryState.UNCERTAIN,
)


@pytest.mark.parametrize(
    ("state", "noted", "due", "useful", "becomes", "tried"),
    [
        (E, DAY, HOUR, 2 * HOUR, P, HOUR),
        (E, DAY, -HOUR, HOUR, P, 0 * HOUR),
        (S, DAY, HOUR, 2 * HOUR, P, HOUR),
        (P, DAY, HOUR, 9 * DAY, P, HOUR),  # put off meanwhile
        (E, DAY, -2 * HOUR, -HOUR, E, 5 * DAY),
        (E, -HOUR, -DAY, HOUR, E, 5 * DAY),  # noted while the clock was right
        (P, -HOUR, -DAY, HOUR, P, 5 * DAY),
        (T, DAY, HOUR, 2 * HOUR, T, 5 * DAY),
        (U, DAY, HOUR, 2 * HOUR, U, 5 * DAY),
        (X, DAY, HOUR, 2 * HOUR, X, 5 * DAY),
    ],
)
def test_what_was_not_sent_and_is_of_use_is_owed_again(
    store: Store,
    clock: MovableClock,
    state: DeliveryState,
    noted: timedelta,
    due: timedelta,
    useful: timedelta,
    becomes: DeliveryState,
    tried: timedelta,
) -> None:
    now = clock.now()
    with store.writing() as session:
        row = make_delivery(
            session,
            state=state,
            reason="why",
            due_at=now + due,
            try_at=now + 5 * DAY,
            expires_at=now + useful,
            changed_at=now + noted,
        ).id
        turned_back.mend(session, now)
        turned_back.mend(session, now)
    with store.reading() as session:
        found = session.get_one(Delivery, row)
        assert (found.state, found.try_at) == (becomes, now + tried)
        assert (found.reason is None) == (tried != 5 * DAY)


def test_a_group_whose_weeks_were_planned_too_far_ahead_is_planned_anew(
    store: Store, clock: MovableClock
) -> None:
    now = clock.now()
    with store.writing() as session:
        ahead, right, waits = (
            make_group(session, weeks_planned_to=to).id
            for to in (now + 8 * DAY, now + 7 * DAY, None)
        )
        turned_back.mend(session, now)
    with store.reading() as session:
        assert session.get_one(Group, ahead).weeks_planned_to == now
        assert session.get_one(Group, right).weeks_planned_to == now + 7 * DAY
        assert session.get_one(Group, waits).weeks_planned_to is None


def test_an_offer_that_was_made_ahead_ends_as_long_after_now(
    store: Store, clock: MovableClock
) -> None:
    now = clock.now()
    with store.writing() as session:
        ahead, right, taken = (
            make_offer(session, made_at=at, expires_at=at + 2 * DAY, state=state).id
            for at, state in (
                (now + 30 * DAY, OfferState.OPEN),
                (now - DAY, OfferState.OPEN),
                (now + 30 * DAY, OfferState.TAKEN),
            )
        )
        turned_back.mend(session, now)
    with store.reading() as session:
        ends = [session.get_one(Offer, one).expires_at - now for one in (ahead, right, taken)]
    assert ends == [2 * DAY, DAY, 32 * DAY]
