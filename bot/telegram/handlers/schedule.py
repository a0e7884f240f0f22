"""Questions about the schedule."""

from typing import Any

from sqlalchemy.orm import Session
from telegram import Update

from bot.domain.calendar import local
from bot.domain.callbacks import ShowSchedule
from bot.domain.dates import find_date
from bot.domain.month_days import first_of_month
from bot.domain.titles import wanted_words
from bot.domain.views import FoundTalk, GroupView, MeetingView, ScheduleView
from bot.errors import DomainError, Refusal
from bot.services import queries
from bot.telegram.context import Answer, Context
from bot.telegram.handlers import meeting_menu
from bot.telegram.handlers.where import day_named, meeting_on
from bot.telegram.incoming import arguments, is_anonymous
from bot.telegram.keyboards import paging
from bot.telegram.keyboards_links import slides_to_get
from bot.telegram.keyboards_meetings import of_meeting
from bot.telegram.keyboards_talks import own_talks
from bot.text.render import render

NEW = "new"
MAX_WORDS = 200
"""Characters that `/find` looks for; no title, name or venue needs more to be found."""


async def next_(update: Update, context: Context) -> None:
    async def answer() -> Answer:
        group, meeting = await context.ask(
            update, lambda session, group: queries.next_meeting(session, group.id, context.now)
        )
        if meeting is None:
            return render("nothing_next"), None
        text = render("meeting", group=group, meeting=meeting, today=context.today(group))
        return text, None

    await context.reply_kept(update, "next", answer)


async def schedule(update: Update, context: Context) -> None:
    """`/schedule`, or `/schedule jan 27` and `/schedule march`: the page with this day or month."""
    words = arguments(update)
    if words:
        await _schedule_of(update, context, words)
        return

    async def answer() -> Answer:
        group, shown = await context.ask(
            update, lambda session, group: queries.schedule(session, group.id, context.now)
        )
        return render("schedule", group=group, schedule=shown), paging(group, shown)

    await context.reply_kept(update, "schedule", answer)


async def _schedule_of(update: Update, context: Context, words: str) -> None:
    now = context.now

    def use(session: Session, group: GroupView) -> ScheduleView:
        today = local(now, group.zone).date()
        day = find_date(words, today, *queries.days(session, group.id, now, today))
        day = day or first_of_month(words, today)
        offset = queries.page_with(session, group.id, day, now) if day else 0
        return queries.schedule(session, group.id, now, offset)

    group, shown = await context.ask(update, use)
    text = render("schedule", group=group, schedule=shown)
    await context.reply(update, text, paging(group, shown))


async def turn_page(update: Update, context: Context, asked: ShowSchedule) -> None:
    group, shown = await context.ask(
        update,
        lambda session, group: queries.schedule(session, group.id, context.now, asked.offset),
        asked.group_id,
    )
    text = render("schedule", group=group, schedule=shown)
    await context.replace(update, text, paging(group, shown))


async def meeting(update: Update, context: Context) -> None:
    """`/meeting jan 13`, without a date the next one; `/meeting new mar 3` is for organizers."""
    words = arguments(update)
    first, _, rest = words.partition(" ")
    if first.lower() == NEW:
        await meeting_menu.add(update, context, rest)
        return
    await show_meeting(update, context, words)


async def show_meeting(update: Update, context: Context, words: str) -> None:
    """The meeting on the day that these words name, and without words the next one. Raises
    `DomainError` for words without a date, and for a day without a meeting."""
    now = context.now

    def use(session: Session, group: GroupView) -> tuple[MeetingView | None, bool]:
        organizer = context.shows_organizer(session, group, update)
        if not words:
            return queries.next_meeting(session, group.id, now), organizer
        today = local(now, group.zone).date()
        days = queries.days(session, group.id, now, today)
        day = day_named(words, today, days)
        return meeting_on(session, group.id, day, now), organizer

    group, (found, organizer) = await context.ask(update, use)
    if found is None:
        await context.reply(update, render("nothing_next"))
        return
    text = render("meeting", group=group, meeting=found, today=context.today(group))
    changing = of_meeting(group, found) if organizer else None
    await context.reply(update, text, slides_to_get(group, found, changing))


async def find(update: Update, context: Context) -> None:
    words = arguments(update)[:MAX_WORDS]
    if not words:
        await context.reply(update, render("find_what"))
        return
    wanted = wanted_words(words) or words
    group, talks = await context.ask(
        update, lambda session, group: queries.find(session, group.id, wanted, context.now)
    )
    await context.reply(update, render("found", group=group, words=words, **_bounded(talks)))


async def mine(update: Update, context: Context) -> None:
    user = update.effective_user
    if user is None or is_anonymous(update.effective_message):
        raise DomainError(Refusal.SHOW_YOURSELF)
    now = context.now
    group, talks = await context.ask(
        update, lambda session, group: queries.talks_of(session, group.id, user.id, now)
    )
    coming = sorted(
        (found for found in talks if found.is_coming(now)),
        key=lambda found: (found.meeting.starts_at, found.slot.position),
    )
    await context.reply(
        update, render("mine", group=group, **_bounded(talks)), own_talks(group, coming)
    )


def _bounded(talks: tuple[FoundTalk, ...]) -> dict[str, Any]:
    return {"talks": talks[: queries.MOST_FOUND], "more": len(talks) > queries.MOST_FOUND}
