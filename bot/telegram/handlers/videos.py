"""Posting a meeting's video."""

from datetime import datetime

from sqlalchemy.orm import Session
from telegram import Update

from bot.domain.callbacks import PostVideo
from bot.domain.claims import Wish
from bot.domain.views import Actor, DraftView, MeetingView
from bot.errors import DomainError, Refusal
from bot.services import drafts, links, queries
from bot.services.links import Posted
from bot.services.members import require_member, require_organizer
from bot.telegram.context import Context, arguments
from bot.telegram.handlers.where import meeting_on, read
from bot.telegram.keyboards import talks_of_video
from bot.text.render import Html, render
from storage.enums import DraftKind, LinkKind

Question = tuple[DraftView, MeetingView]
"""The link, and the meeting whose talks are offered."""


async def video(update: Update, context: Context) -> None:
    words, now = arguments(update), context.now
    group, wish = await context.ask(update, lambda s, g: read(s, g, words, now))
    if wish.url is None and words:
        raise DomainError(Refusal.LINK_IS_NO_LINK, url=words.split()[-1])
    group, done = await context.act(
        update, lambda s, actor: _post(s, actor, wish, now), as_organizer=True
    )
    if done is None or isinstance(done, MeetingView):
        await context.reply(update, render("video_how", meeting=done))
    elif isinstance(done, Posted):
        await context.reply(update, _posted(done, wish.url))
    else:
        draft, meeting = done
        keyboard = talks_of_video(group, draft.id, meeting)
        await context.reply(update, render("video_which", meeting=meeting), keyboard)


async def post(update: Update, context: Context, asked: PostVideo) -> None:
    now = context.now

    def use(session: Session, actor: Actor) -> tuple[Posted, str | None]:
        draft = drafts.take_up(session, actor, asked.draft_id, now, DraftKind.VIDEO)
        meeting = queries.meeting(session, actor.group_id, asked.meeting_id, now)
        everything = frozenset(slot.id for slot in meeting.slots) if meeting else frozenset()
        slots = frozenset({asked.slot_id}) if asked.slot_id else everything
        url = draft.url or ""
        return links.post_video(session, actor, asked.meeting_id, slots, url, now), url

    _, (done, url) = await context.act(update, use, asked.group_id, as_organizer=True)
    await context.replace(update, _posted(done, url))


def _post(
    session: Session, actor: Actor, wish: Wish, now: datetime
) -> Posted | Question | MeetingView | None:
    """Post at once where there is nothing to ask. Without a link: the meeting it would go to."""
    require_organizer(actor)
    meeting = _meeting(session, actor, wish, now)
    if wish.url is None:
        return meeting
    if meeting is None:
        raise DomainError(Refusal.NOTHING_TO_POST_TO)
    links.check_link(wish.url)
    slots = _slots(meeting, wish)
    if len(slots) == 1:
        return links.post_video(session, actor, meeting.id, slots, wish.url, now)
    require_member(actor)
    return drafts.keep(session, actor, DraftKind.VIDEO, now, url=wish.url), meeting


def _meeting(session: Session, actor: Actor, wish: Wish, now: datetime) -> MeetingView | None:
    if wish.day is None:
        return links.lacking_video(session, actor.group_id, now)
    meeting = meeting_on(session, actor.group_id, wish.day, now)
    if meeting.starts_at > now:
        raise DomainError(Refusal.NOT_YET_HELD, meeting=meeting)
    return meeting


def _slots(meeting: MeetingView, wish: Wish) -> frozenset[int]:
    """The slots that can be meant: the one that was named, or the talks without a video, or all
    talks when none lacks one."""
    if wish.position is not None:
        named = [slot.id for slot in meeting.slots if slot.position == wish.position]
        if not named:
            raise DomainError(Refusal.NO_TALK_THERE, meeting=meeting)
        return frozenset(named)
    talks = [(slot.id, slot.talk) for slot in meeting.slots if slot.talk]
    lacking = frozenset(slot_id for slot_id, talk in talks if not talk.has(LinkKind.VIDEO))
    return lacking or frozenset(slot_id for slot_id, _talk in talks)


def _posted(done: Posted, url: str | None) -> Html:
    return render("video_posted", meeting=done.meeting, talks=done.talks, url=url, new=done.new)
