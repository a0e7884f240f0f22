"""Messages in the groups' chats that are kept true: the announcement is edited when what it shows
changes, and the last one is pinned."""

from collections.abc import Callable
from datetime import datetime

from bot.clock import Clock
from bot.delivery import messages
from bot.delivery.outage import Outage
from bot.delivery.outcomes import PATIENCE, Messenger, Outcome, Refused, Sent
from bot.domain.views import OwedMessage
from bot.pictures import studio
from bot.pictures.cards import card_of
from bot.services import posts as stored
from bot.services.posts import Post
from bot.text.split import MAX_CAPTION
from storage.store import Store


class Posts:
    """Keeps those that were sent as they should be, with the means of the worker that sent them."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        messenger: Messenger,
        draw_card: studio.DrawCard,
        outage: Outage,
    ) -> None:
        self._store = store
        self._clock = clock
        self._messenger = messenger
        self._draw_card = draw_card
        self._outage = outage

    async def pin(self, told: OwedMessage, message_id: int) -> None:
        """Pin the announcement in place of the one before. Where the bot may not, it is no loss."""
        if await self._messenger.pin(told.chat_id, message_id):
            before = await self._store.write(lambda s: stored.pinned(s, told.group.id, message_id))
            if before is not None:
                await self._messenger.unpin(told.chat_id, before)

    async def refresh(self, go_on: Callable[[], bool]) -> None:
        """Edit what shows an earlier state. What cannot be done now is left to the next tick."""
        for delivery_id in await self._store.read(stored.stale):
            if not go_on() or self._outage.reason is not None:
                return
            await self._edit(delivery_id, self._clock.now())

    async def _edit(self, delivery_id: int, now: datetime) -> None:
        post = await self._store.read(lambda s: stored.as_it_is(s, delivery_id, now))
        if post is not None:
            if self._messenger.ready_in(post.shown.chat_id) > PATIENCE:
                return
            edit = self._edit_text if post.card is None else self._edit_card
            outcome, post = await edit(post, now)
            await self._outage.weigh(outcome)
            if not isinstance(outcome, Sent | Refused):
                return
        await self._store.write(lambda s: stored.fresh(s, delivery_id, post, now))

    async def _edit_text(self, post: Post, now: datetime) -> tuple[Outcome, Post]:
        text, buttons = messages.compose(post.shown, now, again=True)
        chat_id = post.shown.chat_id
        return await self._messenger.edit(chat_id, post.message_id, text, buttons), post

    async def _edit_card(self, post: Post, now: datetime) -> tuple[Outcome, Post]:
        """Change the caption, and the card where that is another one now. One that cannot be drawn
        gives way to a plain one: a card never shows what was."""
        shown, card = post.shown, None
        text, buttons = messages.compose(shown, now, again=True, most=MAX_CAPTION)
        if shown.meeting is not None:
            card = await self._draw_card(card_of(shown.group, shown.meeting))
        card = card or studio.plain()
        place = shown.chat_id, post.message_id
        if studio.digest(card) == post.card:
            return await self._messenger.edit_caption(*place, text, buttons), post
        outcome = await self._messenger.edit_caption(*place, text, buttons, card)
        if isinstance(outcome, Sent):
            return outcome, post._replace(card=studio.digest(card))
        if isinstance(outcome, Refused) and not outcome.unreachable:
            # At least the words are true, if the chat takes no pictures any more.
            outcome = await self._messenger.edit_caption(*place, text, buttons)
        return outcome, post
