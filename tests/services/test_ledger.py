"""What is promised is in the ledger once, at its time, and what was tried stays as it is."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.services import ledger
from bot.services.ledger import CHANGED, Promise
from storage.enums import DeliveryKind, DeliveryState
from storage.models import Delivery
from storage.queries import table
from storage.store import Store
from tests.factories import make_chat, make_delivery, make_group

NOW = datetime(2026, 1, 9, 1, tzinfo=UTC)
BEFORE, AN_HOUR = NOW - timedelta(days=1), timedelta(hours=1)
SOON, LATER, END = NOW + AN_HOUR, NOW + 2 * AN_HOUR, NOW + 9 * AN_HOUR
SENT, PLANNED, CANCELLED = DeliveryState.SENT, DeliveryState.PLANNED, DeliveryState.CANCELLED
PUT_OFF = "the chat was busy"

ROW = {
    "state": PLANNED, "due_at": SOON, "try_at": SOON, "expires_at": END, "attempts": 0,
    "reason": None, "changed_at": BEFORE,
}  # fmt: skip
GIVEN_UP = {"state": CANCELLED, "reason": CHANGED, "changed_at": NOW}
DUE = {"due_at": BEFORE, "try_at": SOON, "reason": PUT_OFF}
TRIED = {"attempts": 1, "try_at": LATER, "reason": PUT_OFF}


@pytest.mark.parametrize(
    ("there", "promised", "became"),
    [
        ({}, (SOON, END), {}),
        ({}, None, GIVEN_UP),
        ({}, (BEFORE, NOW), GIVEN_UP),
        ({}, (LATER, END), {"due_at": LATER, "try_at": LATER}),
        ({}, (SOON, END + AN_HOUR), {"expires_at": END + AN_HOUR}),
        ({}, (BEFORE, END), {"due_at": NOW, "try_at": NOW}),
        (DUE, (BEFORE - AN_HOUR, END + AN_HOUR), {"expires_at": END + AN_HOUR}),
        (DUE, (LATER, END), {"due_at": LATER, "try_at": LATER}),
        (TRIED, (LATER, END), {}),
        (TRIED, None, GIVEN_UP),
        ({"state": SENT}, (LATER, END), {}),
        ({"state": SENT}, None, {}),
        ({"state": CANCELLED, "reason": CHANGED}, None, {}),
        (
            {"state": CANCELLED, "reason": CHANGED},
            (LATER, END + AN_HOUR),
            {
                "state": PLANNED, "reason": None, "changed_at": NOW,
                "due_at": LATER, "try_at": LATER, "expires_at": END + AN_HOUR,
            },
        ),
    ],
)  # fmt: skip
def test_a_row_that_is_known_follows_what_is_promised_now(
    store: Store,
    there: dict[str, Any],
    promised: tuple[datetime, datetime] | None,
    became: dict[str, Any],
) -> None:
    with store.writing() as session:
        group = make_group(session)
        chat = make_chat(session, group)
        for key in ("this", "other"):
            make_delivery(session, chat, key=key, **{**ROW, **there})
        known = session.execute(select(table(Delivery)).where(_key == "this")).all()
        promises = [_promise("this", chat.id, *promised)] if promised else []

        ledger.keep(session, group.id, known, promises, NOW)

        rows = session.execute(select(table(Delivery)).order_by(table(Delivery).c.id)).all()
    found = [{name: getattr(row, name) for name in ROW} for row in rows]
    assert found == [{**ROW, **there, **became}, {**ROW, **there}]


def test_what_is_new_is_planned_and_what_is_over_is_not(store: Store) -> None:
    with store.writing() as session:
        group = make_group(session)
        chat = make_chat(session, group)
        promises = [
            _promise("late", chat.id, BEFORE, END),
            _promise("soon", chat.id, SOON, END),
            _promise("over", chat.id, BEFORE, NOW),
        ]

        ledger.keep(session, group.id, [], promises, NOW)

        rows = session.execute(select(table(Delivery)).order_by(table(Delivery).c.id)).all()
    assert [(row.key, row.due_at, row.try_at, row.expires_at) for row in rows] == [
        ("late", NOW, NOW, END),
        ("soon", SOON, SOON, END),
    ]
    assert {(row.state, row.attempts, row.changed_at) for row in rows} == {(PLANNED, 0, NOW)}


def test_what_is_due_and_waits_says_why(store: Store) -> None:
    with store.writing() as session:
        chat = make_chat(session)
        cases: tuple[dict[str, Any], ...] = (
            {"try_at": NOW},
            {"try_at": NOW, "reason": PUT_OFF},
            {"try_at": SOON},
            {"try_at": NOW, "state": DeliveryState.SENDING},
        )
        rows = [make_delivery(session, chat, **{**ROW, "due_at": BEFORE, **one}) for one in cases]
        ledger.hold_up(session, "x" * 300, NOW)
        session.expire_all()
        assert [(row.reason, row.changed_at) for row in rows] == [
            ("x" * ledger.MAX_REASON, NOW),
            (PUT_OFF, BEFORE),
            (None, BEFORE),
            (None, BEFORE),
        ]


_key = Delivery.__table__.c.key


def _promise(key: str, chat_id: int, due_at: datetime, expires_at: datetime) -> Promise:
    return Promise(key, DeliveryKind.OPEN_SLOTS, due_at, expires_at, chat_id=chat_id)
