"""`/announce`: an organizer writes, looks at it, and says when it goes out."""

import re
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session
from telegram import Update

from bot.domain.calendar import check_ahead, instant, local
from bot.domain.callbacks import PostMessage, TakeBackMessage
from bot.domain.dates import Days, find_date, split_date
from bot.domain.moves import time_said
from bot.domain.patterns import pattern
from bot.domain.views import Actor, GroupView
from bot.errors import DomainError, Refusal
from bot.services import messages, queries
from bot.services.members import require_member, require_organizer
from bot.telegram.context import Context
from bot.telegram.incoming import lines_after_command
from bot.telegram.keyboards_organizers import posting_times, taking_back
from bot.text import labels
from bot.text.render import Html, day_and_clock, render

MORNING = time(9)
_BEFORE_COLON = pattern(r"([^\n:：]{1,40}?)\s*[:：]\s")
_WHEN = pattern(
    r"(?P<day>[^\n:]{1,40}?),?\s+"
    r"(?P<time>(?:at\s+|@\s*)?\d{1,2}(?:[:：]\d\d)?(?:\s*[ap]\.?m\.?)?)\s*[:：]\s+",
    re.IGNORECASE,
)


class Draft(NamedTuple):
    """What is kept of an announcement, with the times to choose from. `day` was written before the
    text, with no time."""

    id: int
    text: str
    times: list[tuple[str, datetime | None]]
    day: str | None


async def announce(update: Update, context: Context) -> None:
    """`/announce TEXT`, or `/announce jan 13 18:00: TEXT`."""
    said, now = lines_after_command(update), context.now

    def use(session: Session, actor: Actor) -> Draft:
        require_organizer(actor)
        require_member(actor)
        group = actor.group
        days = queries.days(session, group.id, now)
        at, text = _when(group, said, now, days)
        if not text:
            raise DomainError(Refusal.MESSAGE_MISSING)
        draft_id = messages.keep(session, actor, text, now)
        day = None if at else _day_alone(group, said, now, days)
        return Draft(draft_id, text, _times(session, group, at, now), day)

    group, (draft_id, text, times, day) = await context.act(update, use, as_organizer=True)
    preview = render("message", text=text, late=False)
    question = render("message_when", day=day)
    keyboard = posting_times(group, draft_id, times)
    await context.reply(update, Html(f"{preview}\n\n{question}"), keyboard)


async def post(update: Update, context: Context, asked: PostMessage) -> None:
    now = context.now
    if asked.minute < 0:
        raise DomainError(Refusal.OLD_BUTTON)
    at = datetime.fromtimestamp(60 * asked.minute, UTC) if asked.minute else None
    group, posted = await context.act(
        update,
        lambda s, a: messages.post(s, a, asked.draft_id, at, now),
        asked.group_id,
        as_organizer=True,
    )
    await _show(update, context, group, posted)


async def take_back(update: Update, context: Context, asked: TakeBackMessage) -> None:
    now = context.now
    group, posted = await context.act(
        update,
        lambda s, a: messages.take_back(s, a, asked.delivery_id, now),
        asked.group_id,
        as_organizer=True,
    )
    await _show(update, context, group, posted)


async def _show(
    update: Update, context: Context, group: GroupView, posted: messages.Scheduled
) -> None:
    text = render("message_planned", group=group, posted=posted, now=context.now)
    await context.answer(update, text, taking_back(group, posted, context.now))


def _when(group: GroupView, said: str, now: datetime, days: Days) -> tuple[datetime | None, str]:
    """The time that stands before the text, if one does, and the text."""
    found = _WHEN.match(said)
    clock = time_said(found["time"]) if found else None
    if found is None or clock is None:
        return None, said
    today = local(now, group.zone).date()
    day = find_date(found["day"], today, *days)
    if day is None:
        return None, said
    check_ahead(day, today)
    at = instant(day, clock, group.zone)
    if at <= now:
        raise DomainError(Refusal.DAY_IS_PAST, date=day)
    return at, said[found.end() :].strip()


def _day_alone(group: GroupView, said: str, now: datetime, days: Days) -> str | None:
    """A day before the text that has a colon and no time behind it: it is part of the text."""
    found = _BEFORE_COLON.match(said)
    if found is None:
        return None
    day, rest = split_date(found[1], local(now, group.zone).date(), *days)
    return found[1] if day is not None and not rest else None


def _times(
    session: Session, group: GroupView, at: datetime | None, now: datetime
) -> list[tuple[str, datetime | None]]:
    """What an organizer may choose from; the time that they wrote comes first."""
    tomorrow = instant(local(now, group.zone).date() + timedelta(days=1), MORNING, group.zone)
    offered = [(labels.POST_NOW, None), (labels.IN_AN_HOUR, now + timedelta(hours=1))]
    offered.append((labels.TOMORROW, tomorrow))
    meeting = queries.next_meeting(session, group.id, now)
    if meeting is not None:
        that_day = instant(meeting.date, MORNING, group.zone)
        if that_day > tomorrow:
            offered.append((day_and_clock(that_day, group.zone), that_day))
    if at is None:
        return offered
    return [(day_and_clock(at, group.zone), at), *(one for one in offered if one[1] != at)]
