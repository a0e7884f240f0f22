"""What claims, offers and meetings must do, said again with plain dicts: the state machine in
test_claims_machine.py holds the services against it.

Each method is one thing that somebody does. It returns the code of the refusal that is due, or
`None`, and then the model has changed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

HELD_FOR, ANSWER_WITHIN = timedelta(hours=24), timedelta(days=7)
LAST_CALL = timedelta(hours=3)
TO_BE_ANNOUNCED = "To be announced"

Talk = dict[str, Any]
"""`title`, `main`, and `people` in their order, by their numbers. `key` is another for each talk
that is put into a slot, so that what was asked about an earlier one is known to be old."""


@dataclass
class Talks:
    """`meetings` has `starts`, `cancelled`, `revision` and `slots`; `queues` who waits for a slot,
    the first first; `offers` who is offered it, and until when; `by_turn` who was put down for it;
    `log` what the slots of each change held before and after."""

    now: datetime
    most_supporters: int
    organizers: set[int]
    meetings: dict[int, dict[str, Any]] = field(default_factory=dict)
    talks: dict[int, Talk | None] = field(default_factory=dict)
    queues: dict[int, list[int]] = field(default_factory=dict)
    offers: dict[int, tuple[int, datetime]] = field(default_factory=dict)
    by_turn: dict[int, int] = field(default_factory=dict)
    log: list[dict[str, Any]] = field(default_factory=list)
    keys: Iterator[int] = field(default_factory=count)

    def meeting_of(self, slot: int) -> dict[str, Any]:
        return next(meeting for meeting in self.meetings.values() if slot in meeting["slots"])

    def held_by(self, slot: int) -> int | None:
        """Whom the open slot is kept for."""
        member, until = self.offers.get(slot, (None, self.now))
        return member if until > self.now else None

    def new(self, title: str, main: int) -> Talk:
        return {"title": title, "main": main, "people": [main], "key": next(self.keys)}

    def put(self, wanted: dict[int, Talk | None]) -> None:
        """Every change of talks ends here."""
        before = {slot: self.talks[slot] for slot in wanted}
        if all(told(talk) == told(wanted[slot]) for slot, talk in before.items()):
            return
        self.talks.update(wanted)
        self.log.append({"before": before, "after": wanted, "undone": False})
        for slot, talk in wanted.items():
            if talk is None:
                self.by_turn.pop(slot, None)
                self.free(slot)
                continue
            self.offers.pop(slot, None)
            if self.by_turn.get(slot) != talk["main"]:
                self.by_turn.pop(slot, None)
            if talk["main"] in self.queues[slot]:
                self.queues[slot].remove(talk["main"])

    def free(self, slot: int) -> None:
        """The slot is open: the first in its queue is offered it, if there is time."""
        self.offers.pop(slot, None)
        meeting, queue = self.meeting_of(slot), self.queues[slot]
        until = min(self.now + HELD_FOR, meeting["starts"] - LAST_CALL)
        if queue and until > self.now and not meeting["cancelled"]:
            self.offers[slot] = (queue[0], until)

    def tick(self) -> None:
        """The bot looks at what nobody answered in time."""
        late = sorted((until, slot) for slot, (_, until) in self.offers.items())
        for until, slot in late:
            if until <= self.now:
                self.pass_on(slot)
        for slot in list(self.by_turn):
            if self.meeting_of(slot)["starts"] <= self.now:
                del self.by_turn[slot]

    def pass_on(self, slot: int) -> None:
        """Who is offered the slot does not take it: they wait no more, and it is the next one's."""
        self.queues[slot].remove(self.offers[slot][0])
        self.free(slot)

    # Why something cannot be done.

    def not_coming(self, *slots: int) -> str | None:
        for slot in slots:
            if self.meeting_of(slot)["cancelled"]:
                return "meeting_cancelled"
            if self.meeting_of(slot)["starts"] <= self.now:
                return "meeting_is_over"
        return None

    def not_own(self, who: int, slot: int) -> str | None:
        talk = self.talks[slot]
        if talk is None:
            return "open_already"
        return None if talk["main"] == who else "not_your_talk"

    # Taking and giving back a slot.

    def claim(self, who: int, slot: int, title: str) -> str | None:
        talk = self.talks[slot]
        if talk and (talk["main"], talk["title"]) == (who, title):
            return None
        refusal = self.not_coming(slot)
        if refusal is None and talk:
            refusal = "slot_is_yours" if talk["main"] == who else "slot_taken"
        if refusal is None and self.held_by(slot) not in (None, who):
            refusal = "slot_held"
        if refusal is None:
            self.put({slot: self.new(title, who)})
        return refusal

    def release(self, who: int, slot: int) -> str | None:
        refusal = self.not_own(who, slot)
        if refusal is None and self.meeting_of(slot)["starts"] <= self.now:
            refusal = "meeting_is_over"
        if refusal is None:
            self.put({slot: None})
        return refusal

    def edit(self, who: int, slot: int, title: str) -> str | None:
        talk = self.talks[slot]
        refusal = self.not_own(who, slot) or self.not_coming(slot)
        if refusal is None and talk:
            self.put({slot: {**talk, "title": title}})
        return refusal

    # Supporters.

    def support(self, who: int, slot: int, key: int | None) -> str | None:
        talk = self.talks[slot]
        if talk is None:
            return "open_already"
        if key not in (None, talk["key"]):
            return "old_button"
        refusal = self.not_coming(slot) or ("slot_is_yours" if talk["main"] == who else None)
        if refusal is not None or who in talk["people"]:
            return refusal
        if len(talk["people"]) > self.most_supporters:
            return "enough_supporters"
        self.put({slot: {**talk, "people": [*talk["people"], who]}})
        return None

    def remove(self, who: int, slot: int, whom: int) -> str | None:
        talk = self.talks[slot]
        if talk is None:
            return "open_already"
        refusal = self.not_coming(slot)
        if refusal is None and who not in {whom, talk["main"], *self.organizers}:
            refusal = "not_your_talk"
        if refusal is None and whom != talk["main"]:
            self.put({slot: {**talk, "people": [one for one in talk["people"] if one != whom]}})
        return refusal

    def promote(self, who: int, slot: int, whom: int) -> str | None:
        talk = self.talks[slot]
        if talk is None:
            return "open_already"
        refusal = self.not_coming(slot)
        if refusal is not None or talk["main"] == whom:
            return refusal
        if who not in {talk["main"], *self.organizers}:
            return "not_your_talk"
        if whom not in talk["people"]:
            return "no_supporter"
        self.put({slot: {**talk, "main": whom}})
        return None

    # What organizers do to a talk.

    def assign(self, who: int, slot: int, whom: int, title: str) -> str | None:
        talk = self.talks[slot]
        if who not in self.organizers:
            return "organizers_only"
        if talk and talk["main"] == whom:
            return None
        refusal = self.not_coming(slot) or ("not_empty" if talk else None)
        if refusal is None:
            self.put({slot: self.new(title, whom)})
        return refusal

    def unassign(self, who: int, slot: int) -> str | None:
        if who not in self.organizers:
            return "organizers_only"
        if self.talks[slot] is None:
            return "open_already"
        if self.meeting_of(slot)["starts"] <= self.now:
            return "meeting_is_over"
        self.put({slot: None})
        return None

    def undo(self, who: int, number: int) -> str | None:
        """Take back the change of this number in the log."""
        change = self.log[number]
        if who not in self.organizers:
            return "organizers_only"
        now_there = {slot: told(self.talks[slot]) for slot in change["before"]}
        if change["undone"] or now_there != {s: told(t) for s, t in change["after"].items()}:
            return "changed_since"
        starts = [self.meeting_of(slot)["starts"] for slot in now_there]
        if len(starts) > 1 and min(starts) <= self.now:
            return "swap_stands"
        change["undone"] = True
        before = change["before"].items()
        self.put({slot: talk and {**talk, "key": next(self.keys)} for slot, talk in before})
        return None


def told(talk: Talk | None) -> object:
    """What people see of it."""
    return talk and (talk["title"], talk["main"], talk["people"])
