"""Taps on buttons, and what the bot answers to them."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.sandbox.refusals import bad_request
from bot.sandbox.world import Json, Message, Person

MAX_ANSWER = 200
MAX_KEPT = 2000

TOO_OLD = timedelta(minutes=1)
"""Telegram does not say how long a query can be answered; a bot that needs longer than this lets
people wait in vain."""


@dataclass(slots=True, eq=False)
class Tap:
    """A tap; `text`, `url` and `alert` are the bot's answer once `answered` is set."""

    id: str
    person: Person
    message: Message
    data: str
    date: datetime
    text: str = ""
    url: str = ""
    alert: bool = False
    answered: asyncio.Event = field(default_factory=asyncio.Event)

    def as_api(self) -> Json:
        return {
            "id": self.id,
            "from": self.person.as_user(),
            "message": self.message.as_api(),
            "chat_instance": str(self.message.chat.id),
            "data": self.data,
        }


class Queries:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._taps: dict[str, Tap] = {}
        self._count = 0
        self.answers: list[str] = []
        """What the bot said in answer to the latest taps, oldest first; mostly nothing."""

    def tap(self, person: Person, message: Message, data: str) -> Tap:
        self._count += 1
        tap = Tap(str(9_000_000_000 + self._count), person, message, data, self._clock.now())
        self._taps[tap.id] = tap
        if len(self._taps) > MAX_KEPT:
            del self._taps[next(iter(self._taps))]
        return tap

    def answer(self, tap_id: str, text: str, url: str, *, alert: bool) -> None:
        """Raises `ApiError` for a tap that is unknown, answered, or too old, and for an answer
        that Telegram does not show."""
        tap = self._taps.pop(tap_id, None)
        if tap is None or self._clock.now() - tap.date > TOO_OLD:
            raise bad_request(
                "query is too old and response timeout expired or query ID is invalid"
            )
        if len(text) > MAX_ANSWER:
            self._taps[tap_id] = tap
            raise bad_request("MESSAGE_TOO_LONG")
        if url and not url.startswith(("https://t.me/", "tg://")):
            self._taps[tap_id] = tap
            raise bad_request("URL_INVALID")
        tap.text, tap.url, tap.alert = text, url, alert
        self.answers.append(text)
        if len(self.answers) > 2 * MAX_KEPT:
            del self.answers[:MAX_KEPT]
        tap.answered.set()
