"""Tying a chat to its group, on both databases."""

from datetime import time

import pytest
from sqlalchemy import select

from bot.clock import MovableClock
from bot.errors import DomainError, Refusal
from bot.services import groups, owed, setup
from bot.services.groups import NewGroup
from bot.services.setup import TelegramChat, Tied
from storage.enums import ChatKind, DeliveryKind, Weekday
from storage.models import AuditEntry, Chat, Delivery, Group
from storage.store import Store
from tests.factories import make_chat, make_delivery, make_meeting, make_member, make_term

NEW = NewGroup("Systems", "Asia/Shanghai", Weekday.TUESDAY, time(19), 120)
HERE = TelegramChat(-1001, ChatKind.SUPERGROUP, "Systems chat", None)


def test_a_new_group_waits_with_a_code_that_is_easy_to_type(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        group, code = groups.create(session, NEW, clock.now())
        assert groups.waiting_codes(session) == (("Systems", code),)
        assert (group.name, group.chat, len(code)) == ("Systems", None, groups.CODE_LENGTH)
        assert set(code) <= set(groups.CODE_LETTERS)


def test_two_groups_of_one_name_get_two_names(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        names = [groups.create(session, NEW, clock.now())[0].name for _ in range(3)]
        assert names == ["Systems", "Systems 2", "Systems 3"]
        assert groups.create(session, NEW._replace(name=" "), clock.now())[0].name == (
            "Reading group"
        )
        long = groups.create(session, NEW._replace(name="x" * 255), clock.now())[0]
        assert long.name == "x" * 90


def test_a_code_ties_the_chat_once(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        group, code = groups.create(session, NEW, clock.now())
        tied = setup.tie(session, HERE, code.lower(), NEW, "Ann Bo", clock.now())
        assert tied.new
        assert tied.group.id == group.id
        assert tied.group.chat is not None
        assert (tied.group.chat.telegram_id, tied.group.chat.topic_id) == (-1001, None)
        assert groups.waiting_codes(session) == ()
        assert groups.of_chat(session, -1001) == tied.group
        again = setup.tie(session, HERE, None, NEW, "Ann Bo", clock.now())
        assert again == Tied(tied.group, new=False)
        made, tie = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert made.action == "group:create"
        assert (tie.action, tie.subject_id, tie.actor_name, tie.after) == (
            "group:tie", group.id, "Ann Bo", {"chat": HERE.title},
        )  # fmt: skip


def test_a_used_code_an_unknown_code_and_a_code_in_a_tied_chat_are_refused(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        _, code = groups.create(session, NEW, clock.now())
        _, other = groups.create(session, NEW, clock.now())
        setup.tie(session, HERE, code, NEW, "Ann Bo", clock.now())
        answers = []
        elsewhere = HERE._replace(telegram_id=-1002)
        for chat, said in ((elsewhere, code), (elsewhere, "NOSUCHCD"), (HERE, other)):
            with pytest.raises(DomainError) as caught:
                setup.tie(session, chat, said, NEW, "Ann Bo", clock.now())
            answers.append(caught.value.code)
        assert answers == [
            Refusal.SETUP_CODE_UNKNOWN,
            Refusal.SETUP_CODE_UNKNOWN,
            Refusal.CHAT_IS_TIED,
        ]
        assert session.scalars(select(Chat.telegram_id)).all() == [-1001]


def test_without_a_code_the_chat_begins_a_group_of_its_own(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        tied = setup.tie(session, HERE, None, NEW, "Ann Bo", clock.now())
        assert (tied.group.name, tied.new) == ("Systems", True)
        assert session.scalars(select(Group.setup_code)).all() == [None]


def test_the_topic_follows_the_place_of_the_command(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        setup.tie(session, HERE, None, NEW, "Ann Bo", clock.now())
        for topic in (7, None):
            tied = setup.tie(
                session, HERE._replace(topic_id=topic), None, NEW, "Ann Bo", clock.now()
            )
            assert tied.new
            assert tied.group.chat is not None
            assert tied.group.chat.topic_id == topic


def test_tying_plans_the_reminders_of_the_meetings_to_come(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        group, code = groups.create(session, NEW, clock.now())
        make_meeting(session, make_term(session, session.get_one(Group, group.id)))
        setup.tie(session, HERE, code, NEW, "Ann Bo", clock.now())
        kinds = session.scalars(select(Delivery.kind).order_by(Delivery.due_at)).all()
        assert kinds == [
            DeliveryKind.OPEN_SLOTS,
            DeliveryKind.ANNOUNCEMENT,
            DeliveryKind.DAY_BEFORE,
            DeliveryKind.STARTING_SOON,
            DeliveryKind.OPEN_SLOTS,
        ]


@pytest.mark.parametrize("times", [1, 2])
def test_a_supergroup_keeps_its_group_and_what_it_is_owed(
    store: Store, clock: MovableClock, times: int
) -> None:
    with store.writing() as session:
        chat = make_chat(session, telegram_id=-5, kind=ChatKind.GROUP)
        delivery_id = make_delivery(session, chat, due_at=clock.now()).id
        # Telegram tells it in each chat; both say the same two ids.
        for _ in range(times):
            groups.migrate_chat(session, -5, -1005)
        groups.migrate_chat(session, -99, -1099)
        session.expire_all()
        assert (chat.telegram_id, chat.kind) == (-1005, ChatKind.SUPERGROUP)
        due = owed.take(session, clock.now())
        assert due is not None
        assert (due.id, due.chat_id) == (delivery_id, -1005)


def test_a_move_to_a_chat_that_is_known_already_moves_nothing(store: Store) -> None:
    with store.writing() as session:
        old, new = make_chat(session, telegram_id=-5), make_chat(session, telegram_id=-1005)
        groups.migrate_chat(session, -5, -1005)
        session.expire_all()
        assert (old.telegram_id, new.telegram_id) == (-5, -1005)


def test_an_account_sees_the_groups_that_know_it(store: Store) -> None:
    with store.writing() as session:
        ann = make_member(session)
        make_member(session)
        assert ann.telegram_id is not None
        assert [g.id for g in groups.of_account(session, ann.telegram_id)] == [ann.group_id]
        assert groups.with_chat(session) == ()
