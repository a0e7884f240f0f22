"""A strict Bot API server on loopback, with people, chats and a clock of its own."""

from bot.sandbox.faults import Drop, Garbage, Hold
from bot.sandbox.inline import Asked
from bot.sandbox.limits import Limits
from bot.sandbox.queries import Tap
from bot.sandbox.refusals import ApiError
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.world import Chat, Message, Person, Topic

__all__ = [
    "ApiError",
    "Asked",
    "Chat",
    "Drop",
    "Garbage",
    "Hold",
    "Limits",
    "Message",
    "Person",
    "Sandbox",
    "Tap",
    "Topic",
]
