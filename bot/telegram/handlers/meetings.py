"""Moving, cancelling and restoring a meeting, for organizers."""

from datetime import date, datetime

from sqlalchemy.orm import Session
from telegram import InlineKeyboardMarkup, Update

from bot.domain.calendar import local
from bot.domain.callbacks import CancelMeeting, RestoreMeeting
from bot.domain.dates import Days
from bot.domain.moves import read_move
from bot.domain.views import Actor, GroupView, MeetingView
from bot.errors import DomainError, Refusal
from bot.services import meeting_changes, queries
from bot.services.members import require_organizer
from bot.telegram.context import Context
from bot.telegram.handlers.where import day_named, meeting_on
from bot.telegram.incoming import arguments
from bot.telegram.keyboards_meetings import cancellation, restoration
from bot.text.render import Html, render


async def move(update: Update, context: Context) -> None:
    words, now = arguments(update), context.now

    def use(session: Session, actor: Actor) -> tuple[date, MeetingView]:
        today, days = _dates(session, actor, now)
        asked = read_move(words, today, *days)
        there = meeting_on(session, actor.group_id, asked.day, now)
        moved = meeting_changes.move(session, actor, there.id, asked.to, asked.start_time, now)
        return there.date, moved

    group, (was, moved) = await context.act(update, use, as_organizer=True)
    await context.reply(update, render("moved", group=group, was=was, meeting=moved))


async def cancel(update: Update, context: Context) -> None:
    """Ask whether to cancel the meeting, or whether to restore one that is cancelled."""
    words, now = arguments(update), context.now

    def use(session: Session, actor: Actor) -> MeetingView:
        today, days = _dates(session, actor, now)
        there = meeting_on(session, actor.group_id, day_named(words, today, days), now)
        if there.begun:
            raise DomainError(Refusal.MEETING_IS_OVER, meeting=there)
        return there

    group, there = await context.act(update, use, as_organizer=True)
    if there.is_cancelled:
        await context.reply(update, *_cancelled(group, there, told=False))
    else:
        text = render("cancel_sure", group=group, meeting=there)
        await context.reply(update, text, cancellation(group, there))


async def cancel_surely(update: Update, context: Context, asked: CancelMeeting) -> None:
    now = context.now
    group, cancelled = await context.act(
        update,
        lambda s, a: meeting_changes.cancel(s, a, asked.meeting_id, asked.revision, now),
        asked.group_id,
        as_organizer=True,
    )
    await context.replace(update, *_cancelled(group, cancelled, told=True))


async def restore(update: Update, context: Context, asked: RestoreMeeting) -> None:
    now = context.now
    group, restored = await context.act(
        update,
        lambda s, a: meeting_changes.restore(s, a, asked.meeting_id, asked.revision, now),
        asked.group_id,
        as_organizer=True,
    )
    await context.replace(update, render("restored", group=group, meeting=restored))


def _dates(session: Session, actor: Actor, now: datetime) -> tuple[date, Days]:
    """Today in the group's zone, and when it meets; for organizers, so that nobody else has to get
    a date right before they hear that it is not for them."""
    require_organizer(actor)
    zone = actor.group.zone
    return local(now, zone).date(), queries.days(session, actor.group_id, now)


def _cancelled(
    group: GroupView, meeting: MeetingView, *, told: bool
) -> tuple[Html, InlineKeyboardMarkup]:
    """`told` says that it was cancelled just now, which the group will hear of."""
    return render("cancelled", meeting=meeting, told=told), restoration(group, meeting)
