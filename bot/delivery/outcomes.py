"""What can become of one try to send a message, and who tries."""

from datetime import timedelta
from typing import NamedTuple, Protocol

from bot.text.render import Html

Button = tuple[str, str]
"""A label and its callback data."""

PATIENCE = 1.0
"""Seconds that a message may wait for its place below Telegram's limits; for longer it is put
off, so that it does not hold up messages to other chats."""


class Sent(NamedTuple):
    message_id: int


class NotSent(NamedTuple):
    """Certainly not sent: to be tried again, after `pause` if the other side named one."""

    reason: str
    pause: timedelta | None = None


class MaybeSent(NamedTuple):
    """No answer came: it may have arrived."""

    reason: str


class Refused(NamedTuple):
    """It will never be taken: the chat is gone, the bot is blocked, or the text is no good.
    `unreachable` tells the first two from the last."""

    reason: str
    unreachable: bool = True


class Moved(NamedTuple):
    """The group became a supergroup and has another id now. Certainly not sent."""

    new_chat_id: int


Outcome = Sent | NotSent | MaybeSent | Refused | Moved


class Messenger(Protocol):
    async def send(
        self,
        chat_id: int,
        topic_id: int | None,
        text: Html,
        buttons: tuple[Button, ...] = (),
        picture: bytes | None = None,
    ) -> Outcome:
        """Try once; with a picture the text is its caption. Never raises for anything that Telegram
        or the network does."""
        ...

    async def edit(
        self, chat_id: int, message_id: int, text: Html, buttons: tuple[Button, ...] = ()
    ) -> Outcome:
        """Change a message that was sent; one that shows this already counts as `Sent`."""
        ...

    async def edit_caption(
        self,
        chat_id: int,
        message_id: int,
        text: Html,
        buttons: tuple[Button, ...] = (),
        picture: bytes | None = None,
    ) -> Outcome:
        """Likewise for a message that is a picture with a caption, which has no other text. Without
        a new picture it keeps the one it has."""
        ...

    async def pin(self, chat_id: int, message_id: int) -> bool:
        """Whether it is pinned now; the bot may lack the right."""
        ...

    async def unpin(self, chat_id: int, message_id: int) -> None: ...

    async def is_reachable(self) -> bool:
        """Whether Telegram answers, asked for something that changes nothing."""
        ...

    def ready_in(self, chat_id: int) -> float:
        """Seconds until a message to this chat keeps within Telegram's limits."""
        ...
