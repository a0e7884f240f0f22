"""What the methods that send and change messages have in common."""

import json
from collections.abc import Callable
from typing import Any

from bot.sandbox.access import Surroundings, readable, writable
from bot.sandbox.entities import find_entities, parse_html, trimmed
from bot.sandbox.refusals import bad_request
from bot.sandbox.world import ADMINISTRATORS, Chat, Json, Message

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_CALLBACK_DATA = 64
MAX_BUTTONS = 100


def post(
    here: Surroundings,
    chat: Chat,
    given: Json,
    text: str,
    entities: list[Json],
    content: Callable[[], Json] = dict,
) -> Json:
    """Put a message of the bot into the chat. `content` makes what it has besides text, once all
    else is in order."""
    keyboard = keyboard_of(given)
    reply_to = _reply_to(here, chat, given)
    topic = _topic(chat, given, reply_to)
    made = content()
    here.meter.spend(chat.id)
    message = chat.add(
        here.world.bot,
        here.clock.now(),
        text=text,
        entities=entities,
        keyboard=keyboard,
        topic=topic,
        reply_to=reply_to,
        **made,
    )
    here.changed()
    return message.as_api()


def caption_of(here: Surroundings, given: Json) -> tuple[str, list[Json]]:
    return formatted(here, {**given, "text": given.get("caption", "")}, MAX_CAPTION)


def formatted(here: Surroundings, given: Json, most: int) -> tuple[str, list[Json]]:
    text = given.get("text", "")
    mode = given.get("parse_mode", "")
    if mode.lower() == "html":
        text, entities = parse_html(text)
        entities = [named for entity in entities if (named := _named(here, entity))]
    elif mode:
        raise bad_request("unsupported parse_mode")
    elif formatted := given.get("entities") or given.get("caption_entities"):
        text, entities = trimmed(text, formatted)
    else:
        text = text.strip()
        entities = find_entities(text)
    if len(text) > most:
        raise bad_request(
            "message is too long" if most == MAX_TEXT else "message caption is too long"
        )
    return text, entities


def _named(here: Surroundings, entity: Json) -> Json | None:
    """A mention by number has the person in it; one of nobody is plain text."""
    if entity["type"] != "text_mention":
        return entity
    user = here.world.user(int(entity["user_id"]))
    if user is None:
        return None
    return {"type": "text_mention", "user": user} | {k: entity[k] for k in ("offset", "length")}


def keyboard_of(given: Json) -> list[list[Json]]:
    markup = given.get("reply_markup") or {}
    rows: list[list[Json]] = markup.get("inline_keyboard") or []
    buttons = [button for row in rows for button in row]
    for button in buttons:
        _check_button(button)
    if len(buttons) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    return [row for row in rows if row]


def _check_button(button: Json) -> None:
    if not button["text"].strip():
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed")
    actions = [name for name in button if name != "text"]
    if len(actions) != 1:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(data.encode()) <= MAX_CALLBACK_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
    url = button.get("url")
    if url is not None and not url.startswith(("https://", "http://", "tg://")):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def _reply_to(here: Surroundings, chat: Chat, given: Json) -> int | None:
    """The message of the same chat that is answered; `None` also for an answer from afar."""
    wanted = given.get("reply_parameters")
    if not wanted:
        return None
    message_id: int = wanted["message_id"]
    source = readable(here, wanted.get("chat_id", chat.id))
    if message_id in source.messages:
        return message_id if source is chat else None
    if wanted.get("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def _topic(chat: Chat, given: Json, reply_to: int | None) -> int | None:
    topic_id: int | None = given.get("message_thread_id")
    if topic_id is None and reply_to is not None:
        # An answer stands in the topic of what it answers.
        topic_id = chat.messages[reply_to].topic
    if topic_id is None:
        return None
    topic = chat.topics.get(topic_id)
    if topic is None:
        raise bad_request("message thread not found")
    if topic.closed and chat.bot_status not in ADMINISTRATORS:
        raise bad_request("TOPIC_CLOSED")
    return topic_id


def own(here: Surroundings, given: Json, what: str) -> Message:
    if "chat_id" not in given or "message_id" not in given:
        raise bad_request("message identifier is not specified")
    chat = writable(here, given["chat_id"])
    message = chat.messages.get(given["message_id"])
    if message is None:
        raise bad_request(f"message to {what} not found")
    if not message.from_bot:
        raise bad_request(f"message can't be {what}ed")
    return message


def change(
    here: Surroundings,
    message: Message,
    text: str,
    entities: list[Json],
    keyboard: list[list[Json]],
    **content: Any,
) -> Json:
    """Edit a message of the bot; of its `content` what is named becomes another."""
    before = [message.text, message.entities, message.keyboard, message.photo, message.document]
    photo = content.get("photo", message.photo)
    document = content.get("document", message.document)
    after = [text, entities, keyboard, photo, document]
    if json.dumps(before, sort_keys=True) == json.dumps(after, sort_keys=True):
        raise bad_request(
            "message is not modified: specified new message content and reply markup are "
            "exactly the same as a current content and reply markup of the message"
        )
    here.meter.spend(message.chat.id)
    message.text, message.entities, message.keyboard = text, entities, keyboard
    message.photo, message.document = photo, document
    message.edited = here.clock.now()
    here.changed()
    return message.as_api()
