"""The methods about chats and who is in them."""

from bot.sandbox.access import Surroundings, readable
from bot.sandbox.refusals import bad_request
from bot.sandbox.world import ADMINISTRATORS, Json


def get_chat(here: Surroundings, given: Json) -> Json:
    chat = readable(here, given["chat_id"])
    return {**chat.as_api(), "accent_color_id": 0, "max_reaction_count": 11}


def get_chat_member(here: Surroundings, given: Json) -> Json:
    chat = readable(here, given["chat_id"])
    user_id = given["user_id"]
    user = here.world.user(user_id)
    if user is None:
        raise bad_request("PARTICIPANT_ID_INVALID")
    if user_id == here.world.bot.id:
        return chat_member(user, chat.bot_status)
    return chat_member(user, chat.members.get(user_id, "left"))


def get_chat_administrators(here: Surroundings, given: Json) -> list[Json]:
    chat = readable(here, given["chat_id"])
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
    chat = readable(here, given["chat_id"])
    return 1 + sum(chat.is_present(person_id) for person_id in chat.members)


def leave_chat(here: Surroundings, given: Json) -> bool:
    chat = readable(here, given["chat_id"])
    if chat.is_private:
        raise bad_request("chat member status can't be changed in private chats")
    chat.bot_status = "left"
    here.changed()
    return True


ADMINISTRATOR_MAY = (
    "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members",
    "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories",
    "can_edit_stories", "can_delete_stories", "can_pin_messages", "can_manage_topics",
)  # fmt: skip
RESTRICTED_MAY_NOT = (
    "can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos",
    "can_send_videos", "can_send_video_notes", "can_send_voice_notes", "can_send_polls",
    "can_send_other_messages", "can_add_web_page_previews", "can_change_info",
    "can_invite_users", "can_pin_messages", "can_manage_topics", "can_edit_tag",
    "can_react_to_messages",
)  # fmt: skip


def chat_member(user: Json, status: str) -> Json:
    """The Bot API's `ChatMember` with all the fields that its kind requires."""
    made: Json = {"user": user, "status": status}
    if status == "creator":
        made["is_anonymous"] = False
    elif status == "administrator":
        made |= dict.fromkeys(ADMINISTRATOR_MAY, True)
        made |= {"can_be_edited": False, "is_anonymous": False}
    elif status == "restricted":
        made |= dict.fromkeys(RESTRICTED_MAY_NOT, False) | {"is_member": True, "until_date": 0}
    elif status == "kicked":
        made["until_date"] = 0
    return made
