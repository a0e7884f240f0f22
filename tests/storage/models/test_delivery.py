from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.factories import WHEN, make_chat, make_delivery, make_group, make_member
from tests.refusals import refused_by

DAY_BEFORE = "meeting:41:rev3:day_before:chat:7"


def test_a_key_is_owed_once(session: Session) -> None:
    make_delivery(session, key=DAY_BEFORE)
    refusal = refused_by(session, lambda session: make_delivery(session, key=DAY_BEFORE))
    assert refusal == "uq_deliveries_key"


def test_a_delivery_has_exactly_one_recipient(session: Session) -> None:
    group = make_group(session)
    chat, member = make_chat(session, group), make_member(session, group)
    both = refused_by(session, lambda session: make_delivery(session, chat, member))
    neither = refused_by(session, lambda session: make_delivery(session, chat, chat_id=None))
    assert (both, neither) == ("ck_deliveries_one_recipient", "ck_deliveries_one_recipient")


@pytest.mark.parametrize("useful_for", [timedelta(0), timedelta(seconds=-1)])
def test_a_delivery_expires_after_it_is_due(session: Session, useful_for: timedelta) -> None:
    refusal = refused_by(
        session,
        lambda session: make_delivery(session, due_at=WHEN, expires_at=WHEN + useful_for),
    )
    assert refusal == "ck_deliveries_expires_after_due"


def test_a_new_delivery_was_never_tried(session: Session) -> None:
    assert make_delivery(session).attempts == 0
