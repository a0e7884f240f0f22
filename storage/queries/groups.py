"""Groups with their chats."""

from sqlalchemy import BindParameter, select

from storage.models import Chat, Group, Member
from storage.queries import AnySelect


def groups() -> AnySelect:
    """Every group with its chat's columns or nulls, for the caller to narrow."""
    return select(
        Group.id,
        Group.name,
        Group.timezone,
        Group.weekday,
        Group.start_time,
        Group.duration_minutes,
        Group.place,
        Group.online_url,
        Group.selection_rule,
        Group.max_supporters,
        Group.fill_days,
        Group.link_hosts,
        Group.announcement_days,
        Group.day_before,
        Group.soon_minutes,
        Group.open_slots_day,
        Group.slides_missing,
        Group.video_missing,
        Group.no_meeting,
        Group.pins,
        Group.online,
        Group.cards,
        Group.checklist,
        Group.tell_at,
        Group.quiet_from,
        Group.quiet_until,
        Chat.id.label("chat_id"),
        Chat.telegram_id,
        Chat.topic_id,
        Chat.kind,
    ).outerjoin(Chat, Chat.group_id == Group.id)


def groups_of(telegram_id: BindParameter[int]) -> AnySelect:
    """The groups that know this account and in whose chat it is, the one it chose for its private
    chat first."""
    return (
        groups()
        .join(Member, Member.group_id == Group.id)
        .where(Member.telegram_id == telegram_id, ~Member.gone)
        .order_by(Member.in_private.desc(), Group.id)
    )
