"""An update as it came, made fit to be read and kept: what no text may hold is taken out of all
texts, in one place, and what has not the shape of an update is none."""

from typing import Any, Final

DEEPEST: Final = 50
LARGEST: Final = 2**63 - 1
BLANK: Final = {0: " "}
TYPES: Final[dict[str, type]] = {
    **dict.fromkeys(("text", "caption", "first_name", "last_name", "title"), str),
    **dict.fromkeys(("file_id", "file_name", "mime_type", "url"), str),
    **dict.fromkeys(("message_id", "message_thread_id", "date", "length", "file_size"), int),
    **dict.fromkeys(("migrate_to_chat_id", "migrate_from_chat_id"), int),
    **dict.fromkeys(("entities", "caption_entities", "new_chat_members"), list),
}
"""Of what the bot reads, by https://core.telegram.org/bots/api. The library takes whatever comes,
and fails where it is used."""

TEXTS: Final = {"callback_query": ("id", "data"), "inline_query": ("id", "query", "offset")}
"""What is text in these, where other things bear the same names."""

CHANGE: Final = ("chat", "from", "old_chat_member", "new_chat_member")
NEEDED: Final = {
    "message": ("message_id", "chat"),
    "reply_to_message": ("message_id", "chat"),
    "callback_query": ("id", "from"),
    "inline_query": ("id", "from", "query", "offset"),
    "my_chat_member": CHANGE,
    "chat_member": CHANGE,
    "old_chat_member": ("user", "status"),
    "new_chat_member": ("user", "status"),
    **dict.fromkeys(("from", "user", "chat", "sender_chat", "left_chat_member"), ("id",)),
}
"""Without these they are not what they are called."""

PEOPLE: Final = ("from", "user", "left_chat_member")
"""Known by a number from 1; a chat's may be below 0, and none is 0."""


def tidied(raw: Any, depth: int = 0) -> Any:
    """The same with a blank for each zero byte, which PostgreSQL does not store, and a mark for
    each half of a character, which nothing can encode; places in texts stay the same.

    Raises `ValueError` for a number past 64 bits, for what is nested without end, and for a part
    of another type than it has: Telegram sends none of these.
    """
    if isinstance(raw, str):
        return _tidied_text(raw)
    if depth >= DEEPEST:
        raise ValueError("nested deeper than anything of Telegram's")
    if isinstance(raw, dict):
        if not all(_fits(key, value) for key, value in raw.items()):
            raise ValueError("no update of Telegram's")
        return {_tidied_text(key): tidied(value, depth + 1) for key, value in raw.items()}
    if isinstance(raw, list):
        return [tidied(value, depth + 1) for value in raw]
    if isinstance(raw, int) and abs(raw) > LARGEST:
        raise ValueError("a number that is none of Telegram's")
    return raw


def _fits(key: str, value: Any) -> bool:
    wanted, needed = TYPES.get(key), NEEDED.get(key)
    if needed is None:
        return wanted is None or type(value) is wanted
    if type(value) is not dict or not all(name in value for name in needed):
        return False
    if key in TEXTS:
        return all(type(value.get(name, "")) is str for name in TEXTS[key])
    number = value.get("id", 1)
    return type(number) is int and (number > 0 if key in PEOPLE else number != 0)


def _tidied_text(text: str) -> str:
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            text = "".join("\ufffd" if "\ud800" <= one <= "\udfff" else one for one in text)
    return text.translate(BLANK) if "\0" in text else text
