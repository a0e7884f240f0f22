"""Whether whoever sent an update might change what it changed.

This says again, from outside and in few words, what the services check: an organizer may change
anything of their group, a member what is theirs, everybody else nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.sandbox.world import ADMINISTRATORS, Json
from bot.services.drafts import KEPT_FOR
from tests.fuzz.rows import Rows, Watch
from tests.fuzz.scene import Scene

ALL, LOOK, NOTHING = "all", "look", "nothing"
Right = str | int
"""`ALL`, to `LOOK`, `NOTHING`, or the account whose own affairs they are."""

Row = dict[str, Any]

COLUMNS: Final = {
    "groups": {"weeks_planned_to"},
    "meetings": {"turns_at", "nag_at"},
    "slots": {"message_id"},
}
"""What anybody's deeds may change there: when the bot looks again, and which message is a card."""

NOBODYS: Final = ("chats", "terms", "term_pages")

BY_MOVING: Final = {"telegram_id", "kind", "pinned_message_id", "message_id"}
"""What is other once a group became a supergroup, of which the bot may hear by anybody's deed."""


@dataclass(frozen=True, slots=True)
class Judge:
    scene: Scene
    watch: Watch

    def right(self, raw: Json, group: int) -> Right:
        """What whoever sent this may change in the first or the second group."""
        chat = self.scene.here if group == 1 else self.scene.there
        content = raw.get("message") or raw.get("callback_query")
        if not isinstance(content, dict):
            return NOTHING
        tapped = "callback_query" in raw
        place = _id((content.get("message") or {} if tapped else content), "chat")
        if not tapped and content.get("sender_chat"):
            if place != chat.id:
                return NOTHING
            return ALL if _id(content, "sender_chat") == chat.id else LOOK
        sender = _id(content, "from")
        if chat.members.get(sender or 0) in ADMINISTRATORS:
            return ALL
        writes_there = not tapped and place == chat.id
        return sender if sender and (chat.is_present(sender) or writes_there) else NOTHING

    def trespasses(self, before: Rows, after: Rows, right: Right) -> list[str]:
        """What was changed without a right to."""
        if right == ALL:
            return []
        changes = [
            _Change(table, number, self._row(table, was), self._row(table, now))
            for table, number in sorted(before.keys() | after.keys(), key=str)
            if (was := before.get((table, number))) != (now := after.get((table, number)))
        ]
        changes = [c for c in changes if not (self._is_over(c) or c.is_learnt)]
        if any(self._is_move(change) for change in changes):
            changes = [change for change in changes if not change.columns <= BY_MOVING]
        if right == LOOK:
            changes = [change for change in changes if not change.is_of_looking]
        if right in (LOOK, NOTHING):
            return [str(change) for change in changes]
        changes = [change for change in changes if not self._is_met(change)]
        return list(_Member(int(right), before, after, changes, self.watch).wrong())

    def _is_met(self, change: "_Change") -> bool:
        """Whom a member answers is known from then on, if they are in the chat, by the name that
        they have in Telegram."""
        if (
            change.table != "members"
            or not change.now
            or (change.was and change.columns != {"name"})
        ):
            return False
        account = change.now["telegram_id"]
        return any(chat.is_present(account) for chat in (self.scene.here, self.scene.there))

    def _is_over(self, change: "_Change") -> bool:
        """Whoever keeps a draft clears away those of everybody that nobody can take up any more."""
        oldest = (self.scene.inside.clock.now() - KEPT_FOR).replace(tzinfo=None)
        gone = change.table == "drafts" and not change.now
        return gone and datetime.fromisoformat(change.was["created_at"]) < oldest

    def _is_move(self, change: "_Change") -> bool:
        """The group's chat is the one that it really became."""
        return change.table == "chats" and change.now.get("telegram_id") == self.scene.here.id

    def _row(self, table: str, values: tuple[Any, ...] | None) -> Row:
        return {} if values is None else dict(zip(self.watch.columns[table], values, strict=True))


def _id(content: Any, name: str) -> int | None:
    found = content.get(name) if isinstance(content, dict) else None
    number = found.get("id") if isinstance(found, dict) else None
    return number if type(number) is int else None


@dataclass(frozen=True, slots=True)
class _Change:
    table: str
    number: Any
    was: Row
    now: Row

    @property
    def either(self) -> Row:
        """As it was; if it is new, as it is."""
        return self.was or self.now

    @property
    def columns(self) -> set[str]:
        return {name for name in self.was | self.now if self.was.get(name) != self.now.get(name)}

    @property
    def is_learnt(self) -> bool:
        """Organizers hear that somebody left, of which the bot may learn by anybody's deed."""
        told = self.table == "deliveries" and not self.was and self.now["kind"] == "unreachable"
        return told and ":left:" in self.now["key"]

    @property
    def is_of_looking(self) -> bool:
        """A file that was sent has Telegram's number for it noted."""
        return self.table == "files" and bool(self.now) and self.columns <= {"telegram_file_id"}

    def __str__(self) -> str:
        what = "new" if not self.was else "gone" if not self.now else "changed"
        told = {name: (self.was.get(name), self.now.get(name)) for name in sorted(self.columns)}
        return f"{self.table} {self.number} {what}: {told}"


class _Member:
    """What one member may change: their own, and what others agreed to with them."""

    def __init__(
        self, account: int, before: Rows, after: Rows, changes: list[_Change], watch: Watch
    ) -> None:
        at = watch.columns["members"].index("telegram_id")
        self._own = {
            number
            for rows in (before, after)
            for (table, number), values in rows.items()
            if table == "members" and values[at] == account
        }
        self._changes = changes
        self._teams = [_presenters(rows, watch) for rows in (before, after)]
        self._slots = [_slots(rows, watch) for rows in (before, after)]
        # Whoever agrees lets somebody else have what was theirs.
        self._agreed = any(
            change.table == "requests"
            and change.now.get("state") == "agreed"
            and change.was.get("asked_id") in self._own
            for change in changes
        )

    def wrong(self) -> Iterator[str]:
        for change in self._changes:
            if not self._may(change):
                yield str(change)

    def _may(self, change: _Change) -> bool:
        if change.table in COLUMNS:
            return bool(change.was and change.now) and change.columns <= COLUMNS[change.table]
        rule = getattr(self, f"_{change.table}", None)
        return rule(change) if rule is not None else change.table not in NOBODYS

    def _members(self, change: _Change) -> bool:
        return change.number in self._own

    def _audit_entries(self, change: _Change) -> bool:
        """Their own deeds, and what the bot does because a slot became free."""
        now = change.now
        by_the_bot = now.get("member_id") is None and now.get("action") == "talk:fill"
        return not change.was and (by_the_bot or now["member_id"] in self._own)

    def _drafts(self, change: _Change) -> bool:
        return change.either["member_id"] in self._own

    def _waits(self, change: _Change) -> bool:
        return change.either["member_id"] in self._own or not change.now

    def _offers(self, change: _Change) -> bool:
        answered = change.now.get("state") in ("taken", "declined")
        theirs = bool(change.was) and change.was["member_id"] not in self._own
        return not (answered and theirs) or self._agreed

    def _requests(self, change: _Change) -> bool:
        was, now = change.was, change.now
        if not was:
            return now["asker_id"] in self._own
        if was["state"] == now.get("state"):
            return bool(now)
        who = "asker_id" if now.get("state") == "withdrawn" else "asked_id"
        return was[who] in self._own

    def _talks(self, change: _Change) -> bool:
        return self._may_talk(change.either)

    def _presenters(self, change: _Change) -> bool:
        talk_id = change.either["talk_id"]
        mine = change.either["member_id"] in self._own
        return mine or self._may_talk({"slot_id": self._slot_of(talk_id)})

    def _links(self, change: _Change) -> bool:
        return self._presents(change.either["talk_id"]) or self._agreed

    def _files(self, change: _Change) -> bool:
        """A file of their own for a talk of theirs."""
        now = change.now
        if not now or change.is_of_looking:
            return bool(now)
        if now["talk_id"] is None:  # the talk is gone, the file stays
            return change.columns == {"talk_id"}
        mine = now["member_id"] in self._own and self._presents(now["talk_id"])
        return mine or (self._agreed and change.columns == {"talk_id"})

    def _deliveries(self, change: _Change) -> bool:
        """What follows from what they did; but no word of an organizer's, nor about one."""
        asked = change.was.get("state") == "uncertain"
        said = not change.was and change.now["kind"] == "message"
        return not asked and not said

    def _may_talk(self, talk: Row) -> bool:
        """A slot that was open or one's own; or one that changes hands because one agreed."""
        main = self._slots[0].get(talk["slot_id"])
        return main is None or main in self._own or self._agreed

    def _presents(self, talk_id: int | None) -> bool:
        return any(bool(self._own & teams.get(talk_id, set())) for teams in self._teams)

    def _slot_of(self, talk_id: int) -> int | None:
        for slots in self._slots:
            for slot_id, talk in slots.get("talks", {}).items():
                if talk == talk_id:
                    return int(slot_id)
        return None


def _presenters(rows: Rows, watch: Watch) -> dict[Any, set[int]]:
    columns = watch.columns["presenters"]
    talk, member = columns.index("talk_id"), columns.index("member_id")
    found: dict[Any, set[int]] = {}
    for (table, _), values in rows.items():
        if table == "presenters":
            found.setdefault(values[talk], set()).add(values[member])
    return found


def _slots(rows: Rows, watch: Watch) -> dict[Any, Any]:
    """The main presenter's member id by slot; under "talks" the talk's id by slot."""
    talks = {
        number: values[watch.columns["talks"].index("slot_id")]
        for (table, number), values in rows.items()
        if table == "talks"
    }
    columns = watch.columns["presenters"]
    talk, member, role = (columns.index(name) for name in ("talk_id", "member_id", "role"))
    mains: dict[Any, Any] = {
        talks[values[talk]]: values[member]
        for (table, _), values in rows.items()
        if table == "presenters" and values[role] == "main"
    }
    return mains | {"talks": {slot: number for number, slot in talks.items()}}
