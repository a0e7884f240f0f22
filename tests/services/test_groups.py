"""Groups and the chats they live in, on both databases; tying them is in test_setup.py."""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import MovableClock
from bot.domain.calendar import Quiet
from bot.domain.reminders import ReminderRules
from bot.domain.views import ChatView, GroupView
from bot.services import groups
from bot.services.groups import NewGroup
from storage.enums import ChatKind, Weekday
from storage.models import AuditEntry, Chat, Group, Meeting
from storage.store import Store
from tests.factories import (
    make_chat,
    make_delivery,
    make_group,
    make_meeting,
    make_member,
    make_slot,
    make_term,
)

NEW = NewGroup(
    "Systems", "Asia/Shanghai", Weekday.TUESDAY, time(19), 120, "Room 204", "https://m.example/1"
)


def test_a_new_group_is_what_was_asked_for(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        group, _ = groups.create(session, NEW, clock.now())
        created_at = session.scalars(select(Group.created_at)).one()
    assert group == GroupView(
        group.id,
        "Systems",
        "Asia/Shanghai",
        Weekday.TUESDAY,
        time(19),
        120,
        "Room 204",
        "https://m.example/1",
        None,
        "SOSP/OSDI + arXiv",
    )
    assert (group.zone, group.duration) == (ZoneInfo("Asia/Shanghai"), timedelta(hours=2))
    assert created_at == clock.now()


def test_making_a_group_is_written_down(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        groups.create(session, NEW, clock.now())
        second, _ = groups.create(session, NEW, clock.now())
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry is not None
        assert (entry.action, entry.group_id, entry.subject_id, entry.at) == (
            "group:create",
            second.id,
            second.id,
            clock.now(),
        )
        assert (entry.actor_name, entry.member_id, entry.after) == (
            groups.OPERATOR,
            None,
            {"name": "Systems 2"},
        )


def test_a_long_name_that_is_taken_still_fits_with_its_number(
    store: Store, clock: MovableClock
) -> None:
    # Telegram allows a chat 255 characters; the table has room for fewer.
    long = NEW._replace(name="读" * 255)
    with store.writing() as session:
        names = [groups.create(session, long, clock.now())[0].name for _ in range(11)]
    assert names == ["读" * 90, *(f"{'读' * 90} {number}" for number in range(2, 12))]


def test_a_number_that_a_chat_bears_already_is_passed_over(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        for name in ("Systems", "Systems 2"):
            make_group(session, name=name)
        assert groups.create(session, NEW, clock.now())[0].name == "Systems 3"


def test_groups_of_one_name_wait_with_codes_of_their_own(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        make_chat(session)
        made = [groups.create(session, NEW, clock.now()) for _ in range(3)]
        assert groups.waiting_codes(session) == tuple((group.name, code) for group, code in made)
    assert len({code for _, code in made}) == 3


def test_a_group_is_found_by_its_name_its_id_and_its_chat(store: Store) -> None:
    with store.writing() as session:
        chat = make_chat(session, telegram_id=-1005, topic_id=7)
        make_chat(session)
        group = groups.by_id(session, chat.group_id)
        assert group.chat == ChatView(chat.id, -1005, 7, ChatKind.SUPERGROUP)
        assert groups.by_name(session, group.name) == group
        assert groups.of_chat(session, -1005) == group


def test_what_nobody_made_is_not_found(store: Store) -> None:
    with store.writing() as session:
        make_chat(session, telegram_id=-1005)
        assert groups.by_name(session, "Databases") is None
        assert groups.of_chat(session, -5) is None
        assert groups.of_account(session, 77) == ()


def test_groups_are_listed_with_and_without_a_chat(store: Store) -> None:
    with store.writing() as session:
        waiting, tied = make_group(session), make_chat(session).group_id
        assert [group.id for group in groups.all_groups(session)] == [waiting.id, tied]
        assert groups.with_chat(session) == (groups.by_id(session, tied),)
        assert groups.newer(session, waiting.id) == groups.with_chat(session)
        assert groups.newer(session, tied) == ()


def test_an_account_sees_the_group_it_chose_first_and_then_the_oldest(store: Store) -> None:
    with store.writing() as session:
        first, second, chosen, _ = (make_group(session) for _ in range(4))
        for group in (second, chosen, first):  # not in the order in which they were made
            make_member(session, group, telegram_id=77, in_private=group is chosen)
        make_member(session, first, telegram_id=78, in_private=True)
        found = [group.id for group in groups.of_account(session, 77)]
        assert found == [chosen.id, first.id, second.id]


def test_a_group_that_becomes_a_supergroup_is_found_there_alone(store: Store) -> None:
    with store.writing() as session:
        chat = make_chat(session, telegram_id=-5, kind=ChatKind.GROUP, title="Systems chat")
        other = make_chat(session, telegram_id=-6, kind=ChatKind.GROUP)
        groups.migrate_chat(session, -5, -1005)
        moved = groups.of_chat(session, -1005)
        assert moved == groups.by_id(session, chat.group_id)
        assert moved.chat == ChatView(chat.id, -1005, None, ChatKind.SUPERGROUP)
        assert groups.of_chat(session, -5) is None
        assert groups.of_chat(session, -6) == groups.by_id(session, other.group_id)


def test_what_was_said_before_a_group_became_a_supergroup_is_not_looked_for_there(
    store: Store,
) -> None:
    with store.writing() as session:
        chat, other = (make_chat(session, telegram_id=id_, pinned_message_id=7) for id_ in (-5, -6))
        said = [
            made
            for one in (chat, other)
            for made in (
                make_slot(session, _meeting(session, one), message_id=7),
                make_delivery(session, one, message_id=7),
            )
        ]
        groups.migrate_chat(session, -5, -1005)
        session.expire_all()
        assert [one.message_id for one in said] == [None, None, 7, 7]
        assert (chat.pinned_message_id, other.pinned_message_id) == (None, 7)


def _meeting(session: Session, chat: Chat) -> Meeting:
    return make_meeting(session, make_term(session, session.get_one(Group, chat.group_id)))


def test_a_move_told_late_does_not_take_the_chat_back(store: Store) -> None:
    with store.writing() as session:
        make_chat(session, telegram_id=-5, kind=ChatKind.GROUP)
        # The first move is told once more after the second.
        for old, new in ((-5, -1005), (-1005, -1006), (-5, -1005)):
            groups.migrate_chat(session, old, new)
        assert session.scalars(select(Chat.telegram_id)).all() == [-1006]


def test_a_groups_rules_are_those_of_its_row(sqlite_store: Store) -> None:
    with sqlite_store.writing() as session:
        row = make_group(
            session,
            max_supporters=2,
            fill_days=5,
            announcement_days=6,
            day_before=False,
            soon_minutes=45,
            open_slots_day=Weekday.MONDAY,
            slides_missing=False,
            video_missing=False,
            no_meeting=False,
            pins=False,
            checklist="Print it\nBring it",
            tell_at=time(9),
            quiet_from=time(21),
            quiet_until=time(7),
            online=False,
            cards=False,
            link_hosts="a.example\nb.example",
        )
        group = groups.by_id(session, row.id)
    rules = ReminderRules(
        6,
        day_before=False,
        soon_minutes=45,
        open_slots_day=Weekday.MONDAY,
        slides_missing=False,
        video_missing=False,
        no_meeting=False,
        pins=False,
        checklist=("Print it", "Bring it"),
        tell_at=time(9),
        quiet=Quiet(time(21), time(7)),
        online=False,
        cards=False,
    )
    assert (group.max_supporters, group.fill_days) == (2, 5)
    assert group.link_hosts == ("a.example", "b.example")
    assert group.reminders == rules


def test_a_new_group_begins_with_the_rules_it_was_given(
    sqlite_store: Store, clock: MovableClock
) -> None:
    rules = ReminderRules(None, pins=False, checklist=("Print it",), quiet=Quiet(time(1), time(2)))
    new = NEW._replace(selection_rule=None, reminders=rules)
    with sqlite_store.writing() as session:
        group, code = groups.create(session, new, clock.now())
        assert (group.selection_rule, group.reminders) == (None, rules)
        assert len(code) == 8
        assert set(code) <= set("ABCDEFGHJKLMNPQRSTUVWXYZ23456789")
        blank, _ = groups.create(session, NEW._replace(name="  "), clock.now())
        assert blank.name == "Reading group"
        clock.move(timedelta(hours=1))
        assert groups.waiting_codes(session)[0] == ("Systems", code)


def test_a_chat_that_has_its_group_is_not_taken_over_by_a_move(store: Store) -> None:
    with store.writing() as session:
        make_chat(session, make_group(session), telegram_id=-5)
        make_chat(session, make_group(session, name="There already"), telegram_id=-1005)
        groups.migrate_chat(session, -5, -1005)

        there, here = groups.of_chat(session, -1005), groups.of_chat(session, -5)
        assert there is not None
        assert here is not None
        assert there.name == "There already"
