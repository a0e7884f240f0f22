"""Chats and messages as the chat page gets them."""

from typing import Any

from bot.sandbox.world import BOT, PRESENT, Chat, Json, Message


def shown_chat(chat: Chat) -> Json:
    return {
        "id": chat.id,
        "type": chat.type,
        "title": chat.title,
        "is_forum": chat.forum,
        "topics": [{"id": t.id, "name": t.name, "closed": t.closed} for t in chat.topics.values()],
        "members": [
            {"id": person_id, "status": status}
            for person_id, status in chat.members.items()
            if status in PRESENT
        ],
        "pinned": chat.pinned,
    }


def shown_message(message: Message) -> Json:
    document = message.document
    replied = message.chat.messages.get(message.reply_to) if message.reply_to else None
    return {
        "id": message.id,
        "topic": message.topic,
        "from": {
            "id": message.sender.id,
            "name": message.chat.title if message.anonymous else message.sender.name,
            "is_bot": message.from_bot,
        },
        "date": message.date.isoformat(),
        "edited": message.edited.isoformat() if message.edited else None,
        "html": message.as_html() if message.service is None else _service(message),
        "buttons": [[_button(button) for button in row] for row in message.keyboard],
        "reply_to": {"id": replied.id, "from": replied.sender.name, "text": replied.text}
        if replied
        else None,
        "service": message.service is not None,
        "via": BOT.username if message.via_bot else None,
        "photo": {
            "width": message.photo[-1]["width"],
            "height": message.photo[-1]["height"],
            "url": f"/sandbox/photos/{message.photo[-1]['file_id']}",
        }
        if message.photo
        else None,
        "document": {
            "name": document["file_name"],
            "size": document["file_size"],
            "url": f"/sandbox/files/{document['file_id']}",
        }
        if document
        else None,
    }


def _button(button: Json) -> Json:
    kind = "url" if "url" in button else "callback"
    return {"text": button["text"], "kind": kind, "url": button.get("url")}


def _service(message: Message) -> str:
    """A line on what happened, without anything that people wrote."""
    kinds: dict[str, Any] = {
        "new_chat_members": "joined the group",
        "left_chat_member": "left the group",
        "forum_topic_created": "opened a topic",
        "migrate_to_chat_id": "made this a supergroup",
        "migrate_from_chat_id": "made this a supergroup",
    }
    return next((text for kind, text in kinds.items() if kind in (message.service or {})), "")
