"""Groups with their chats."""

from sqlalchemy import BindParameter, select

from storage.models import Chat, Group, Member
from storage.prepared import AnySelect

_group, _chat, _member = (model.__table__.c for model in (Group, Chat, Member))


def groups() -> AnySelect:
    """Every group with its chat's columns or nulls, for the caller to narrow."""
    return select(
        _group.id,
        _group.name,
        _group.timezone,
        _group.weekday,
        _group.start_time,
        _group.duration_minutes,
        _group.place,
        _group.online_url,
        _group.selection_rule,
        _group.max_supporters,
        _group.fill_days,
        _group.link_hosts,
        _group.announcement_days,
        _group.day_before,
        _group.soon_minutes,
        _group.open_slots_day,
        _group.slides_missing,
        _group.video_missing,
        _group.no_meeting,
        _group.pins,
        _group.online,
        _group.cards,
        _group.checklist,
        _group.tell_at,
        _group.quiet_from,
        _group.quiet_until,
        _chat.id.label("chat_id"),
        _chat.telegram_id,
        _chat.topic_id,
        _chat.kind,
    ).outerjoin(Chat.__table__, _chat.group_id == _group.id)


def groups_of(telegram_id: BindParameter[int]) -> AnySelect:
    """The groups that know this account and in whose chat it is, the one it chose for its private
    chat first."""
    return (
        groups()
        .join(Member.__table__, _member.group_id == _group.id)
        .where(_member.telegram_id == telegram_id, ~_member.gone)
        .order_by(_member.in_private.desc(), _group.id)
    )
