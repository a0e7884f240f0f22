"""Beginning a conversation: `/start`, `/help`, and which group a private chat is about."""

import re

from telegram import Update

from bot.domain.callbacks import ChooseGroup, ShowHelp
from bot.domain.likeness import near_word
from bot.domain.views import GroupView
from bot.errors import DomainError, Refusal
from bot.services import groups, members, queries
from bot.telegram.context import Context
from bot.telegram.incoming import arguments, is_private, name_of
from bot.telegram.keyboards import chapters, choice_of_groups, private_chat
from bot.text.commands import COMMANDS, TOPICS, Topic, chapter
from bot.text.render import render

MOST_GROUPS_ASKED = 20
"""How many chats Telegram is asked about for a person whom no group knows yet."""

_COMMAND = re.compile(r"/(\w+)")
_FROM_GROUP = re.compile(r"g(\d{1,18})", re.ASCII)


async def start(update: Update, context: Context) -> None:
    if not is_private(update):
        group = await context.group_of(update)
        keyboard = private_chat(context.bot.username, group)
        await context.reply(update, render("start_in_group", group=group), keyboard)
        return
    known = await _groups_of(update, context)
    if not known:
        raise DomainError(Refusal.NO_GROUP, private=True)
    await _open(update, context, known[0])
    if len(known) > 1 and not arguments(update):
        await context.reply(update, render("which_group"), choice_of_groups(known))


async def choose_group(update: Update, context: Context, asked: ChooseGroup) -> None:
    user = update.effective_user
    known = await context.groups_of(user.id) if user and is_private(update) else ()
    group = next((group for group in known if group.id == asked.group_id), None)
    if group is None:
        raise DomainError(Refusal.OLD_BUTTON)
    await _remember(update, context, group)
    await context.replace(update, render("group_chosen", group=group))


async def help_(update: Update, context: Context) -> None:
    group = await context.group_of(update)
    organizer = await context.is_organizer(update, group)
    organizing = Topic.ORGANIZING.value
    text = render("help", group=group, organizer=organizer, organizing=organizing)
    await context.reply(update, text, chapters(group, organizer=organizer))


async def help_on(update: Update, context: Context, asked: ShowHelp) -> None:
    """A chapter of `/help` was chosen by a tap."""
    if not 0 <= asked.place < len(TOPICS):
        raise DomainError(Refusal.OLD_BUTTON)
    topic = TOPICS[asked.place]
    group = await context.group_of(update, asked.group_id)
    organizer = await context.is_organizer(update, group)
    if topic is Topic.ORGANIZING and not organizer:
        raise DomainError(Refusal.ORGANIZERS_ONLY)
    text = render("help_on", topic=topic, commands=chapter(topic))
    await context.replace(update, text, chapters(group, organizer=organizer))


async def unknown(update: Update, context: Context, words: str) -> None:
    """What nobody understands; for a misspelt command, which one may be meant."""
    found, names = _COMMAND.match(words), [one.name for one in COMMANDS]
    name = found[1] if found else ""
    # One that is ours and comes here was forwarded.
    near = near_word(name, names) if name and name.lower() not in names else None
    await context.reply(update, render("unknown_command", name=name, near=near))


async def _open(update: Update, context: Context, group: GroupView) -> None:
    await _remember(update, context, group)
    now = context.now
    meeting = await context.tools.store.read(lambda s: queries.next_meeting(s, group.id, now))
    text = render("start", name=name_of(update.effective_user), group=group, meeting=meeting)
    await context.reply(update, text)


async def _remember(update: Update, context: Context, group: GroupView) -> None:
    user = update.effective_user
    if user is None:
        raise ValueError("a private chat is with a person")
    organizer = await context.is_organizer(update, group)
    await context.tools.store.write(
        lambda session: members.open_private_chat(
            session, group, user.id, name_of(user), organizer=organizer
        )
    )


async def _groups_of(update: Update, context: Context) -> tuple[GroupView, ...]:
    """The groups this person may hear of: those that know the account, the one named in the
    link that led here first, else those whose chat the person is in."""
    user = update.effective_user
    if user is None:
        return ()
    known = await context.groups_of(user.id)
    link = _FROM_GROUP.fullmatch(arguments(update))
    wanted = int(link[1]) if link else None
    if known and wanted is None:
        return known
    for group in known:
        if group.id == wanted:
            return (group, *(other for other in known if other != group))
    candidates = await context.tools.store.read(groups.with_chat)
    asked = [g for g in candidates if wanted in (None, g.id)][:MOST_GROUPS_ASKED]
    found = [group for group in asked if await context.is_present(group, user.id)]
    return (*found, *known)
