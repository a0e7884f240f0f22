"""Sending what is due. Commit first, send second: a crash between the two leaves a row in
`sending`, which is then asked about instead of sent twice."""

import asyncio
import logging
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.delivery import messages
from bot.delivery.outage import Outage
from bot.delivery.outcomes import (
    PATIENCE,
    Button,
    MaybeSent,
    Messenger,
    Moved,
    NotSent,
    Outcome,
    Refused,
    Sent,
)
from bot.delivery.posts import Posts
from bot.domain.views import OwedMessage
from bot.pictures import studio
from bot.pictures.cards import card_of
from bot.services import deliveries, groups, ledger, owed
from bot.text.render import Html
from bot.text.split import MAX_CAPTION, fits
from storage.enums import DeliveryKind
from storage.store import Store

log = logging.getLogger(__name__)

IN_FLIGHT = 8
"""Messages on their way at once, each to another chat. At a tenth of a second for an answer they
are enough for the 30 a second that Telegram takes."""

CARDS_IN_HAND = 4
"""Cards that wait to be drawn, which goes one by one. When more groups than that are told at the
same minute, the others' announcements go out without: words in time are worth more."""


class Worker:
    """Works through the ledger."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        messenger: Messenger,
        draw_card: studio.DrawCard = studio.card,
    ) -> None:
        self._store = store
        self._clock = clock
        self._messenger = messenger
        self._draw_card = draw_card
        self._in_hand = 0
        self._outage = Outage(clock, messenger.is_reachable)
        self._posts = Posts(store, clock, messenger, draw_card, self._outage)

    async def tick(self, go_on: Callable[[], bool] = lambda: True) -> int:
        """Send everything that is due, as long as `go_on` says so before each message, and bring
        what was sent up to date. Returns how many messages were tried. While Telegram is silent
        that is none.

        There is one worker, so what is in `sending` before a tick was left there by a crash or by
        a database that did not take the outcome: it may have been sent.
        """
        started = self._clock.now()
        left = await self._store.write(lambda session: _tidy(session, started))
        if left:
            log.warning("deliveries may have been sent, organizers are asked: %d", left)
        if not await self._outage.is_over():
            await self._hold_up(started)
            return 0
        tried = await self._send_all(go_on)
        await self._posts.refresh(go_on)
        return tried

    async def _send_all(self, go_on: Callable[[], bool]) -> int:
        flights: dict[asyncio.Task[None], int] = {}
        tried = 0
        try:
            while True:
                due = None
                if len(flights) < IN_FLIGHT and self._outage.reason is None and go_on():
                    due = await self._take(flights.values())
                if due is not None:
                    # One at a time in each chat, so that messages arrive in their order.
                    flights[asyncio.create_task(self._deliver(due))] = due.chat_id
                    tried += 1
                elif flights:
                    done, _ = await asyncio.wait(flights, return_when=asyncio.FIRST_COMPLETED)
                    for flight in done:
                        del flights[flight]
                        flight.result()
                else:
                    return tried
        finally:
            # What is on its way has an outcome to be noted, whatever became of the others.
            await asyncio.gather(*flights, return_exceptions=True)

    async def _take(self, busy: Collection[int]) -> OwedMessage | None:
        now, elsewhere = self._clock.now(), frozenset(busy)
        return await self._store.write(lambda session: owed.take(session, now, elsewhere))

    async def _deliver(self, due: OwedMessage) -> None:
        outcome, card = await self._send(due)
        if outcome is None:
            return
        await self._note(due, outcome, card)
        await self._outage.weigh(outcome)
        pins = due.kind is DeliveryKind.ANNOUNCEMENT and due.group.reminders.pins
        if pins and isinstance(outcome, Sent):
            await self._posts.pin(due, outcome.message_id)

    async def _send(self, due: OwedMessage) -> tuple[Outcome | None, str | None]:
        """What became of it, and the digest of the card that it went out with; `None` when it was
        changed while its card was drawn, and is due as it is now."""
        try:
            text, buttons = messages.compose(due, self._clock.now())
        except Exception:
            # One row that cannot be told must not keep the others waiting.
            log.exception("delivery %d cannot be put into words", due.id)
            return Refused(owed.UNWORDABLE, unreachable=False), None
        wait = self._messenger.ready_in(due.chat_id)
        if wait > PATIENCE:
            return NotSent("the chat has had its share for now", timedelta(seconds=wait)), None
        card = None
        if self._wants_card(due, text):
            card = await self._drawn(due)
            now = self._clock.now()
            if not await self._store.write(lambda session: owed.take_up(session, due, now)):
                return None, None
        outcome = await self._try(due, text, buttons, card)
        if card is not None and isinstance(outcome, Refused) and not outcome.unreachable:
            # It may be the picture that is not taken; what is refused was certainly not sent.
            card = None
            outcome = await self._try(due, text, buttons)
        return outcome, studio.digest(card) if card is not None else None

    async def _try(
        self,
        due: OwedMessage,
        text: Html,
        buttons: tuple[Button, ...],
        card: bytes | None = None,
    ) -> Outcome:
        try:
            return await self._messenger.send(due.chat_id, due.topic_id, text, buttons, card)
        except Exception:
            log.exception("sending delivery %d broke off", due.id)
            return MaybeSent("sending it broke off")

    def _wants_card(self, due: OwedMessage, text: Html) -> bool:
        """Whether a picture goes out with it: with an announcement, if the group wants one and the
        whole text fits under it. What the card says has to stand there as well."""
        if due.kind is not DeliveryKind.ANNOUNCEMENT or due.meeting is None:
            return False
        if not due.group.reminders.cards or not fits(text, MAX_CAPTION):
            return False
        return self._in_hand < CARDS_IN_HAND

    async def _drawn(self, due: OwedMessage) -> bytes | None:
        """The picture. While it is drawn the message is not on its way, and a crash leaves nothing
        to ask about."""
        if due.meeting is None:
            return None
        self._in_hand += 1
        try:
            await self._store.write(lambda session: owed.set_aside(session, due.id))
            return await self._draw_card(card_of(due.group, due.meeting))
        finally:
            self._in_hand -= 1

    async def _note(self, due: OwedMessage, outcome: Outcome, card: str | None) -> None:
        now = self._clock.now()
        match outcome:
            case Sent(message_id):
                log.info("delivery %d (%s) sent", due.id, due.kind.value)
                await self._store.write(
                    lambda s: deliveries.sent(s, due.id, message_id, now, card, due.reason)
                )
            case NotSent(reason, pause):
                if reason != due.reason:
                    log.info("delivery %d not sent yet: %s", due.id, reason)
                await self._store.write(lambda s: deliveries.put_off(s, due.id, reason, now, pause))
            case MaybeSent(reason):
                log.warning("delivery %d may have been sent: %s", due.id, reason)
                await self._store.write(lambda s: deliveries.uncertain(s, due.id, reason, now))
            case Refused(reason, unreachable):
                log.warning("delivery %d cannot be sent: %s", due.id, reason)
                await self._store.write(
                    lambda s: deliveries.failed(s, due.id, reason, now, unreachable=unreachable)
                )
            case Moved(new_chat_id):
                log.info("delivery %d follows its group to a new chat id", due.id)
                await self._follow(due, new_chat_id)

    async def _hold_up(self, now: datetime) -> None:
        reason = self._outage.reason or ""
        await self._store.write(lambda session: ledger.hold_up(session, reason, now))

    async def _follow(self, due: OwedMessage, new_chat_id: int) -> None:
        now = self._clock.now()

        def use(session: Session) -> None:
            groups.migrate_chat(session, due.chat_id, new_chat_id)
            # After the usual pause: should the new id not be taken over, this is no endless loop.
            deliveries.put_off(session, due.id, "the group became a supergroup", now)

        await self._store.write(use)


def _tidy(session: Session, now: datetime) -> int:
    left = deliveries.recover(session, now)
    ledger.expire(session, now)
    return left
