"""Messages in the group's chat that are kept true: the announcement is edited when what it shows
changes, and the last one is pinned."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.domain.views import OwedMessage
from bot.services import owed
from storage.models import Chat, Delivery


class Post(NamedTuple):
    """What a message in the chat should show now. `card` is the digest of the picture that it has,
    `None` for a message of text: neither ever becomes the other."""

    shown: OwedMessage
    message_id: int
    card: str | None


def stale(session: Session) -> tuple[int, ...]:
    """The deliveries that were sent and show what is true no more."""
    return tuple(session.scalars(select(Delivery.id).where(Delivery.stale).order_by(Delivery.id)))


def as_it_is(session: Session, delivery_id: int, now: datetime) -> Post | None:
    """What the message should show now; `None` when nobody cares any more, since the meeting is
    over."""
    delivery = session.get_one(Delivery, delivery_id)
    shown = owed.view(session, delivery, now)
    if delivery.message_id is None or shown.meeting is None or shown.meeting.ends_at <= now:
        return None
    return Post(shown, delivery.message_id, delivery.card)


def fresh(session: Session, delivery_id: int, post: Post | None, now: datetime) -> None:
    """The message shows this now. If that was changed meanwhile it stays stale."""
    delivery = session.get_one(Delivery, delivery_id)
    if post is not None:
        delivery.card = post.card
    if post is None or owed.view(session, delivery, now) == post.shown:
        delivery.stale = False


def pinned(session: Session, group_id: int, message_id: int) -> int | None:
    """The group's chat has this message pinned. Returns the one that the bot pinned before."""
    of_group = Chat.group_id == group_id
    before = session.scalar(select(Chat.pinned_message_id).where(of_group))
    session.execute(update(Chat).where(of_group).values(pinned_message_id=message_id))
    return before if before != message_id else None
