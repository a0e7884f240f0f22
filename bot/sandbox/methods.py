"""What each method of the Bot API does here. Types were checked by the schema already; these
checks are the ones that only the state of the world can answer."""

import json
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from bot.clock import Clock
from bot.sandbox.entities import find_entities, parse_html, trimmed
from bot.sandbox.files import Files, Upload
from bot.sandbox.limits import Meter
from bot.sandbox.menus import Menus
from bot.sandbox.queries import Queries
from bot.sandbox.refusals import ApiError, bad_request
from bot.sandbox.updates import Updates
from bot.sandbox.world import ADMINISTRATORS, Chat, Json, Message, World

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_CALLBACK_DATA = 64
GENERAL_TOPIC = 1


class Surroundings(Protocol):
    """What methods act on."""

    world: World
    clock: Clock
    updates: Updates
    queries: Queries
    menus: Menus
    files: Files
    meter: Meter

    def changed(self) -> None: ...


Method = Callable[[Surroundings, Json], Any]


def get_me(here: Surroundings, _given: Json) -> Json:
    return {
        **here.world.bot.as_user(),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
    }


def get_updates(here: Surroundings, given: Json) -> Awaitable[list[Json]]:
    return here.updates.poll(
        given.get("offset"),
        given.get("limit", 100),
        given.get("timeout", 0),
        given.get("allowed_updates"),
    )


def delete_webhook(_here: Surroundings, _given: Json) -> bool:
    return True


def get_webhook_info(here: Surroundings, _given: Json) -> Json:
    return {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": len(here.updates.pending),
    }


def send_message(here: Surroundings, given: Json) -> Json:
    chat = _writable(here, given["chat_id"])
    text, entities = _text(given, MAX_TEXT)
    if not text:
        raise bad_request("message text is empty")
    keyboard = _keyboard(given)
    topic, reply_to = _topic(chat, given), _reply_to(chat, given)
    here.meter.spend(chat.id)
    message = chat.add(
        here.world.bot,
        here.clock.now(),
        text=text,
        entities=entities,
        keyboard=keyboard,
        topic=topic,
        reply_to=reply_to,
    )
    here.changed()
    return message.as_api()


def send_document(here: Surroundings, given: Json) -> Json:
    chat = _writable(here, given["chat_id"])
    upload = given["document"]
    caption, entities = _text({**given, "text": given.get("caption", "")}, MAX_CAPTION)
    topic, reply_to = _topic(chat, given), _reply_to(chat, given)
    if isinstance(upload, Upload):
        document = here.files.add(upload)
    else:
        known = here.files.document(str(upload))
        if known is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        document = known
    here.meter.spend(chat.id)
    message = chat.add(
        here.world.bot,
        here.clock.now(),
        text=caption,
        entities=entities,
        keyboard=_keyboard(given),
        topic=topic,
        reply_to=reply_to,
        document=document,
    )
    here.changed()
    return message.as_api()


def get_file(here: Surroundings, given: Json) -> Json:
    known = here.files.document(given["file_id"])
    if known is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    return {
        "file_id": known["file_id"],
        "file_unique_id": known["file_unique_id"],
        "file_size": known["file_size"],
        "file_path": f"documents/{known['file_id']}",
    }


def edit_message_text(here: Surroundings, given: Json) -> Json:
    message = _own(here, given, "edit")
    if message.document is not None or message.service is not None:
        raise bad_request("there is no text in the message to edit")
    text, entities = _text(given, MAX_TEXT)
    if not text:
        raise bad_request("message text is empty")
    return _edit(here, message, text, entities, _keyboard(given))


def edit_message_reply_markup(here: Surroundings, given: Json) -> Json:
    message = _own(here, given, "edit")
    return _edit(here, message, message.text, message.entities, _keyboard(given))


def delete_message(here: Surroundings, given: Json) -> bool:
    chat = _readable(here, given["chat_id"])
    message = chat.messages.get(given["message_id"])
    if message is None:
        raise bad_request("message to delete not found")
    if not message.from_bot and chat.bot_status not in ADMINISTRATORS:
        raise bad_request("message can't be deleted")
    del chat.messages[message.id]
    here.changed()
    return True


def answer_callback_query(here: Surroundings, given: Json) -> bool:
    here.queries.answer(
        given["callback_query_id"],
        given.get("text", ""),
        given.get("url", ""),
        alert=given.get("show_alert", False),
    )
    here.changed()
    return True


def send_chat_action(here: Surroundings, given: Json) -> bool:
    _writable(here, given["chat_id"])
    return True


def set_my_commands(here: Surroundings, given: Json) -> bool:
    here.menus.set(given["commands"], given.get("scope"), given.get("language_code", ""))
    here.changed()
    return True


def get_my_commands(here: Surroundings, given: Json) -> list[Json]:
    return here.menus.get(given.get("scope"), given.get("language_code", ""))


def delete_my_commands(here: Surroundings, given: Json) -> bool:
    here.menus.set([], given.get("scope"), given.get("language_code", ""))
    here.changed()
    return True


def get_chat(here: Surroundings, given: Json) -> Json:
    chat = _readable(here, given["chat_id"])
    return {**chat.as_api(), "accent_color_id": 0, "max_reaction_count": 11}


def get_chat_member(here: Surroundings, given: Json) -> Json:
    chat = _readable(here, given["chat_id"])
    user_id = given["user_id"]
    user = here.world.user(user_id)
    if user is None:
        raise bad_request("PARTICIPANT_ID_INVALID")
    if user_id == here.world.bot.id:
        return chat_member(user, chat.bot_status)
    return chat_member(user, chat.members.get(user_id, "left"))


def get_chat_administrators(here: Surroundings, given: Json) -> list[Json]:
    chat = _readable(here, given["chat_id"])
    if chat.is_private:
        raise bad_request("there are no administrators in the private chat")
    found = [
        chat_member(user, status)
        for person_id, status in chat.members.items()
        if status in ADMINISTRATORS and (user := here.world.user(person_id))
    ]
    if chat.bot_status in ADMINISTRATORS:
        found.append(chat_member(here.world.bot.as_user(), chat.bot_status))
    return found


def get_chat_member_count(here: Surroundings, given: Json) -> int:
    chat = _readable(here, given["chat_id"])
    return 1 + sum(chat.is_present(person_id) for person_id in chat.members)


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


def leave_chat(here: Surroundings, given: Json) -> bool:
    chat = _readable(here, given["chat_id"])
    if chat.is_private:
        raise bad_request("chat member status can't be changed in private chats")
    chat.bot_status = "left"
    here.changed()
    return True


METHODS: dict[str, Method] = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "sendMessage": send_message,
    "sendDocument": send_document,
    "getFile": get_file,
    "editMessageText": edit_message_text,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "answerCallbackQuery": answer_callback_query,
    "sendChatAction": send_chat_action,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "getChatMemberCount": get_chat_member_count,
    "pinChatMessage": pin_chat_message,
    "unpinChatMessage": unpin_chat_message,
    "leaveChat": leave_chat,
}


def chat_member(user: Json, status: str) -> Json:
    """The Bot API's `ChatMember` with all the fields that its kind requires."""
    made: Json = {"user": user, "status": status}
    if status == "creator":
        made["is_anonymous"] = False
    elif status == "administrator":
        rights = (
            "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages",
            "can_manage_video_chats", "can_restrict_members", "can_promote_members",
            "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories",
            "can_delete_stories", "can_pin_messages", "can_manage_topics",
        )  # fmt: skip
        made |= dict.fromkeys(rights, True) | {"can_be_edited": False, "is_anonymous": False}
    elif status == "kicked":
        made["until_date"] = 0
    return made


def _readable(here: Surroundings, chat_id: int | str) -> Chat:
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


def _writable(here: Surroundings, chat_id: int | str) -> Chat:
    chat = here.world.chats.get(chat_id) if isinstance(chat_id, int) else None
    if chat is not None and chat.is_private:
        if chat.blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        if not chat.started:
            raise ApiError(403, "Forbidden: bot can't initiate conversation with a user")
    return _readable(here, chat_id)


def _may_pin(here: Surroundings, given: Json) -> Chat:
    chat = _writable(here, given["chat_id"])
    if not chat.is_private and chat.bot_status not in ADMINISTRATORS:
        raise bad_request("not enough rights to manage pinned messages in the chat")
    return chat


def _text(given: Json, most: int) -> tuple[str, list[Json]]:
    text = given["text"]
    mode = given.get("parse_mode", "")
    if mode.lower() == "html":
        text, entities = parse_html(text)
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


def _keyboard(given: Json) -> list[list[Json]]:
    markup = given.get("reply_markup") or {}
    rows: list[list[Json]] = markup.get("inline_keyboard") or []
    for button in (button for row in rows for button in row):
        _check_button(button)
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


def _topic(chat: Chat, given: Json) -> int | None:
    topic_id: int | None = given.get("message_thread_id")
    if topic_id is None and (reply := given.get("reply_parameters")):
        # An answer stands in the topic of what it answers.
        replied = chat.messages.get(reply["message_id"])
        topic_id = replied.topic if replied else None
    if topic_id is None:
        return None
    topic = chat.topics.get(topic_id)
    if topic is None:
        raise bad_request("message thread not found")
    if topic.closed:
        raise bad_request("TOPIC_CLOSED")
    return topic_id


def _reply_to(chat: Chat, given: Json) -> int | None:
    wanted = given.get("reply_parameters")
    if not wanted:
        return None
    message_id: int = wanted["message_id"]
    if message_id in chat.messages:
        return message_id
    if wanted.get("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def _own(here: Surroundings, given: Json, what: str) -> Message:
    if "chat_id" not in given or "message_id" not in given:
        raise bad_request("message identifier is not specified")
    chat = _writable(here, given["chat_id"])
    message = chat.messages.get(given["message_id"])
    if message is None:
        raise bad_request(f"message to {what} not found")
    if not message.from_bot:
        raise bad_request(f"message can't be {what}ed")
    return message


def _edit(
    here: Surroundings,
    message: Message,
    text: str,
    entities: list[Json],
    keyboard: list[list[Json]],
) -> Json:
    before = json.dumps([message.text, message.entities, message.keyboard], sort_keys=True)
    if before == json.dumps([text, entities, keyboard], sort_keys=True):
        raise bad_request(
            "message is not modified: specified new message content and reply markup are "
            "exactly the same as a current content and reply markup of the message"
        )
    here.meter.spend(message.chat.id)
    message.text, message.entities, message.keyboard = text, entities, keyboard
    message.edited = here.clock.now()
    here.changed()
    return message.as_api()
