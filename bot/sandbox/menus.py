"""Command menus, and which one a person sees."""

from bot.sandbox.refusals import bad_request
from bot.sandbox.world import ADMINISTRATORS, Chat, Json

Key = tuple[str, int | None, int | None]

MAX_COMMANDS = 100


class Menus:
    def __init__(self) -> None:
        self._menus: dict[tuple[Key, str], list[Json]] = {}

    def set(self, commands: list[Json], scope: Json | None, language: str) -> None:
        """Raises `ApiError` for a command that Telegram does not take."""
        if len(commands) > MAX_COMMANDS:
            raise bad_request("too many commands specified")
        for command in commands:
            name = command["command"]
            plain = name.replace("_", "a")
            if not (1 <= len(name) <= 32 and plain.isascii() and plain.isalnum()):
                raise bad_request("BOT_COMMAND_INVALID")
            if name != name.lower():
                raise bad_request("BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= 256:
                raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        self._menus[_key(scope), language] = commands

    def get(self, scope: Json | None, language: str) -> list[Json]:
        return self._menus.get((_key(scope), language), [])

    def seen_by(self, person_id: int, chat: Chat) -> list[Json]:
        """The first menu that is set, from the narrowest scope to the widest, as documented for
        `BotCommandScope`."""
        if chat.is_private:
            order: list[Key] = [("chat", chat.id, None), ("all_private_chats", None, None)]
        else:
            order = [("chat_member", chat.id, person_id)]
            if chat.members.get(person_id) in ADMINISTRATORS:
                order.append(("chat_administrators", chat.id, None))
            order.append(("chat", chat.id, None))
            if chat.members.get(person_id) in ADMINISTRATORS:
                order.append(("all_chat_administrators", None, None))
            order.append(("all_group_chats", None, None))
        order.append(("default", None, None))
        for key in order:
            if commands := self._menus.get((key, "")):
                return commands
        return []


def _key(scope: Json | None) -> Key:
    if scope is None:
        return ("default", None, None)
    return (scope["type"], scope.get("chat_id"), scope.get("user_id"))
