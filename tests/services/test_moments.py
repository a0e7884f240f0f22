from datetime import timedelta

from bot.clock import MovableClock
from bot.services.moments import next_moment
from storage.enums import DeliveryState, OfferState
from storage.models import Delivery, Meeting, Offer
from storage.store import Store
from tests.factories import (
    make_chat,
    make_delivery,
    make_group,
    make_meeting,
    make_member,
    make_offer,
    make_slot,
    make_term,
)

HOUR = timedelta(hours=1)


def test_the_next_moment_is_the_first_at_which_anything_is_due(
    store: Store, clock: MovableClock
) -> None:
    now, moments = clock.now(), []
    with store.writing() as session:
        moments.append(next_moment(session))
        group = make_group(session)
        group.weeks_planned_to = now + 5 * HOUR
        meeting: Meeting = make_meeting(session, make_term(session, group))
        delivery: Delivery = make_delivery(
            session, make_chat(session, group), meeting=meeting, due_at=now, try_at=now + 4 * HOUR,
            expires_at=now + 9 * HOUR,
        )  # fmt: skip
        meeting.nag_at, meeting.turns_at = now + 3 * HOUR, now + 2 * HOUR
        offer: Offer = make_offer(
            session, make_slot(session, meeting), make_member(session, group),
            made_at=now, expires_at=now + HOUR,
        )  # fmt: skip
        session.flush()
        moments.append(next_moment(session))
        offer.state = OfferState.EXPIRED
        session.flush()
        moments.append(next_moment(session))
        meeting.turns_at = None
        session.flush()
        moments.append(next_moment(session))
        meeting.nag_at = None
        session.flush()
        moments.append(next_moment(session))
        delivery.state = DeliveryState.CANCELLED
        session.flush()
        moments.append(next_moment(session))

    assert moments == [None, *(now + hours * HOUR for hours in range(1, 6))]
