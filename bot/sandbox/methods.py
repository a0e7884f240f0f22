"""What each method of the Bot API does here. Types were checked by the schema already; these
checks are the ones that only the state of the world can answer."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.sandbox.access import Surroundings, readable, writable
from bot.sandbox.members import (
    get_chat,
    get_chat_administrators,
    get_chat_member,
    get_chat_member_count,
    leave_chat,
)
from bot.sandbox.messages import (
    delete_message,
    edit_message_reply_markup,
    edit_message_text,
    pin_chat_message,
    send_document,
    send_message,
    unpin_chat_message,
)
from bot.sandbox.offers import answer_inline_query
from bot.sandbox.photos import edit_message_caption, edit_message_media, send_photo
from bot.sandbox.refusals import bad_request
from bot.sandbox.world import Json

MAX_DOWNLOAD = 20 * 1024 * 1024
ACTIONS = (
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
    "upload_document", "choose_sticker", "find_location", "record_video_note",
    "upload_video_note",
)  # fmt: skip

Method = Callable[[Surroundings, Json], Any]


def get_me(here: Surroundings, _given: Json) -> Json:
    return {
        **here.world.bot.as_user(),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": here.inline.is_on,
    }


def get_updates(here: Surroundings, given: Json) -> Awaitable[list[Json]]:
    return here.updates.poll(
        given.get("offset"),
        given.get("limit", 100),
        given.get("timeout", 0),
        given.get("allowed_updates"),
    )


def delete_webhook(here: Surroundings, given: Json) -> bool:
    if given.get("drop_pending_updates", False):
        here.updates.drop()
    return True


def get_webhook_info(here: Surroundings, _given: Json) -> Json:
    return {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": len(here.updates),
    }


def get_file(here: Surroundings, given: Json) -> Json:
    known = here.files.document(given["file_id"])
    photo = here.files.photo(given["file_id"])
    if photo is not None:
        known = photo[-1]
    if known is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if known["file_size"] > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    return {
        "file_id": known["file_id"],
        "file_unique_id": known["file_unique_id"],
        "file_size": known["file_size"],
        "file_path": f"documents/{known['file_id']}",
    }


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
    writable(here, given["chat_id"])
    if given["action"] not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    return True


def set_my_commands(here: Surroundings, given: Json) -> bool:
    here.menus.set(given["commands"], _scope(here, given), given.get("language_code", ""))
    here.changed()
    return True


def get_my_commands(here: Surroundings, given: Json) -> list[Json]:
    return here.menus.get(_scope(here, given), given.get("language_code", ""))


def delete_my_commands(here: Surroundings, given: Json) -> bool:
    here.menus.set([], _scope(here, given), given.get("language_code", ""))
    here.changed()
    return True


METHODS: dict[str, Method] = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "sendMessage": send_message,
    "sendDocument": send_document,
    "sendPhoto": send_photo,
    "getFile": get_file,
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageMedia": edit_message_media,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "answerCallbackQuery": answer_callback_query,
    "answerInlineQuery": answer_inline_query,
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


def _scope(here: Surroundings, given: Json) -> Json | None:
    scope: Json | None = given.get("scope")
    if scope is not None and "chat_id" in scope:
        readable(here, scope["chat_id"])
    return scope
