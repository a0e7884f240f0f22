from sqlalchemy.orm import Session

from tests.factories import make_group, make_member
from tests.refusals import refused_by


def test_an_account_is_one_member_of_a_group(session: Session) -> None:
    group = make_group(session)
    make_member(session, group, telegram_id=7)
    refusal = refused_by(session, lambda session: make_member(session, group, telegram_id=7))
    assert refusal == "uq_members_group_id_telegram_id"


def test_an_account_may_be_in_several_groups(session: Session) -> None:
    make_member(session, telegram_id=7)
    assert refused_by(session, lambda session: make_member(session, telegram_id=7)) is None


def test_among_members_without_account_a_name_is_one_person(session: Session) -> None:
    group = make_group(session)
    make_member(session, group, name="Ada", telegram_id=None)
    refusal = refused_by(
        session, lambda session: make_member(session, group, name="Ada", telegram_id=None)
    )
    assert refusal == "uq_members_name_without_account"


def test_people_with_accounts_may_share_a_name(session: Session) -> None:
    group = make_group(session)
    make_member(session, group, name="Ada", telegram_id=None)
    make_member(session, group, name="Ada")
    assert refused_by(session, lambda session: make_member(session, group, name="Ada")) is None


def test_one_group_answers_in_a_private_chat(session: Session) -> None:
    make_member(session, telegram_id=7, in_private=True)
    refusal = refused_by(
        session, lambda session: make_member(session, telegram_id=7, in_private=True)
    )
    assert refusal == "uq_members_one_group_in_private"


def test_a_new_member_is_neither_reachable_nor_organizer(session: Session) -> None:
    member = make_member(session)
    assert (member.reachable, member.organizer, member.in_private) == (False, False, False)
