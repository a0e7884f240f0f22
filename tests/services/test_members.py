"""What Telegram says of people, on both databases."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.views import Actor, MemberView
from bot.errors import DomainError
from bot.services import groups, handovers, identities, members
from storage.models import Group, Member
from storage.store import Store
from tests.factories import (
    make_actor,
    make_chat,
    make_group,
    make_member,
    make_view,
)

ANN = 10_000_000_001


def _flags(session: Session, group_id: int) -> tuple[bool, bool, bool]:
    session.expire_all()
    member = session.scalars(
        select(Member).where(Member.group_id == group_id, Member.telegram_id == ANN)
    ).one()
    return member.organizer, member.reachable, member.in_private


def test_meeting_somebody_twice_makes_one_member_with_the_newest_name(store: Store) -> None:
    with store.writing() as session:
        group = groups.by_id(session, make_group(session).id)
        first = members.meet(session, group, ANN, "Ann", organizer=None)
        again = members.meet(session, group, ANN, "Ann Bo", organizer=None)
        assert first == Actor(group, "Ann", member_id=first.member_id, telegram_id=ANN)
        assert again == Actor(group, "Ann Bo", member_id=first.member_id, telegram_id=ANN)


@pytest.mark.parametrize(
    ("before", "told", "after"),
    [
        (True, None, True),
        (True, False, False),
        (False, None, False),
        (False, True, True),
    ],
)
def test_a_right_is_kept_until_telegram_says_otherwise(
    store: Store, before: bool, told: bool | None, after: bool
) -> None:
    with store.writing() as session:
        group = groups.by_id(session, make_group(session).id)
        members.meet(session, group, ANN, "Ann", organizer=before)
        assert members.meet(session, group, ANN, "Ann", organizer=told).organizer is after


def test_a_name_on_the_page_is_nobodys_account(store: Store) -> None:
    with store.writing() as session:
        row = make_group(session)
        page = make_member(session, row, name="Ann", telegram_id=None)
        group = groups.by_id(session, row.id)
        assert members.meet(session, group, ANN, "Ann", organizer=None).member_id != page.id


def test_one_group_answers_in_private_and_all_may_write(store: Store) -> None:
    with store.writing() as session:
        one, two = (groups.by_id(session, make_group(session).id) for _ in range(2))
        members.open_private_chat(session, one, ANN, "Ann", organizer=False)
        members.open_private_chat(session, two, ANN, "Ann", organizer=True)
        assert _flags(session, one.id) == (False, True, False)
        assert _flags(session, two.id) == (True, True, True)
        assert [group.id for group in groups.of_account(session, ANN)] == [two.id, one.id]


def test_who_is_reachable_is_so_in_a_group_that_comes_later(store: Store) -> None:
    with store.writing() as session:
        one, two = (groups.by_id(session, make_group(session).id) for _ in range(2))
        members.open_private_chat(session, one, ANN, "Ann", organizer=False)
        members.meet(session, two, ANN, "Ann", organizer=None)
        assert _flags(session, two.id) == (False, True, False)
        members.meet(session, two, ANN + 1, "Bo", organizer=None)
        assert session.scalars(select(Member.reachable).where(Member.name == "Bo")).all() == [False]


def test_who_blocks_the_bot_is_out_of_reach_in_every_group(store: Store) -> None:
    with store.writing() as session:
        one, two = (groups.by_id(session, make_group(session).id) for _ in range(2))
        for group in (one, two):
            members.open_private_chat(session, group, ANN, "Ann", organizer=False)
        members.set_reachable(session, ANN, reachable=False)
        assert [_flags(session, group.id)[1] for group in (one, two)] == [False, False]


def test_the_chats_administrators_are_the_organizers_and_nobody_else(store: Store) -> None:
    with store.writing() as session:
        chat, other = make_chat(session), make_chat(session)
        for one in (chat, other):
            group = groups.by_id(session, one.group_id)
            members.meet(session, group, ANN, "Ann", organizer=True)
        members.meet_organizers(session, chat.group_id, {ANN + 1: "Bo", ANN + 2: "Chi"})
        assert _flags(session, chat.group_id)[0] is False
        assert _flags(session, other.group_id)[0] is True
        organizers = select(Member.name).where(Member.organizer, Member.group_id == chat.group_id)
        assert set(session.scalars(organizers)) == {"Bo", "Chi"}
        members.meet_organizers(session, chat.group_id, {})
        assert session.scalars(organizers).all() == []


def test_a_right_changes_in_the_group_of_that_chat_alone(store: Store) -> None:
    with store.writing() as session:
        chat, other = make_chat(session), make_chat(session)
        for one in (chat, other):
            group = groups.by_id(session, one.group_id)
            members.meet(session, group, ANN, "Ann", organizer=False)
        members.set_organizer(session, chat.telegram_id, ANN, organizer=True)
        assert _flags(session, chat.group_id)[0] is True
        assert _flags(session, other.group_id)[0] is False


def test_rights_are_insisted_on(sqlite_store: Store) -> None:
    with sqlite_store.writing() as session:
        group = make_view(session)
    organizer, member = Actor(group, "Ann", organizer=True), Actor(group, "Ann", member_id=7)
    members.require_organizer(organizer)
    assert members.require_member(member) == 7
    with pytest.raises(DomainError, match="organizers_only"):
        members.require_organizer(member)
    with pytest.raises(DomainError, match="show_yourself"):
        members.require_member(organizer)


def test_who_leaves_the_chat_organizes_nothing_and_may_come_back(sqlite_store: Store) -> None:
    with sqlite_store.writing() as session:
        chat, other = make_chat(session), make_chat(session)
        for one in (chat, other):
            members.meet(session, groups.by_id(session, one.group_id), ANN, "Ann", organizer=True)
        bo = make_member(session, session.get_one(Group, chat.group_id), organizer=True)

        def state() -> list[tuple[int, bool, bool]]:
            rows = session.execute(
                select(Member.group_id, Member.gone, Member.organizer).where(
                    Member.telegram_id == ANN
                )
            )
            return [(row.group_id, row.gone, row.organizer) for row in rows]

        members.set_gone(session, chat.telegram_id, ANN, gone=True)
        assert state() == [(chat.group_id, True, False), (other.group_id, False, True)]
        members.set_organizer(session, chat.telegram_id, ANN, organizer=True)
        members.set_gone(session, chat.telegram_id, ANN, gone=False)
        assert state() == [(chat.group_id, False, True), (other.group_id, False, True)]
        session.refresh(bo)
        assert (bo.gone, bo.organizer) == (False, True)


def test_only_an_organizer_of_that_group_organizes_it(sqlite_store: Store) -> None:
    with sqlite_store.writing() as session:
        group, other = make_group(session), make_group(session)
        make_member(session, group, telegram_id=77, organizer=True)
        make_member(session, group, telegram_id=78)
        make_member(session, other, telegram_id=79, organizer=True)
        known = [members.organizes(session, group.id, number) for number in (77, 78, 79)]
        assert known == [True, False, False]


def test_people_are_listed_by_name_for_what_can_be_asked_of_them(store: Store) -> None:
    with store.writing() as session:
        group = make_group(session)
        make_member(session, make_group(session), name="Stranger")
        page = make_member(session, group, name="Bo", telegram_id=None)
        bo = make_member(session, group, name="Bo", telegram_id=77, reachable=True)
        ann = make_actor(session, group, "Ann")
        gone = make_member(session, group, name="Aaron", telegram_id=78, gone=True)
        cy = make_member(session, group, name="Cy", telegram_id=None)
        everybody = members.all_members(session, group.id)
        assert [one.id for one in everybody] == [gone.id, ann.member_id, bo.id, page.id, cy.id]
        assert everybody[2] == MemberView(bo.id, "Bo", 77, reachable=True)
        assert handovers.candidates(session, ann) == (everybody[2],)
        al = make_member(session, group, name="Al", telegram_id=79)
        assert [one.id for one in handovers.candidates(session, ann)] == [al.id, bo.id]
        names = (MemberView(page.id, "Bo", None), MemberView(cy.id, "Cy", None))
        assert identities.unclaimed(session, group.id) == names


def test_a_name_of_the_page_is_tied_to_an_account_once(sqlite_store: Store) -> None:
    with sqlite_store.writing() as session:
        group, other = make_group(session), make_group(session)
        rows = [
            make_member(session, in_group, name=name, telegram_id=account)
            for in_group, name, account in (
                (group, "Ann", None),
                (group, "Bo", None),
                (group, "Cy", 79),
                (other, "Ann", None),
            )
        ]
        identities.link(session, group.id, "Ann", 77)
        identities.link(session, group.id, "Cy", 78)
        for row in rows:
            session.refresh(row)
        assert [(row.telegram_id, row.keeps_name) for row in rows] == [
            (77, True),
            (None, False),
            (79, False),
            (None, False),
        ]
