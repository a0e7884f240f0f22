"""The methods that send, change and remove messages."""

from datetime import timedelta

from bot.sandbox.access import Surroundings, readable, sendable, writable
from bot.sandbox.composing import (
    MAX_TEXT,
    caption_of,
    change,
    formatted,
    keyboard_of,
    own,
    post,
)
from bot.sandbox.files import Upload
from bot.sandbox.refusals import ApiError, bad_request
from bot.sandbox.world import ADMINISTRATORS, Chat, Json

MAX_UPLOAD = 50 * 1024 * 1024
DELETABLE = timedelta(hours=48)


def send_message(here: Surroundings, given: Json) -> Json:
    chat = sendable(here, given["chat_id"], "text messages")
    text, entities = formatted(here, given, MAX_TEXT)
    if not text:
        raise bad_request("message text is empty")
    return post(here, chat, given, text, entities)


def send_document(here: Surroundings, given: Json) -> Json:
    chat = sendable(here, given["chat_id"], "documents")
    caption, entities = caption_of(here, given)
    return post(
        here,
        chat,
        given,
        caption,
        entities,
        lambda: {"document": _document(here, given["document"])},
    )


def edit_message_text(here: Surroundings, given: Json) -> Json:
    message = own(here, given, "edit")
    if message.has_media or message.service is not None:
        raise bad_request("there is no text in the message to edit")
    text, entities = formatted(here, given, MAX_TEXT)
    if not text:
        raise bad_request("message text is empty")
    return change(here, message, text, entities, keyboard_of(given))


def edit_message_reply_markup(here: Surroundings, given: Json) -> Json:
    message = own(here, given, "edit")
    return change(here, message, message.text, message.entities, keyboard_of(given))


def delete_message(here: Surroundings, given: Json) -> bool:
    chat = readable(here, given["chat_id"])
    message = chat.messages.get(given["message_id"])
    if message is None:
        raise bad_request("message to delete not found")
    is_young = here.clock.now() - message.date < DELETABLE
    if chat.type != "supergroup" and not is_young:
        raise bad_request("message can't be deleted for everyone")
    is_allowed = message.from_bot or chat.is_private or chat.bot_status in ADMINISTRATORS
    if not (is_allowed and is_young):
        raise bad_request("message can't be deleted")
    chat.remove(message.id)
    here.changed()
    return True


def pin_chat_message(here: Surroundings, given: Json) -> bool:
    chat = _may_pin(here, given)
    if given["message_id"] not in chat.messages:
        raise bad_request("message to pin not found")
    if given["message_id"] not in chat.pinned:
        chat.pinned.append(given["message_id"])
    here.changed()
    return True


def unpin_chat_message(here: Surroundings, given: Json) -> bool:
    chat = _may_pin(here, given)
    wanted = given.get("message_id", chat.pinned[-1] if chat.pinned else None)
    if wanted not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(wanted)
    here.changed()
    return True


def _document(here: Surroundings, given: Upload | str) -> Json:
    if isinstance(given, str):
        known = here.files.document(given)
        if known is None and here.files.photo(given):
            raise bad_request("can't use file of type Photo as Document")
        if known is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return known
    if not given.content:
        raise bad_request("file must be non-empty")
    if len(given.content) > MAX_UPLOAD:
        raise ApiError(413, "Request Entity Too Large")
    return here.files.add(given)


def _may_pin(here: Surroundings, given: Json) -> Chat:
    chat = writable(here, given["chat_id"])
    if not chat.is_private and chat.bot_status not in ADMINISTRATORS:
        raise bad_request("not enough rights to manage pinned messages in the chat")
    return chat
