"""`doctor`: what is well and what is not, each with what to do about it."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.markup import escape
from sqlalchemy.orm import Session
from telegram import Bot
from telegram.constants import ChatMemberStatus
from telegram.error import Forbidden, InvalidToken, TelegramError

from bot.clock import SystemClock
from bot.config import PublishSettings, Settings
from bot.domain.views import GroupView
from bot.publish.git import checkout_of
from bot.publish.git_program import GitError
from bot.services import audit, groups, publications, terms
from bot.telegram.transport import AiohttpRequest
from storage.engine import has_database, parse_url, sqlite_path
from storage.store import Store, open_store

FAR_OFF = timedelta(minutes=5)
"""How far back a clock may go without a word: machines put theirs right in small steps."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`advice` is empty when all is well."""

    what: str
    advice: str = ""

    @property
    def well(self) -> bool:
        return not self.advice


class Known(NamedTuple):
    """A group, its setup code while it waits for its chat, and what keeps its page from being up to
    date, if anything does."""

    group: GroupView
    code: str | None
    trouble: str | None
    has_term: bool


async def examine(settings: Settings, console: Console) -> bool:
    """Print a line for each finding; returns whether all is well. Raises `StorageError` when the
    database cannot be opened at all."""
    all_well = True
    async for finding in _findings(settings):
        all_well = all_well and finding.well
        mark = "[green]✓[/]" if finding.well else "[red]✗[/]"
        advice = f"\n  {escape(finding.advice)}" if finding.advice else ""
        console.print(f"{mark} {escape(finding.what)}{advice}", highlight=False)
    return all_well


async def _findings(settings: Settings) -> AsyncIterator[Finding]:
    yield Finding(f"The settings are from {settings.source}.")
    known: tuple[Known, ...] = ()
    url = parse_url(settings.storage.url)
    path = sqlite_path(url)
    if path is not None and not has_database(url):
        yield _without_database(path.absolute())
    else:
        with closing(open_store(settings.storage.url, SystemClock().now())) as store:
            damage = await store.damage()
            if damage is not None:
                # Whatever else is read may fail as well.
                yield _damaged(damage)
                return
            where = f" {path.absolute()}" if path else ""
            yield Finding(f"The database{where} is sound and up to date.")
            obstacle = await store.obstacle()
            if obstacle is not None:
                yield Finding("The bot cannot save anything at this moment.", obstacle)
            yield await _clock(store)
            known = await store.read(_known)
    if not known:
        yield Finding(
            "There is no group.",
            "Import a page: reading-group-bot import PAGE. Or run the bot, and send /setup alone "
            "in the group's chat.",
        )
    async for finding in _pages(settings.publish):
        yield finding
    for finding in _groups_pages(settings.publish, known):
        yield finding
    async for finding in _telegram(settings, known):
        yield finding


def _groups_pages(settings: PublishSettings, known: tuple[Known, ...]) -> Iterator[Finding]:
    for one in known:
        if one.trouble is not None:
            yield Finding(
                f"The page of “{one.group.name}” is not up to date: {one.trouble}",
                "Once that is mended, the bot goes on by itself; or: reading-group-bot publish",
            )
    unknown = set(settings.folders) - {one.group.name for one in known}
    if known and unknown:
        yield Finding(
            f"publish.folders names “{min(unknown)}”, and there is no group of that name.",
            "There is: " + ", ".join(f"“{one.group.name}”" for one in known) + ".",
        )


async def _telegram(settings: Settings, known: tuple[Known, ...]) -> AsyncIterator[Finding]:
    if settings.telegram.token is None:
        yield Finding("There is no bot token.", "Ask @BotFather for one; set telegram.token.")
        return
    proxy = settings.telegram.proxy_url
    bot = Bot(
        settings.telegram.token.get_secret_value(),
        base_url=f"{settings.telegram.api_base_url}/bot",
        request=AiohttpRequest(proxy_url=proxy.get_secret_value() if proxy else None),
        get_updates_request=AiohttpRequest(),
    )
    try:
        await bot.initialize()
        yield Finding(f"Telegram knows the bot as @{bot.username}.")
        async for finding in _chats(bot, known):
            yield finding
    except InvalidToken:
        yield Finding("Telegram does not accept the token.", "@BotFather shows it under /mybots.")
    except TelegramError as error:
        yield Finding(
            f"Telegram cannot be reached: {error.message.rstrip('.')}.",
            "Check the network and telegram.proxy_url, the way out that is set."
            if proxy
            else "Check the network; where Telegram is blocked, set telegram.proxy_url.",
        )
    finally:
        await bot.shutdown()


def _damaged(damage: str) -> Finding:
    last = damage.splitlines()[-1].rstrip(".")
    return Finding(
        f"The database is damaged: {last}.",
        "Stop the bot, and restore a backup: reading-group-bot restore FILE",
    )


def _without_database(path: Path) -> Finding:
    if not path.parent.is_dir():
        advice = f"There is no folder {path.parent}. Create it, or change storage.url."
    elif not os.access(path.parent, os.W_OK | os.X_OK):
        advice = f"Let the bot's account write into {path.parent}, or change storage.url."
    else:
        return Finding(f"The database will be made at {path}.")
    return Finding(f"There is no database at {path}, and none can be made.", advice)


def _known(session: Session) -> tuple[Known, ...]:
    codes, troubles = dict(groups.waiting_codes(session)), publications.troubles(session)
    return tuple(
        Known(
            group,
            codes.get(group.name),
            troubles.get(group.id),
            has_term=bool(terms.titles(session, group.id)),
        )
        for group in groups.all_groups(session)
    )


async def _clock(store: Store) -> Finding:
    now, newest = SystemClock().now(), await store.read(audit.newest)
    if newest is not None and newest > now + FAR_OFF:
        return Finding(
            f"The clock says {now:%d %B %Y, %H:%M} UTC, but the last change was made on "
            f"{newest:%d %B %Y, %H:%M}.",
            "Set this machine's clock.",
        )
    return Finding("The clock agrees with the last change.")


async def _pages(settings: PublishSettings) -> AsyncIterator[Finding]:
    """Whether pages can be written, committed and pushed."""
    folder = await asyncio.to_thread(settings.folder.resolve)
    if not await asyncio.to_thread(_can_be_written, folder):
        yield Finding(
            f"Pages cannot be written into {folder}.",
            "Let the bot's account write there, or set publish.folder.",
        )
        return
    yield Finding(f"Pages can be written into {folder}.")
    if settings.git == "off":
        return
    try:
        checkout = await checkout_of(folder, settings.author)
        branch = await checkout.branch()
        if settings.git == "push":
            await checkout.upstream()
    except GitError as error:
        yield Finding(f"Pages cannot be given to git. {error}", "The bot writes them all the same.")
        return
    yield Finding(f"Pages are committed to {branch} in {checkout.top}.")


def _can_be_written(folder: Path) -> bool:
    there = next(path for path in (folder, *folder.parents) if path.exists())
    return there.is_dir() and os.access(there, os.W_OK | os.X_OK)


async def _chats(bot: Bot, known: tuple[Known, ...]) -> AsyncIterator[Finding]:
    webhook = await bot.get_webhook_info()
    if webhook.url:
        yield Finding(
            "A webhook takes the bot's messages away.", "The bot removes it when it runs."
        )
    if not bot.supports_inline_queries:
        yield Finding(
            "Nobody can share talks in other chats: inline queries are off.",
            "Send /setinline to @BotFather.",
        )
    for one in known:
        name = one.group.name
        yield await _chat(bot, one.group, one.code)
        if not one.has_term:
            yield Finding(
                f"“{name}” has no term.",
                f'Import its page: reading-group-bot import PAGE --group "{name}". Or plan one in '
                "its chat with /term new.",
            )


async def _chat(bot: Bot, group: GroupView, code: str | None) -> Finding:
    if group.chat is None:
        return Finding(f"“{group.name}” has no chat.", f"Send /setup {code} in its chat.")
    try:
        me = await bot.get_chat_member(group.chat.telegram_id, bot.id)
    except Forbidden:
        return Finding(f"The bot is not in the chat of “{group.name}”.", "Add it there.")
    except TelegramError as error:
        return Finding(f"The chat of “{group.name}”: {error.message}.", "Add the bot there again.")
    if me.status in (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED):
        return Finding(f"The bot is not in the chat of “{group.name}”.", "Add it there.")
    return Finding(f"The bot is in the chat of “{group.name}”.")
