"""Taps on buttons, and what the bot answers to them."""

import asyncio
from dataclasses import dataclass, field

from bot.sandbox.refusals import bad_request
from bot.sandbox.world import Json, Message, Person

MAX_ANSWER = 200


@dataclass(slots=True, eq=False)
class Tap:
    """A tap; `text`, `url` and `alert` are the bot's answer once `answered` is set."""

    id: str
    person: Person
    message: Message
    data: str
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
    def __init__(self) -> None:
        self._taps: dict[str, Tap] = {}
        self._count = 0
        self.answers: list[str] = []
        """What the bot said in answer to taps, oldest first; mostly nothing."""

    def tap(self, person: Person, message: Message, data: str) -> Tap:
        self._count += 1
        tap = Tap(str(9_000_000_000 + self._count), person, message, data)
        self._taps[tap.id] = tap
        return tap

    def answer(self, tap_id: str, text: str, url: str, *, alert: bool) -> None:
        tap = self._taps.pop(tap_id, None)
        if tap is None:
            raise bad_request(
                "query is too old and response timeout expired or query ID is invalid"
            )
        if len(text) > MAX_ANSWER:
            self._taps[tap_id] = tap
            raise bad_request("MESSAGE_TOO_LONG")
        tap.text, tap.url, tap.alert = text, url, alert
        self.answers.append(text)
        tap.answered.set()

    def forget_old(self) -> None:
        """What is not answered by now is too old to be."""
        self._taps.clear()
