"""What methods act on, and which chats the bot may look at and write to."""

from typing import Protocol

from bot.clock import Clock
from bot.sandbox.files import Files
from bot.sandbox.inline import Inline
from bot.sandbox.limits import Meter
from bot.sandbox.menus import Menus
from bot.sandbox.queries import Queries
from bot.sandbox.refusals import ApiError, bad_request
from bot.sandbox.updates import Updates
from bot.sandbox.world import Chat, World


class Surroundings(Protocol):
    """What methods act on."""

    world: World
    clock: Clock
    updates: Updates
    queries: Queries
    inline: Inline
    menus: Menus
    files: Files
    meter: Meter

    def changed(self) -> None: ...


def readable(here: Surroundings, chat_id: int | str) -> Chat:
    """A chat that the bot is in. Raises `ApiError` as Telegram does for others."""
    chat = here.world.chats.get(chat_id) if isinstance(chat_id, int) else None
    if chat is None or (chat.is_private and not (chat.started or chat.blocked)):
        raise bad_request("chat not found")
    if chat.moved_to is not None:
        raise ApiError(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            migrate_to_chat_id=chat.moved_to,
        )
    kind = chat.type
    if chat.bot_status == "kicked":
        raise ApiError(403, f"Forbidden: bot was kicked from the {kind} chat")
    if chat.bot_status == "left":
        raise ApiError(403, f"Forbidden: bot is not a member of the {kind} chat")
    return chat


def writable(here: Surroundings, chat_id: int | str) -> Chat:
    chat = here.world.chats.get(chat_id) if isinstance(chat_id, int) else None
    if chat is not None and chat.is_private:
        if chat.blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        if not chat.started and here.world.has_met(chat.id):
            raise ApiError(403, "Forbidden: bot can't initiate conversation with a user")
    return readable(here, chat_id)


def sendable(here: Surroundings, chat_id: int | str, what: str) -> Chat:
    chat = writable(here, chat_id)
    if chat.bot_status == "restricted":
        raise bad_request(f"not enough rights to send {what} to the chat")
    return chat
