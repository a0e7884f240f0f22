"""Requests that fail in every way, one in ten."""

from collections import Counter
from random import Random

from bot.sandbox import ApiError, Drop, Garbage
from bot.sandbox.faults import Fault, Faults, Hold

TOUCHED = (
    "sendMessage",
    "sendPhoto",
    "editMessageText",
    "editMessageCaption",
    "editMessageMedia",
    "pinChatMessage",
    "unpinChatMessage",
)


class Chaos(Faults):
    """`rate` of the bot's requests fail. What was served is counted by kind."""

    def __init__(self, random: Random, rate: float) -> None:
        super().__init__()
        self._random = random
        self._rate = rate
        self.served: Counter[str] = Counter()

    def take(self, method: str, chat_id: object) -> Fault | None:
        if method not in TOUCHED or self._random.random() >= self._rate:
            return super().take(method, chat_id)
        name, fault = self._random.choice(_kinds(self._random))
        self.served[name] += 1
        return fault


def _kinds(random: Random) -> list[tuple[str, Fault]]:
    wait = random.choice((1, 5, 40))
    held = Hold()
    return [
        ("asked to wait", ApiError(429, "Too Many Requests", retry_after=wait)),
        ("500", ApiError(500, "Internal Server Error")),
        ("502 of a gateway", Garbage(502, "<html>Bad Gateway</html>")),
        ("a web page for an answer", Garbage(200, "<html>Please log in</html>")),
        ("cut off before", Drop.BEFORE),
        ("cut off after", Drop.AFTER),
        ("cut off halfway", Drop.HALFWAY),
        ("no answer", held),
        ("no answer, and no effect", Hold(before=True)),
    ]
