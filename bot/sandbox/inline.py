"""Inline queries: what people type after the bot's name in any chat, and what it offers them."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime

from bot.clock import Clock
from bot.sandbox.queries import TOO_OLD
from bot.sandbox.world import Json, Person

MAX_QUERY = 256
MAX_KEPT = 200


@dataclass(slots=True, eq=False)
class Asked:
    """An inline query; `results`, `button` and `next_offset` are the bot's answer once `answered`
    is set. A result's `text` and `entities` are the message that choosing it sends."""

    id: str
    person: Person
    query: str
    offset: str
    date: datetime
    results: list[Json] = field(default_factory=list)
    button: Json | None = None
    next_offset: str = ""
    cache_time: int = 300
    is_personal: bool = False
    answered: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def titles(self) -> list[str]:
        return [result["title"] for result in self.results]

    def as_api(self) -> Json:
        return {
            "id": self.id,
            "from": self.person.as_user(),
            "query": self.query,
            "offset": self.offset,
        }


class Inline:
    """`is_on` is what @BotFather's /setinline says."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._asked: dict[str, Asked] = {}
        self._count = 0
        self.is_on = True

    def ask(self, person: Person, query: str, offset: str) -> Asked:
        self._count += 1
        number = str(8_000_000_000 + self._count)
        asked = Asked(number, person, query[:MAX_QUERY], offset, self._clock.now())
        self._asked[asked.id] = asked
        if len(self._asked) > MAX_KEPT:
            del self._asked[next(iter(self._asked))]
        return asked

    def waiting(self, query_id: str) -> Asked | None:
        """The query, as long as it can be answered."""
        asked = self._asked.get(query_id)
        if asked is None or asked.answered.is_set() or self._clock.now() - asked.date > TOO_OLD:
            return None
        return asked

    def answered(self, query_id: str) -> Asked | None:
        """The query with its answer, from which people choose."""
        asked = self._asked.get(query_id)
        return asked if asked is not None and asked.answered.is_set() else None
