"""What organizers are told when something was in the way of the bot, and when not again."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import MovableClock
from bot.services import troubles
from storage.enums import DeliveryKind
from storage.models import Chat, Delivery, Group, Member
from storage.store import Store
from tests.factories import make_chat, make_delivery, make_group, make_member

MINUTE = timedelta(minutes=1)
REASON = "Telegram could not be reached"


def _chat(session: Session) -> tuple[Chat, Member]:
    """A group's chat, and an organizer of the group whom the bot may write to."""
    chat = make_chat(session)
    group = session.get_one(Group, chat.group_id)
    return chat, make_member(session, group, organizer=True, reachable=True)


def _told(session: Session) -> list[tuple[int | None, str, str | None, int | None]]:
    rows = session.scalars(
        select(Delivery).where(Delivery.kind == DeliveryKind.TROUBLE).order_by(Delivery.id)
    )
    return [(row.member_id, row.key, row.text, row.about_id) for row in rows]


def test_organizers_hear_once_an_hour_why_messages_come_late(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        (chat, ada), (elsewhere, bea) = _chat(session), _chat(session)
        now = clock.now()
        # What the chat takes no messages for, and what the group was told, is nothing of the kind.
        make_delivery(session, member=ada, kind=DeliveryKind.TROUBLE, due_at=now)
        make_delivery(session, member=ada, kind=DeliveryKind.MESSAGE, due_at=now, text="Hello")
        known = len(_told(session))
        first, second, third = (make_delivery(session, chat) for _ in range(3))
        other = make_delivery(session, elsewhere)

        troubles.came_late(session, first, REASON, now)
        told = [(ada.id, f"late:{first.id}:trouble:member:{ada.id}", REASON, first.id)]
        assert _told(session)[known:] == told
        row = session.scalars(select(Delivery).where(Delivery.about_id == first.id)).one()
        assert (row.group_id, row.due_at) == (chat.group_id, now)
        assert row.expires_at == now + timedelta(days=2)

        troubles.came_late(session, second, REASON, now + 59 * MINUTE)
        assert _told(session)[known:] == told
        troubles.came_late(session, other, REASON, now + 59 * MINUTE)
        told.append((bea.id, f"late:{other.id}:trouble:member:{bea.id}", REASON, other.id))
        assert _told(session)[known:] == told
        troubles.came_late(session, third, "another", now + 60 * MINUTE)
        told.append((ada.id, f"late:{third.id}:trouble:member:{ada.id}", "another", third.id))
        assert _told(session)[known:] == told


def test_every_groups_organizers_hear_once_that_another_copy_runs(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        (_, ada), (_, bea) = _chat(session), _chat(session)
        make_group(session)  # without a chat nobody misses anything
        lonely = make_chat(session)
        since = clock.now()
        troubles.another_copy(session, since, since + 9 * MINUTE)
        assert _told(session) == []
        for minutes in (10, 11):
            troubles.another_copy(session, since, since + minutes * MINUTE)
        key = "copy:2026-01-09T01:00:00:trouble:member:"
        assert _told(session) == [
            (one.id, f"{key}{one.id}", None, None) for one in (ada, bea)
        ]  # in the group it is nobody's business
        row = session.scalars(select(Delivery).where(Delivery.member_id == ada.id)).one()
        assert (row.group_id, row.due_at) == (ada.group_id, since + 10 * MINUTE)
        assert row.expires_at == row.due_at + timedelta(days=2)
        assert session.scalars(select(Delivery).where(Delivery.chat_id == lonely.id)).all() == []
        troubles.another_copy(session, since + MINUTE, since + 60 * MINUTE)
        assert len(_told(session)) == 4
