"""Planning a term, looking at the one that is on, and closing it; for organizers."""

from sqlalchemy.orm import Session
from telegram import Update

from bot.domain.callbacks import AskClose, CloseTerm, MakeTerm, NewTerm, PlanTerm
from bot.domain.term_plans import Step
from bot.domain.views import DraftView, GroupView, TermNow
from bot.errors import DomainError, Refusal
from bot.services import closings, drafts, new_terms, term_drafts
from bot.services.term_drafts import Planning
from bot.telegram.context import Context
from bot.telegram.incoming import arguments, chat_of
from bot.telegram.keyboards_terms import closing, of_made, of_step, of_term, opening
from bot.text.render import render

NEW, CLOSE = "new", "close"


async def term(update: Update, context: Context) -> None:
    """`/term` shows the one that is on, `/term new 2026 Spring` plans one, `/term close` ends the
    one that is on or was, `/term close 2025 Fall` that one."""
    word, _, rest = arguments(update).partition(" ")
    if word.lower() == NEW:
        await _begin(update, context, rest, None)
    elif word.lower() == CLOSE:
        await _ask_to_close(update, context, None, rest)
    else:
        await _show(update, context)


async def new_tapped(update: Update, context: Context, asked: NewTerm) -> None:
    await _begin(update, context, "", asked.group_id)


async def step_tapped(update: Update, context: Context, asked: PlanTerm) -> None:
    now = context.now
    try:
        step = Step(asked.step)
    except ValueError as error:  # no button of ours says that
        raise DomainError(Refusal.OLD_BUTTON) from error
    group, planning = await context.act(
        update,
        lambda s, actor: term_drafts.choose(s, actor, asked.draft_id, step, asked.choice, now),
        asked.group_id,
        as_organizer=True,
    )
    await _ask(update, context, group, planning)


async def answered(
    update: Update, context: Context, group: GroupView, draft: DraftView, words: str
) -> None:
    """Somebody replied to the step that was asked."""
    now = context.now
    reply_id = update.effective_message.message_id if update.effective_message else 0
    group, planning = await context.act(
        update,
        lambda s, actor: term_drafts.answer(s, actor, draft.id, words, reply_id, now),
        group.id,
        as_organizer=True,
    )
    await _ask(update, context, group, planning)


async def make(update: Update, context: Context, asked: MakeTerm) -> None:
    now = context.now
    group, made = await context.act(
        update,
        lambda s, actor: new_terms.make(s, actor, asked.draft_id, now),
        asked.group_id,
        as_organizer=True,
    )
    await context.answer(update, render("term_made", made=made), of_made(group, made))


async def close_tapped(update: Update, context: Context, asked: AskClose) -> None:
    await _ask_to_close(update, context, asked.group_id)


async def close_surely(update: Update, context: Context, asked: CloseTerm) -> None:
    now = context.now
    group, closed = await context.act(
        update,
        lambda s, actor: closings.close(s, actor, asked.term_id, now),
        asked.group_id,
        as_organizer=True,
    )
    text = render("term_now_closed", term=closed.term)
    await context.answer(update, text, opening(group, closed.entry_id))


async def _begin(update: Update, context: Context, title: str, group_id: int | None) -> None:
    now = context.now
    group, planning = await context.act(
        update,
        lambda s, actor: term_drafts.begin(s, actor, title, now),
        group_id,
        as_organizer=True,
    )
    # What the button stood under stays as it is.
    await _ask(update, context, group, planning, below=True)


async def _ask(
    update: Update, context: Context, group: GroupView, planning: Planning, *, below: bool = False
) -> None:
    """Ask the step that is next, and take a reply to it for its answer."""
    if planning.step is Step.PLAN:
        text = render("term_plan", planning=planning)
    else:
        text = render("term_step", planning=planning)
    keyboard = of_step(group, planning)
    say = context.reply if below else context.answer
    message_id, place = await say(update, text, keyboard), chat_of(update).id
    await context.tools.store.write(
        lambda s: drafts.asked_in(s, planning.draft_id, place, message_id)
    )


async def _ask_to_close(
    update: Update, context: Context, group_id: int | None, title: str = ""
) -> None:
    now = context.now
    group, there = await context.act(
        update,
        lambda s, actor: closings.ask(s, actor, now, title.strip()),
        group_id,
        as_organizer=True,
    )
    text = render("term_close_sure", there=there)
    await context.reply(update, text, closing(group, there.term))


async def _show(update: Update, context: Context) -> None:
    now = context.now

    def use(session: Session, group: GroupView) -> tuple[TermNow | None, bool]:
        there = closings.look(session, group, now)
        return there, context.shows_organizer(session, group, update)

    group, (there, organizer) = await context.ask(update, use)
    keyboard = of_term(group, runs=there is not None) if organizer else None
    text = render("term", there=there, group=group, organizer=organizer)
    await context.reply(update, text, keyboard)
