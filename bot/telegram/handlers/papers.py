"""What a talk is on: answering a choice of paper, asking for one, and changing it."""

from sqlalchemy.orm import Session
from telegram import ForceReply, Update

from bot.domain.callbacks import Edit
from bot.domain.claims import Wish, read_paper
from bot.domain.views import Actor, DraftView, FoundTalk, GroupView, MeetingView, RequestView
from bot.errors import DomainError, Refusal
from bot.services import bookings, choices, drafts, edits, objections, queries, releases
from bot.services.choices import Seen
from bot.services.claims import Claimed
from bot.telegram import cards
from bot.telegram.context import Answer, Context
from bot.telegram.handlers import requests
from bot.telegram.handlers.where import own_named, read
from bot.telegram.incoming import arguments, chat_of, is_anonymous, is_private, link_behind
from bot.telegram.keyboards import seen_before, slots_to_take
from bot.telegram.keyboards_talks import talks_to_edit
from bot.text.render import Html, headed, render
from storage.enums import DraftKind

Outcome = Claimed | FoundTalk | Seen | RequestView | DraftView
"""A talk; or what speaks against it; or what the organizers are asked; or a draft whose title
nobody knows."""


async def show_open(update: Update, context: Context) -> None:
    """The open slots of the coming weeks, what each still expects, and a button for each."""

    def use(session: Session, group: GroupView) -> tuple[tuple[MeetingView, ...], bool]:
        meetings = queries.open_meetings(session, group.id, context.now)
        planned = meetings or queries.next_meeting(session, group.id, context.now)
        return meetings, bool(planned)

    async def told() -> Answer:
        group, (meetings, planned) = await context.ask(update, use)
        return slots_of(group, meetings) if planned else (render("nothing_next"), None)

    await context.reply_kept(update, "open", told)


def slots_of(group: GroupView, meetings: tuple[MeetingView, ...]) -> Answer:
    """The open slots of these meetings, and a button for each."""
    expected = {meeting.id: objections.expected(group, meeting) for meeting in meetings}
    free = any(meeting.open_slots for meeting in meetings)
    text = render("open", meetings=meetings, expected=expected, group=group)
    return text, slots_to_take(group, meetings) if free else None


async def answer(
    update: Update,
    context: Context,
    group: GroupView,
    slot_id: int,
    done: Outcome,
    wish: Wish,
    kind: DraftKind = DraftKind.CLAIM,
) -> None:
    """Say what became of a choice of paper for this slot."""
    match done:
        case Claimed(found) if not bookings.announced(found):
            await ask_for_paper(update, context, group, found, below=False)
        case Claimed(found, new):
            news = _left_out(wish) if new else render("yours_already")
            await cards.show(update, context, group, found, news)
        case FoundTalk():
            await cards.show(update, context, group, done, _left_out(wish))
        case Seen():
            _, draft = await context.act(
                update,
                lambda s, actor: drafts.keep_paper(s, actor, kind, wish, context.now, slot_id),
                group.id,
            )
            asker = update.effective_user.id if update.effective_user else None
            text = render("seen_before", seen=done, now=context.now, asker=asker)
            text = under_left_out(text, wish)
            await context.answer(update, text, seen_before(group, draft.id, slot_id))
        case RequestView():
            await requests.put(update, context, group, done, _left_out(wish))
        case DraftView():
            await ask_for_title(update, context, done)


def under_left_out(text: Html, wish: Wish) -> Html:
    """The text below what is said of links that are not kept, if there are any."""
    return headed(_left_out(wish), text)


def _left_out(wish: Wish) -> Html | None:
    return render("left_out", links=wish.left_out) if wish.left_out else None


async def ask_for_paper(
    update: Update, context: Context, group: GroupView, found: FoundTalk, *, below: bool
) -> None:
    """The slot is somebody's, and has no paper yet: whoever replies to the card names it."""
    person = found.talk.main
    news = render("paper_wanted", person=person) if person else None
    message_id = await cards.show(update, context, group, found, news, below=below)
    await _expect_reply(update, context, group, message_id, found.slot.id)


async def edit(update: Update, context: Context) -> None:
    """`/edit [jan 20 [2]] [TITLE] [LINK]`, with the talk named or chosen by a tap."""
    user, now = update.effective_user, context.now
    if user is None or is_anonymous(update.effective_message):
        raise DomainError(Refusal.SHOW_YOURSELF)
    words = arguments(update)

    def use(session: Session, group: GroupView) -> tuple[tuple[FoundTalk, ...], Wish]:
        talks = releases.releasable(session, group.id, user.id, now)
        wish = read(session, group, words, now)
        return _meant(talks, own_named(session, group.id, talks, wish, words, now), wish, words)

    group, (talks, wish) = await context.ask(update, use)
    wish = wish._replace(url=wish.url or link_behind(update.effective_message))
    said = bool(wish.title or wish.url)
    if len(talks) == 1 and said:
        await change(update, context, group, talks[0].slot.id, wish)
    elif len(talks) == 1:
        await _ask_for_change(update, context, group, talks[0].slot.id)
    else:
        draft_id = await _kept(update, context, group, wish) if talks and said else None
        keyboard = talks_to_edit(group, talks, draft_id)
        await context.reply(update, render("edit_which", talks=talks), keyboard)


async def perhaps_named(update: Update, context: Context, words: str) -> bool:
    """Who is to name a paper and writes something that is not understood is asked whether that is
    it. Returns whether they are."""
    wish, now = read_paper(words), context.now
    if wish.title is None:
        return False
    group, own = await context.act(update, lambda s, a: choices.own_for(s, a, None, now))
    if own:
        draft_id = await _kept(update, context, group, wish)
        text = render("is_it_paper", title=wish.title)
        await context.reply(update, text, talks_to_edit(group, own, draft_id))
    return bool(own)


async def _kept(update: Update, context: Context, group: GroupView, wish: Wish) -> int:
    """The draft that keeps what was said until a tap tells for which talk it is."""
    now = context.now
    await context.tools.catalogues.look_up(wish.url)

    def use(session: Session, actor: Actor) -> DraftView:
        bookings.title_for(session, wish.title, wish.url)  # what will not do is refused at once
        return drafts.keep_paper(session, actor, DraftKind.PAPER, wish, now)

    _, draft = await context.act(update, use, group.id)
    return draft.id


def _meant(
    talks: tuple[FoundTalk, ...], named: tuple[FoundTalk, ...], wish: Wish, words: str
) -> tuple[tuple[FoundTalk, ...], Wish]:
    """Those of one's own talks that the date and the slot's number are of, and the rest of the
    words. A date of none of them belongs to the title."""
    if not named:
        return talks, read_paper(words)
    in_slot = any(found.slot.position == wish.position for found in named)
    return named, wish if in_slot else wish._replace(title=wish.rest)


async def edit_tapped(update: Update, context: Context, asked: Edit) -> None:
    now = context.now
    group, found = await context.act(
        update, lambda s, actor: edits.own_talk(s, actor, asked.slot_id, now), asked.group_id
    )
    if found.talk.id != asked.talk_id:
        raise DomainError(Refusal.OLD_BUTTON)
    await _ask_for_change(update, context, group, asked.slot_id)


async def change(
    update: Update, context: Context, group: GroupView, slot_id: int, wish: Wish
) -> None:
    """Put this title, link or both on one's own talk."""
    now, in_group = context.now, not is_private(update)
    await context.tools.catalogues.look_up(wish.url)
    group, done = await context.act(
        update,
        lambda s, actor: choices.edit(
            s, actor, slot_id, wish.title, wish.url, now, in_group=in_group
        ),
        group.id,
    )
    await answer(update, context, group, slot_id, done, wish, DraftKind.PAPER)


async def ask_for_title(update: Update, context: Context, draft: DraftView) -> None:
    """No catalogue knows the link: whoever replies with the title goes on where they were."""
    text = render("title_wanted", known=False)
    message_id = await context.reply(update, text, ForceReply(selective=True))
    place = chat_of(update).id
    await context.tools.store.write(lambda s: drafts.asked_in(s, draft.id, place, message_id))


async def _ask_for_change(update: Update, context: Context, group: GroupView, slot_id: int) -> None:
    text = render("title_wanted", known=True)
    message_id = await context.reply(update, text, ForceReply(selective=True))
    await _expect_reply(update, context, group, message_id, slot_id)


async def _expect_reply(
    update: Update, context: Context, group: GroupView, message_id: int, slot_id: int
) -> None:
    now, place = context.now, chat_of(update).id

    def use(session: Session, actor: Actor) -> None:
        draft = drafts.keep(session, actor, DraftKind.PAPER, now, slot_id=slot_id)
        drafts.asked_in(session, draft.id, place, message_id)

    await context.act(update, use, group.id)
