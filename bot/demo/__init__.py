"""The bot without Telegram: the real thing on the sandbox's Bot API, with a term to play with."""

from bot.demo.serve import serve
from bot.demo.tour import tour

__all__ = ["serve", "tour"]
