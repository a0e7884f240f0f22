"""Sending what is due. Commit first, send second: a crash between the two leaves a row in
`sending`, which is then asked about instead of sent twice."""

import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.delivery import messages
from bot.delivery.outcomes import MaybeSent, Messenger, Moved, NotSent, Outcome, Refused, Sent
from bot.domain.views import OwedMessage
from bot.services import announcements, groups
from storage.store import Store

log = logging.getLogger(__name__)


class Worker:
    """Works through the ledger, one message at a time."""

    def __init__(self, store: Store, clock: Clock, messenger: Messenger) -> None:
        self._store = store
        self._clock = clock
        self._messenger = messenger

    async def tick(self, go_on: Callable[[], bool] = lambda: True) -> int:
        """Send everything that is due, as long as `go_on` says so before each message. Returns
        how many were tried.

        There is one worker, so what is in `sending` before a tick was left there by a crash or by
        a database that did not take the outcome: it may have been sent.
        """
        started = self._clock.now()
        left = await self._store.write(lambda session: _tidy(session, started))
        if left:
            log.warning("deliveries may have been sent, organizers are asked: %d", left)
        tried = 0
        while go_on() and (owed := await self._take()) is not None:
            outcome = await self._send(owed)
            await self._note(owed, outcome)
            tried += 1
        return tried

    async def _take(self) -> OwedMessage | None:
        now = self._clock.now()
        return await self._store.write(lambda session: announcements.take_due(session, now))

    async def _send(self, owed: OwedMessage) -> Outcome:
        try:
            text, buttons = messages.compose(owed, self._clock.now())
        except Exception:
            # One row that cannot be told must not keep the others waiting.
            log.exception("delivery %d cannot be put into words", owed.id)
            return Refused("it could not be put into words", unreachable=False)
        try:
            return await self._messenger.send(owed.chat_id, owed.topic_id, text, buttons)
        except Exception:
            log.exception("sending delivery %d broke off", owed.id)
            return MaybeSent("sending it broke off")

    async def _note(self, owed: OwedMessage, outcome: Outcome) -> None:
        now = self._clock.now()
        match outcome:
            case Sent(message_id):
                log.info("delivery %d (%s) sent", owed.id, owed.kind.value)
                await self._store.write(lambda s: announcements.sent(s, owed.id, message_id, now))
            case NotSent(reason, pause):
                log.info("delivery %d not sent yet: %s", owed.id, reason)
                await self._store.write(
                    lambda s: announcements.put_off(s, owed.id, reason, now, pause)
                )
            case MaybeSent(reason):
                log.warning("delivery %d may have been sent: %s", owed.id, reason)
                await self._store.write(lambda s: announcements.uncertain(s, owed.id, reason, now))
            case Refused(reason, unreachable):
                log.warning("delivery %d cannot be sent: %s", owed.id, reason)
                await self._store.write(
                    lambda s: announcements.failed(s, owed.id, reason, now, unreachable=unreachable)
                )
            case Moved(new_chat_id):
                log.info("delivery %d follows its group to a new chat id", owed.id)
                await self._follow(owed, new_chat_id)

    async def _follow(self, owed: OwedMessage, new_chat_id: int) -> None:
        now = self._clock.now()

        def use(session: Session) -> None:
            groups.migrate_chat(session, owed.chat_id, new_chat_id)
            # After the usual pause: should the new id not be taken over, this is no endless loop.
            announcements.put_off(session, owed.id, "the group became a supergroup", now)

        await self._store.write(use)


def _tidy(session: Session, now: datetime) -> int:
    left = announcements.recover(session, now)
    announcements.expire(session, now)
    return left
