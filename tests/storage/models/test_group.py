import pytest
from sqlalchemy.orm import Session

from tests.factories import make_chat, make_group
from tests.refusals import refused_by


def test_two_groups_cannot_have_one_name(session: Session) -> None:
    name = make_group(session).name
    refusal = refused_by(session, lambda session: make_group(session, name=name))
    assert refusal == "uq_groups_name"


@pytest.mark.parametrize("minutes", [0, -1])
def test_a_meeting_lasts_some_time(session: Session, minutes: int) -> None:
    refusal = refused_by(session, lambda session: make_group(session, duration_minutes=minutes))
    assert refusal == "ck_groups_duration"


def test_a_setup_code_names_one_group_and_many_groups_have_none(session: Session) -> None:
    make_group(session, setup_code="K7XQ")
    make_group(session)
    make_group(session)
    refusal = refused_by(session, lambda session: make_group(session, setup_code="K7XQ"))
    assert refusal == "uq_groups_setup_code"


def test_a_group_has_one_chat(session: Session) -> None:
    group = make_group(session)
    make_chat(session, group)
    assert refused_by(session, lambda session: make_chat(session, group)) == "uq_chats_group_id"


def test_a_chat_serves_one_group(session: Session) -> None:
    telegram_id = make_chat(session).telegram_id
    refusal = refused_by(session, lambda session: make_chat(session, telegram_id=telegram_id))
    assert refusal == "uq_chats_telegram_id"


def test_a_chat_keeps_the_largest_ids_of_telegram(session: Session) -> None:
    chat = make_chat(session, telegram_id=-(2**52) + 1)
    session.expire(chat)
    assert chat.telegram_id == -(2**52) + 1
