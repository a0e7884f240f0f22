"""The buttons under a meeting, and the replies to what they ask; for organizers."""

from collections.abc import Callable
from datetime import date

from sqlalchemy.orm import Session
from telegram import ForceReply, Update

from bot.domain.callbacks import (
    AddSlot,
    AskCancel,
    AskNewMeeting,
    DropSlot,
    MoveMeeting,
    NameMeeting,
    PlaceMeeting,
    ShowMeeting,
)
from bot.domain.views import Actor, DraftView, GroupView, MeetingView
from bot.errors import DomainError, Refusal
from bot.services import (
    drafts,
    meeting_changes,
    meeting_details,
    meeting_questions,
    meeting_slots,
)
from bot.services.meeting_questions import Asks
from bot.telegram.context import Context
from bot.telegram.incoming import chat_of, message_of
from bot.telegram.keyboards_meetings import answers, cancelling, of_meeting, slots_to_drop
from bot.text import labels
from bot.text.render import Html, render


async def show(update: Update, context: Context, asked: ShowMeeting) -> None:
    """Back to the meeting: whatever was asked about it is not asked any more."""
    message, place, now = message_of(update), chat_of(update).id, context.now

    def use(session: Session, actor: Actor) -> MeetingView:
        if message is not None:
            drafts.ask_no_more(session, actor, place, message.message_id)
        return meeting_questions.of(session, actor, asked.meeting_id, now)

    group, meeting = await context.act(update, use, asked.group_id, as_organizer=True)
    text = render("meeting", group=group, meeting=meeting, today=context.today(group))
    await context.answer(update, text, of_meeting(group, meeting))


async def cancel(update: Update, context: Context, asked: AskCancel) -> None:
    now = context.now
    group, meeting = await context.act(
        update,
        lambda s, actor: meeting_questions.of(s, actor, asked.meeting_id, now),
        asked.group_id,
        as_organizer=True,
    )
    text = render("cancel_sure", group=group, meeting=meeting)
    await context.answer(update, text, cancelling(group, meeting))


async def move(update: Update, context: Context, asked: MoveMeeting) -> None:
    now, meeting_id = context.now, asked.meeting_id
    if asked.day:
        day = _day(asked.day)
        await _change(
            update,
            context,
            lambda s, a: meeting_changes.move(s, a, meeting_id, day, None, now),
            asked.group_id,
        )
    else:
        await _question(update, context, asked, Asks.DAY)


async def place(update: Update, context: Context, asked: PlaceMeeting) -> None:
    now, meeting_id = context.now, asked.meeting_id
    if asked.usual:
        await _change(
            update,
            context,
            lambda s, a: meeting_details.set_place(s, a, meeting_id, None, None, now),
            asked.group_id,
        )
    else:
        await _question(update, context, asked, Asks.PLACE)


async def name(update: Update, context: Context, asked: NameMeeting) -> None:
    now, meeting_id = context.now, asked.meeting_id
    if asked.choice:
        title = labels.SPECIAL_MEETINGS.get(asked.choice)
        await _change(
            update,
            context,
            lambda s, a: meeting_details.set_special(s, a, meeting_id, title, now),
            asked.group_id,
        )
    else:
        await _question(update, context, asked, Asks.TITLE)


async def add_slot(update: Update, context: Context, asked: AddSlot) -> None:
    now = context.now
    await _change(
        update,
        context,
        lambda s, a: meeting_slots.add(s, a, asked.meeting_id, asked.seen, now),
        asked.group_id,
        told=False,
    )


async def drop_slot(update: Update, context: Context, asked: DropSlot) -> None:
    now = context.now
    if asked.slot_id:
        await _change(
            update,
            context,
            lambda s, a: meeting_slots.drop(s, a, asked.meeting_id, asked.slot_id, now),
            asked.group_id,
            told=False,
        )
        return
    group, meeting = await context.act(
        update,
        lambda s, actor: meeting_questions.of(s, actor, asked.meeting_id, now),
        asked.group_id,
        as_organizer=True,
    )
    text = render("drop_which", meeting=meeting)
    await context.answer(update, text, slots_to_drop(group, meeting))


async def ask_new(update: Update, context: Context, asked: AskNewMeeting | None = None) -> None:
    """When and what one more meeting is, a reply says."""
    now = context.now
    _, draft_id = await context.act(
        update,
        lambda s, actor: meeting_questions.ask_new(s, actor, now),
        asked.group_id if asked else None,
        as_organizer=True,
    )
    message_id = await context.reply(update, render("meeting_when"), ForceReply(selective=True))
    await _expect(update, context, draft_id, message_id)


async def add(update: Update, context: Context, words: str) -> None:
    """`/meeting new mar 3 [18:00] [SOSP Rehearsal]`; without a word more it is asked for."""
    if not words:
        await ask_new(update, context)
        return
    now = context.now
    await _change(update, context, lambda s, a: meeting_questions.add(s, a, words, now))


async def answered(
    update: Update, context: Context, group: GroupView, draft: DraftView, words: str
) -> None:
    """Somebody replied to what was asked about a meeting."""
    now = context.now
    await _change(
        update,
        context,
        lambda s, actor: meeting_questions.answer(s, actor, draft, words, now),
        group.id,
    )


async def _change(
    update: Update,
    context: Context,
    change: Callable[[Session, Actor], MeetingView],
    group_id: int | None = None,
    *,
    told: bool = True,
) -> None:
    """Make the change and show the meeting as it is now. `told` says that the group will hear."""
    group, meeting = await context.act(update, change, group_id, as_organizer=True)
    done = render("meeting_changed", told=told and group.chat is not None)
    shown = render("meeting", group=group, meeting=meeting, today=context.today(group))
    await context.answer(update, Html(f"{done}\n\n{shown}"), of_meeting(group, meeting))


async def _question(
    update: Update, context: Context, asked: MoveMeeting | PlaceMeeting | NameMeeting, asks: Asks
) -> None:
    """Ask for a day, a place or a title: by buttons, or by a reply."""
    now = context.now
    group, question = await context.act(
        update,
        lambda s, actor: meeting_questions.ask(s, actor, asks, asked.meeting_id, now),
        asked.group_id,
        as_organizer=True,
    )
    text = render("meeting_asks", question=question, group=group)
    message_id = await context.answer(update, text, answers(group, question))
    await _expect(update, context, question.draft_id, message_id)


async def _expect(update: Update, context: Context, draft_id: int, message_id: int) -> None:
    place = chat_of(update).id
    await context.tools.store.write(lambda s: drafts.asked_in(s, draft_id, place, message_id))


def _day(ordinal: int) -> date:
    try:
        return date.fromordinal(ordinal)
    except (ValueError, OverflowError) as error:  # no button of ours says that
        raise DomainError(Refusal.OLD_BUTTON) from error
