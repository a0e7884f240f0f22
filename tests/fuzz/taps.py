"""Taps on buttons: real ones, ones that nobody was shown, and ones from where nothing is shown."""

from collections.abc import Callable
from datetime import timedelta
from itertools import islice
from random import Random
from typing import Final

from bot.domain import callbacks
from bot.sandbox import Chat, Message, Person, Sandbox
from bot.sandbox.world import Json
from bot.telegram.router import BUTTONS
from tests.fuzz.scene import Scene
from tests.fuzz.words import odd

SHAPES: Final = tuple(BUTTONS)
RECENT: Final = 40
"""Messages of a chat among which a button is looked for that somebody taps."""

BROKEN: Final = (
    "", "c1", "c1:", "c0:page:1:0", "c1:page:1", "c1:take:1:1:1:1", "c1:take:1:-1:x",
    "c1:page:1:" + "9" * 20, "c1:\0:1", "c1:page:１:٢", ":" * 60,
)  # fmt: skip


class Taps:
    """`places` says where somebody can write. `on` is told whose tap under which message it was."""

    def __init__(
        self, scene: Scene, random: Random, places: Callable[[Person], list[Chat]]
    ) -> None:
        self._scene = scene
        self._clock = scene.inside.clock
        self._sandbox: Sandbox = scene.inside.sandbox
        self._random = random
        self._places = places

    def real(self, person: Person) -> Json | None:
        """On a button somewhere; most likely on one of the newest."""
        chats = [*self._places(person), self._scene.here]
        self._random.shuffle(chats)
        for chat in chats:
            shown = [message for message in newest(chat) if buttons(message)]
            if shown:
                place = min(self._random.randrange(len(shown)) for _ in range(2))
                return self.on(person, shown[place])
        return None

    def on(self, person: Person, message: Message) -> Json:
        """On one of the buttons of this message."""
        return self._tap(person, message, self._random.choice(buttons(message)))

    def forged(self, person: Person) -> Json:
        """What no button of the message holds."""
        place = self._random.choice([*self._places(person), self._scene.here])
        there = [message for message in newest(place) if message.from_bot]
        if there and self._random.random() < 0.7:
            message = self._random.choice(there)
        else:
            place.started = True
            message = place.add(self._sandbox.world.bot, self._clock.now(), text="?")
        known = buttons(message)
        if known and self._random.random() < 0.3:
            return self._tap(person, message, self._altered(self._random.choice(known)))
        return self._tap(person, message, self.data())

    def from_afar(self, person: Person) -> Json:
        """Under a message that is too old to be shown, or that was sent through the bot; a game."""
        known = Message(1, self._scene.here, person, self._clock.now())
        tap = self._sandbox.queries.tap(person, known, "")
        query: Json = {"id": tap.id, "from": person.as_user(), "chat_instance": "1"}
        way = self._random.randrange(4)
        place = self._random.choice([*self._places(person), self._scene.here])
        if way == 0:
            gone = {"chat": place.as_api(), "message_id": self._random.randint(1, 2000), "date": 0}
            return {"callback_query": query | {"data": self.data(), "message": gone}}
        if way == 1:
            return {"callback_query": query | {"data": self.data(), "inline_message_id": "i"}}
        if way == 2:
            return {"callback_query": query | {"game_short_name": "g", "inline_message_id": "i"}}
        return {"callback_query": query | {"data": self.data()}}

    def data(self) -> str:
        if self._random.random() < 0.15:
            return self._random.choice((*BROKEN, odd(self._random)))
        shape = self._random.choice(SHAPES)
        numbers = [
            self._random.choice((1, 1, 1, 2, 3)),
            *(self._number(field) for field in shape._fields[1:]),
        ]
        return callbacks.encode(shape(*numbers))

    def _tap(self, person: Person, message: Message, data: str) -> Json:
        return {"callback_query": self._sandbox.queries.tap(person, message, data).as_api()}

    def _altered(self, data: str) -> str:
        """The same with another number somewhere."""
        version, word, *numbers = data.split(":")
        if numbers:
            numbers[self._random.randrange(len(numbers))] = str(self._number())
        return ":".join((version, word, *numbers))

    def _number(self, field: str = "") -> int:
        """An id, most likely; for a field that is none, what it counts."""
        if field in ("day", "minute") and self._random.random() < 0.7:
            at = self._clock.now() + timedelta(days=self._random.randint(-3, 60))
            return at.toordinal() if field == "day" else int(at.timestamp()) // 60
        if self._random.random() < 0.85:
            return self._random.randint(0, 30)
        return self._random.choice((-1, -2, 100, 10**6, callbacks.LARGEST, -callbacks.LARGEST))


def newest(chat: Chat) -> list[Message]:
    """The newest messages of a chat, the last one first."""
    return list(islice(reversed(chat.messages.values()), RECENT))


def buttons(message: Message) -> list[str]:
    """What the buttons of a message send."""
    return [
        button["callback_data"]
        for row in message.keyboard
        for button in row
        if "callback_data" in button
    ]
