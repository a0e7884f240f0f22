"""What the chat page sends, checked. Whatever is wrong with it raises `refusal`."""

import re

from aiohttp import web

from bot.sandbox.world import Chat, Json


async def read_body(request: web.Request) -> Json:
    try:
        given = await request.json()
    except (ValueError, LookupError, RecursionError):
        raise refusal("The request is not JSON.") from None
    if not isinstance(given, dict):
        raise refusal("The request is not a JSON object.")
    return given


def read_text(given: object) -> str:
    if not isinstance(given, str):
        raise refusal("A message needs its text.")
    if not is_unicode(given):
        raise refusal("That text has characters which cannot be sent.")
    return given


def read_place(given: Json, chat: Chat) -> tuple[int | None, int | None]:
    """The topic that a message is written into, and the message that it answers."""
    topic, reply_to = given.get("topic"), given.get("reply_to")
    if topic is not None and read_number(topic) not in chat.topics:
        raise refusal("There is no such topic in that chat.")
    if reply_to is not None and read_number(reply_to) not in chat.messages:
        raise refusal("The message to answer is not there any more.")
    return read_number(topic) or None, read_number(reply_to) or None


def read_number(given: object) -> int:
    text = str(given)
    return int(text) if re.fullmatch(r"-?\d{1,18}", text, re.ASCII) else 0  # 64 bits


def is_unicode(text: str) -> bool:
    return not any("\ud800" <= half_of_a_pair <= "\udfff" for half_of_a_pair in text)


def refusal(sentence: str, kind: type[web.HTTPException] = web.HTTPBadRequest) -> Exception:
    """An answer of this kind, with `{"error": sentence}`."""
    body = web.json_response({"error": sentence}).text
    return kind(text=body, content_type="application/json")
