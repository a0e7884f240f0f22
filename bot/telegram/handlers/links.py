"""Posting slides, a video or a summary of a talk."""

from datetime import datetime

from sqlalchemy.orm import Session
from telegram import Update

from bot.domain.callbacks import PostLink
from bot.domain.claims import Wish
from bot.domain.views import Actor, DraftView, FoundTalk
from bot.errors import DomainError, Refusal
from bot.services import drafts, links
from bot.services.links import Posted
from bot.telegram.context import Context, arguments, link_replied_to
from bot.telegram.handlers.where import meeting_on, read
from bot.telegram.keyboards import talks_of_link
from bot.text.render import Html, render
from storage.enums import DraftKind, LinkKind

Places = tuple[FoundTalk, ...]


async def slides(update: Update, context: Context) -> None:
    await _posted_by(update, context, LinkKind.SLIDES)


async def video(update: Update, context: Context) -> None:
    await _posted_by(update, context, LinkKind.VIDEO)


async def summary(update: Update, context: Context) -> None:
    await _posted_by(update, context, LinkKind.SUMMARY)


async def post(update: Update, context: Context, asked: PostLink) -> None:
    """The talk for a link was chosen by a tap."""
    now = context.now

    def use(session: Session, actor: Actor) -> Posted:
        draft = drafts.take_up(session, actor, asked.draft_id, now, DraftKind.VIDEO)
        # A question from before there were others than videos does not say what it is.
        kind = LinkKind(draft.title or LinkKind.VIDEO)
        slot_id, url = asked.slot_id or None, draft.url or ""
        return links.post(session, actor, kind, asked.meeting_id, slot_id, url, now)

    _, done = await context.act(update, use, asked.group_id, as_organizer=True)
    await context.replace(update, _posted(done))


async def _posted_by(update: Update, context: Context, kind: LinkKind) -> None:
    words, now = arguments(update), context.now
    _, wish = await context.ask(update, lambda s, g: read(s, g, words, now))
    url = wish.url
    if url is None and wish.title is not None:
        raise DomainError(Refusal.LINK_IS_NO_LINK, url=words.split()[-1])
    url = url or link_replied_to(update)
    group, (places, done) = await context.act(
        update, lambda s, actor: _post(s, actor, kind, wish, url, now), as_organizer=True
    )
    if isinstance(done, Posted):
        await context.reply(update, _posted(done))
        return
    meetings = tuple({one.meeting.id: one.meeting for one in places}.values())
    if done is None:
        await context.reply(update, render("link_how", kind=kind, meetings=meetings))
    else:
        keyboard = talks_of_link(group, done.id, places)
        await context.reply(update, render("link_which", kind=kind, meetings=meetings), keyboard)


def _post(
    session: Session, actor: Actor, kind: LinkKind, wish: Wish, url: str | None, now: datetime
) -> tuple[Places, Posted | DraftView | None]:
    """Post at once where there is nothing to ask. Without a link: the talks it would be for."""
    places = _places(session, actor, kind, wish, now)
    if url is None:
        return places, None
    if not places:
        raise DomainError(Refusal.NOTHING_TO_POST_TO, kind=kind)
    links.check_link(url)
    if len(places) == 1:
        meeting_id, slot_id = places[0].meeting.id, places[0].slot.id
        return places, links.post(session, actor, kind, meeting_id, slot_id, url, now)
    return places, drafts.keep(session, actor, DraftKind.VIDEO, now, title=kind.value, url=url)


def _places(session: Session, actor: Actor, kind: LinkKind, wish: Wish, now: datetime) -> Places:
    if wish.day is None:
        return links.places(session, actor, kind, now)
    meeting = meeting_on(session, actor.group_id, wish.day, now)
    return links.places_on(actor, kind, meeting, wish.position, now)


def _posted(done: Posted) -> Html:
    return render("link_posted", done=done, meeting=done.talks[0].meeting)
