"""What a handler has at hand: the store, the clock, and who is asking from where."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy.orm import Session
from telegram import InlineKeyboardMarkup, Update
from telegram.error import TelegramError

from bot.catalogues import Catalogues
from bot.clock import Clock
from bot.config import PublishSettings
from bot.domain.calendar import local
from bot.domain.views import Actor, ChatView, GroupView
from bot.errors import DomainError, Refusal
from bot.publish.places import Place, places
from bot.services import groups, members, slots, standins
from bot.services.changes import touched
from bot.services.groups import NewGroup
from bot.telegram.answering import Answering
from bot.telegram.incoming import (
    GROUP_CHATS,
    chat_of,
    is_anonymous,
    may_be_gone,
    message_of,
    name_of,
    told_before,
)
from bot.telegram.kept import Kept
from bot.telegram.presence import ADMINISTRATORS, PRESENT, Presence, status_in
from bot.text.render import Html, headed, render
from storage.store import Store

Result = TypeVar("Result")
Answer = tuple[Html, InlineKeyboardMarkup | None]

ANONYMOUS = "An organizer"
DOWNLOADS = 2
"""Files fetched and looked at side by side: each is some megabytes of memory."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What the composition root gives to every handler. `organizers` are the accounts that the
    settings name; they have an organizer's rights in every group they are in."""

    store: Store
    clock: Clock
    organizers: frozenset[int]
    new_group: NewGroup
    catalogues: Catalogues
    kept: Kept
    publish: PublishSettings
    downloads: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(DOWNLOADS))
    presence: Presence = field(default_factory=Presence)
    late: set[int] = field(default_factory=set)
    """Slots whose cards the next tick refreshes."""

    def new_group_for(self, title: str) -> NewGroup:
        """What a group begins with whose chat bears this title."""
        return self.new_group._replace(name=title or self.new_group.name)


class _PresenceUnknownError(Exception):
    """Telegram is to be asked first whether the sender is still in the group's chat."""


class Context(Answering):
    """What is at hand for one update: our tools, and ways to ask, to act and to answer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.touched: set[int] = set()
        """Slots that this update changed, and whose cards are not refreshed yet."""

    @property
    def tools(self) -> Tools:
        tools = self.bot_data["tools"]
        if not isinstance(tools, Tools):
            raise TypeError("the application was built without its tools")
        return tools

    @property
    def now(self) -> datetime:
        return self.tools.clock.now()

    def today(self, group: GroupView) -> date:
        return local(self.now, group.zone).date()

    async def place_of(self, group: GroupView) -> Place:
        """The group's folder, and where it is on the web."""
        known = await self.tools.store.read(groups.all_groups)
        return places(self.tools.publish, known)[group.id]

    async def ask(
        self,
        update: Update,
        use: Callable[[Session, GroupView], Result],
        group_id: int | None = None,
    ) -> tuple[GroupView, Result]:
        """Run a question about the group that the update is about, in one read transaction.

        `group_id` is what a button says; it counts only where the person may see that group.
        Raises `DomainError` where there is none, and for who left its chat.
        """
        asked_about: list[GroupView] = []

        def run(session: Session) -> Result:
            asked_about.append(self._group(session, update, group_id))
            return use(session, asked_about[0])

        try:
            result = await self.tools.store.read(run)
        finally:
            # A refusal tells something as well.
            for group in asked_about:
                await self._check_presence(update, group)
        return asked_about[0], result

    async def group_of(self, update: Update, group_id: int | None = None) -> GroupView:
        """The group that the update is about. Raises as `ask` does."""
        group, _ = await self.ask(update, lambda _session, _group: None, group_id)
        return group

    async def act(
        self,
        update: Update,
        use: Callable[[Session, Actor], Result],
        group_id: int | None = None,
        *,
        as_organizer: bool = False,
    ) -> tuple[GroupView, Result]:
        """Run a use case that changes something, as whoever sent the update, in one write
        transaction. With `as_organizer` Telegram is asked about the person's rights now; the use
        case itself insists on them."""
        user = update.effective_user
        organizer = None
        asked = False
        if as_organizer:
            group = await self.group_of(update, group_id)
            organizer, asked = await self.is_organizer(update, group), True
            # Meanwhile a private chat may have become another group's, where that was not asked.
            group_id = group.id
        name = name_of(user)
        nobody = is_anonymous(message_of(update)) and update.callback_query is None

        def run(session: Session) -> tuple[GroupView, Result, Iterable[int]]:
            group = self._group(session, update, group_id)
            if not asked and not self._surely_present(update, group):
                raise _PresenceUnknownError
            if nobody or user is None:
                actor = Actor(group, ANONYMOUS, organizer or False)
            else:
                actor = members.meet(session, group, user.id, name, organizer=organizer)
            return group, use(session, actor), slots.with_cards(session, touched(session))

        try:
            group, result, changed = await self.tools.store.write(run)
        except _PresenceUnknownError:
            group = await self.group_of(update, group_id)
            asked, group_id = True, group.id
            group, result, changed = await self.tools.store.write(run)
        self.touched.update(changed)
        return group, result

    def shows_organizer(self, session: Session, group: GroupView, update: Update) -> bool:
        """Whether to show the sender what organizers can do, by what is known without asking
        Telegram. Nobody gets a right by it."""
        message, user = message_of(update), update.effective_user
        if update.callback_query is None and message is not None and message.sender_chat:
            return group.chat is not None and message.sender_chat.id == group.chat.telegram_id
        if user is None:
            return False
        return user.id in self.tools.organizers or members.organizes(session, group.id, user.id)

    async def is_organizer(self, update: Update, group: GroupView) -> bool:
        """Whether the sender is named in the settings or administers the group's chat, by what
        Telegram says at this moment. Raises `DomainError` when it is out of reach."""
        message, user = message_of(update), update.effective_user
        if update.callback_query is None and message is not None and message.sender_chat:
            # An administrator may write as the group itself; a channel's post is nobody's.
            return group.chat is not None and message.sender_chat.id == group.chat.telegram_id
        if user is None:
            return False
        if user.id in self.tools.organizers:
            return True
        return await self._status_now(group, user.id) in ADMINISTRATORS

    async def is_present(self, group: GroupView, user_id: int) -> bool:
        """Whether the person is in the group's chat now; no, where Telegram does not say."""
        return await self._status_now(group, user_id) in PRESENT

    async def groups_of(self, user_id: int) -> tuple[GroupView, ...]:
        """The groups that know this account and in whose chat it is, the one it chose first."""
        known = await self.tools.store.read(lambda session: groups.of_account(session, user_id))
        return tuple([group for group in known if await self.is_still_in(group, user_id)])

    async def is_still_in(self, group: GroupView, user_id: int) -> bool:
        """Whether a person whom the group knows is in its chat, as Telegram said lately. Where it
        does not say, what was known stands."""
        if group.chat is None or self._was_seen(group.chat, user_id):
            return True
        place = group.chat.telegram_id
        try:
            status = await self._status(group, user_id)
        except TelegramError:
            status = None
        if status is not None and status not in PRESENT:
            await self.tools.store.write(
                lambda session: standins.leave(session, place, user_id, self.now)
            )
            return False
        self.tools.presence.note(place, user_id, self.now)
        return True

    async def _check_presence(self, update: Update, group: GroupView) -> None:
        user = update.effective_user
        if user is None or self._surely_present(update, group):
            return
        if not await self.is_still_in(group, user.id):
            raise DomainError(Refusal.NOT_IN_CHAT, group=group)

    def _surely_present(self, update: Update, group: GroupView) -> bool:
        """Whether there is no need to ask Telegram whether the sender is in the group's chat."""
        user = update.effective_user
        if user is None or group.chat is None or not may_be_gone(update):
            return True
        return self._was_seen(group.chat, user.id)

    def _was_seen(self, chat: ChatView, user_id: int) -> bool:
        return self.tools.presence.is_fresh(chat.telegram_id, user_id, self.now)

    async def _status_now(self, group: GroupView, user_id: int) -> str | None:
        try:
            return await self._status(group, user_id)
        except TelegramError as error:
            raise DomainError(Refusal.RIGHTS_UNKNOWN) from error

    async def _status(self, group: GroupView, user_id: int) -> str | None:
        if group.chat is None:
            return None
        return await status_in(self.bot, group.chat.telegram_id, user_id)

    async def reply_kept(
        self,
        update: Update,
        question: Hashable,
        make: Callable[[], Awaitable[Answer]],
    ) -> None:
        """Reply with what `make` says of the group. Asked again in that chat, while it is still
        true, the question is not put to the database a second time; asked in another chat of the
        group, only whose it is."""
        asked = chat_of(update).id, told_before(update), question
        answers = self.tools.kept.at(self.now)
        if asked not in answers:
            group = await self.group_of(update)
            # All who ask while it is being made wait for the same one.
            of_group = "group", group.id, question
            if of_group not in answers:
                answers[of_group] = asyncio.ensure_future(make())
            try:
                text, keyboard = await asyncio.shield(answers[of_group])
                answers[asked] = headed(self.heading, text), keyboard
            except Exception:
                answers.pop(of_group, None)
                raise
        text, keyboard = answers[asked]
        await self.reply(update, text, keyboard)

    def _group(self, session: Session, update: Update, group_id: int | None) -> GroupView:
        chat, user = chat_of(update), update.effective_user
        self.heading = None
        if chat.type in GROUP_CHATS:
            group = groups.of_chat(session, chat.id)
            if group is None:
                raise DomainError(Refusal.NO_GROUP, private=False)
            if group_id not in (None, group.id):
                raise DomainError(Refusal.OLD_BUTTON)
            return group
        known = groups.of_account(session, user.id) if user else ()
        if not known or user is None:
            raise DomainError(Refusal.NO_GROUP, private=True)
        if group_id is None and len(known) > 1 and (told := told_before(update)) is not None:
            # What answers a message is about its group, whichever was chosen since.
            about = groups.of_message(session, user.id, told)
            known = tuple(sorted(known, key=lambda group: group.id != about))
        for group in known:
            if group_id in (None, group.id):
                if len(known) > 1:
                    self.heading = render("of_group", group=group)
                return group
        raise DomainError(Refusal.OLD_BUTTON)
