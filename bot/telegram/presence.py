"""Whether somebody is still in a group's chat. Telegram tells of most who come and go; whether it
did is asked again now and then, when they write in private or tap a button."""

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Any, Final

from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest, Forbidden
from telegram.ext import ExtBot

ADMINISTRATORS: Final = (ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.OWNER)
PRESENT: Final = (*ADMINISTRATORS, ChatMemberStatus.MEMBER, ChatMemberStatus.RESTRICTED)

ASKED_AGAIN_AFTER: Final = timedelta(minutes=10)
"""For so long somebody who left unnoticed may still be answered."""

MOST: Final = 10_000
"""Answers that are remembered; the oldest are forgotten first, and asked for again."""

NOBODY: Final = ("user not found", "participant_id_invalid", "user_not_participant")
"""What Telegram says of an account that never was in the chat. Other refusals say that the bot may
not ask, in a chat with hidden members, for one."""


class Presence:
    """Remembers when Telegram was asked about whom."""

    def __init__(self) -> None:
        self._asked: OrderedDict[tuple[int, int], datetime] = OrderedDict()

    def is_fresh(self, chat_id: int, user_id: int, now: datetime) -> bool:
        """Whether there is no need to ask again. After the clock was set back there is."""
        asked = self._asked.get((chat_id, user_id))
        return asked is not None and timedelta(0) <= now - asked < ASKED_AGAIN_AFTER

    def note(self, chat_id: int, user_id: int, now: datetime) -> None:
        self._asked[chat_id, user_id] = now
        self._asked.move_to_end((chat_id, user_id))
        if len(self._asked) > MOST:
            self._asked.popitem(last=False)


async def status_in(bot: ExtBot[Any], chat_id: int, user_id: int) -> str | None:
    """What Telegram says now that the person is in the chat, `LEFT` for strangers; `None` when it
    does not say, since the bot is not there itself or may not ask. Raises `TelegramError` when it
    is out of reach."""
    try:
        member = await bot.get_chat_member(chat_id, user_id)
    except BadRequest as error:
        said = error.message.lower()
        return ChatMemberStatus.LEFT if any(cause in said for cause in NOBODY) else None
    except Forbidden:
        return None
    if member.status == ChatMemberStatus.RESTRICTED and not getattr(member, "is_member", False):
        return ChatMemberStatus.LEFT
    return member.status
