"""The library's application, built around our transport, poller and handlers."""

import logging
from collections.abc import Sequence
from typing import Any

from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeDefault,
)
from telegram.ext import Application, ApplicationBuilder, ContextTypes, ExtBot

from bot.telegram.context import Context, Tools
from bot.telegram.limits import FloodLimits
from bot.telegram.router import add_handlers
from bot.telegram.transport import AiohttpRequest
from bot.text.commands import COMMANDS, Command

log = logging.getLogger(__name__)

App = Application[Any, Context, Any, Any, Any, Any]


class Requests:
    """The two ways to Telegram. A long poll holds a connection for half a minute, so it has its
    own. The library closes them only if it ever got through; `close` does in any case."""

    def __init__(self, proxy_url: str | None) -> None:
        self.answers = AiohttpRequest(proxy_url=proxy_url)
        self.updates = AiohttpRequest(proxy_url=proxy_url, connection_pool_size=2)

    async def close(self) -> None:
        await self.answers.shutdown()
        await self.updates.shutdown()


class DiscreetBot(ExtBot[int]):
    """The library's bot shows its token wherever it is printed."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{ExtBot.__name__}[api_base_url={self.base_url.removesuffix(self.token)}]"


def build_application(
    token: str,
    api_base_url: str,
    requests: Requests,
    tools: Tools,
    *,
    flood_limits: bool,
) -> App:
    """`flood_limits` keeps answers below Telegram's limits, and what one person asks below what
    anybody needs; a server of one's own has none."""
    # It logs the addresses it was given, and the token is part of them.
    logging.getLogger("telegram.ext.ExtBot").addFilter(_has_no_address)
    bot = DiscreetBot(
        token,
        base_url=f"{api_base_url}/bot",
        base_file_url=f"{api_base_url}/file/bot",
        request=requests.answers,
        get_updates_request=requests.updates,
        rate_limiter=FloodLimits() if flood_limits else None,
    )
    builder: ApplicationBuilder[Any, Any, Any, Any, Any, Any] = (
        ApplicationBuilder()
        .bot(bot)
        .context_types(ContextTypes(context=Context))
        .updater(None)
        .job_queue(None)
    )
    application = builder.build()
    application.bot_data["tools"] = tools
    add_handlers(application, patience=flood_limits)
    return application


def _has_no_address(record: logging.LogRecord) -> bool:
    return not record.getMessage().startswith("Set Bot API ")


async def set_menus(bot: ExtBot[Any]) -> None:
    """Tell Telegram which commands to offer where. Raises `TelegramError`; without them the bot
    works as well."""
    in_group = [c for c in COMMANDS if c.name != "start"]
    everyones = [c for c in in_group if not c.for_organizers]
    menus: tuple[tuple[BotCommandScope, Sequence[Command]], ...] = (
        (BotCommandScopeDefault(), everyones),
        (BotCommandScopeAllPrivateChats(), [c for c in COMMANDS if c.name != "setup"]),
        (BotCommandScopeAllGroupChats(), everyones),
        (BotCommandScopeAllChatAdministrators(), in_group),
    )
    for scope, commands in menus:
        await bot.set_my_commands([BotCommand(c.name, c.says) for c in commands], scope)
