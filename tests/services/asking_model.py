"""The other half of the model: questions to other members, waiting for a slot, and what becomes
of the meetings themselves."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.services.claims_model import TO_BE_ANNOUNCED, Talks

ANSWER_WITHIN = timedelta(days=7)


@dataclass
class Model(Talks):
    """`requests` is what was asked: by `who`, of `whom`, about which `slots` and the `talks` that
    were in them, and whether it is still `open`."""

    requests: dict[int, dict[str, Any]] = field(default_factory=dict)

    # Asking somebody.

    def ask_to_swap(self, who: int, slot: int, other: int) -> tuple[str | None, dict[str, Any]]:
        there = self.talks[other]
        refusal = self.not_own(who, slot) or self.not_coming(slot, other)
        if refusal is None and there is None and self.held_by(other) not in (None, who):
            refusal = "slot_held"
        if refusal is None and there is None:
            refusal = "slot_is_free"
        if refusal is None and there and there["main"] == who:
            refusal = "slot_is_yours"
        asked = {"who": who, "whom": there and there["main"], "slots": (slot, other)}
        return refusal, self._asked(asked)

    def ask_to_take_over(self, who: int, slot: int, whom: int) -> tuple[str | None, dict[str, Any]]:
        refusal = self.not_own(who, slot) or self.not_coming(slot)
        if refusal is None and whom == who:
            refusal = "slot_is_yours"
        return refusal, self._asked({"who": who, "whom": whom, "slots": (slot,)})

    def _asked(self, asked: dict[str, Any]) -> dict[str, Any]:
        slots = asked["slots"]
        starts = [self.meeting_of(slot)["starts"] for slot in slots]
        return asked | {
            "until": min(self.now + ANSWER_WITHIN, *starts),
            "talks": [self._key(slot) for slot in slots],
        }

    def _key(self, slot: int) -> int | None:
        talk = self.talks[slot]
        return talk["key"] if talk else None

    def keep(self, number: int, asked: dict[str, Any]) -> None:
        """The question stands; an earlier one of its kind by the same member on the same slot does
        not."""
        for one in self.requests.values():
            kind = len(one["slots"]) == len(asked["slots"])
            if kind and (one["who"], one["slots"][0]) == (asked["who"], asked["slots"][0]):
                one["open"] = False
        self.requests[number] = {**asked, "open": True}

    def _settled(self, number: int) -> bool:
        asked = self.requests[number]
        return not asked["open"] or asked["until"] <= self.now

    def answer(self, who: int, number: int, *, agreed: bool) -> str | None:
        if self._settled(number):
            return "request_settled"
        asked = self.requests[number]
        if who != asked["whom"]:
            return "somebody_elses_button"
        if agreed:
            slots = asked["slots"]
            if asked["talks"] != [self._key(slot) for slot in slots]:
                return "changed_since"
            talks = [self.talks[slot] or {} for slot in slots]
            mains = (asked["who"], asked["whom"])
            for slot, talk, main in zip(slots, talks, mains, strict=False):
                refusal = self.not_coming(slot)
                if refusal is None and talk["main"] != main:
                    refusal = "changed_since"
                if refusal is not None:
                    return refusal
            if len(slots) == 2:
                pairs = zip(slots, reversed(talks), strict=True)
                self.put({slot: {**talk, "key": next(self.keys)} for slot, talk in pairs})
            else:
                people = [one for one in talks[0]["people"] if one != asked["who"]]
                people += [who] if who not in people else []
                self.put({slots[0]: {**talks[0], "main": who, "people": people}})
        asked["open"] = False
        return None

    def withdraw(self, who: int, number: int) -> str | None:
        if self._settled(number):
            return "request_settled"
        if who != self.requests[number]["who"]:
            return "somebody_elses_button"
        self.requests[number]["open"] = False
        return None

    # Waiting for a slot.

    def wait(self, who: int, slot: int) -> str | None:
        talk = self.talks[slot]
        refusal = self.not_coming(slot)
        if refusal is None and talk and talk["main"] == who:
            refusal = "slot_is_yours"
        if refusal is None and talk is None and self.held_by(slot) in (None, who):
            refusal = "slot_is_free"
        if refusal is None and who not in self.queues[slot]:
            self.queues[slot].append(who)
        return refusal

    def leave(self, who: int, slot: int, whose: int) -> str | None:
        if whose not in self.queues[slot]:
            return "not_waiting"
        if who != whose:
            return "somebody_elses_button"
        if self.offers.get(slot, (None,))[0] == who:
            self.pass_on(slot)
        else:
            self.queues[slot].remove(who)
        return None

    def accept(self, who: int, slot: int, whose: int, *, ended: bool) -> str | None:
        talk = self.talks[slot]
        if who != whose:
            return "somebody_elses_button"
        if talk and talk["main"] == who:
            return None
        if ended:
            return "offer_ended"
        refusal = self.not_coming(slot) or ("slot_taken" if talk else None)
        if refusal is None:
            self.put({slot: self.new(TO_BE_ANNOUNCED, who)})
        return refusal

    def fill(self, slot: int, who: int) -> str | None:
        """The bot puts somebody down for an open slot."""
        refusal = self.not_coming(slot) or ("slot_taken" if self.talks[slot] else None)
        if refusal is None and self.held_by(slot) is not None:
            refusal = "slot_held"
        if refusal is None:
            self.put({slot: self.new(TO_BE_ANNOUNCED, who)})
            self.by_turn[slot] = who
        return refusal

    def refuse(self, who: int, slot: int, whose: int, *, ended: bool) -> str | None:
        if who != whose:
            return "somebody_elses_button"
        if ended:
            return "offer_ended"
        if self.by_turn.get(slot) == who:
            self.put({slot: None})
        elif slot in self.offers:
            self.pass_on(slot)
        return None

    # What an organizer does.

    def move(self, who: int, number: int, starts: datetime) -> str | None:
        meeting = self.meetings[number]
        refusal = self._no_change(who, meeting)
        if refusal is None and meeting["cancelled"]:
            refusal = "meeting_cancelled"
        if refusal is not None or starts == meeting["starts"]:
            return refusal
        if starts <= self.now:
            return "day_is_past"
        others = [other for other in self.meetings.values() if other is not meeting]
        if any(other["starts"].date() == starts.date() for other in others):
            return "day_is_taken"
        meeting["starts"] = starts
        self._raise_revision(meeting)
        return None

    def cancel(self, who: int, number: int, revision: int) -> str | None:
        meeting = self.meetings[number]
        refusal = self._no_change(who, meeting)
        if refusal is None and meeting["cancelled"]:
            refusal = "meeting_cancelled"
        if refusal is None and revision != meeting["revision"]:
            refusal = "old_button"
        if refusal is None:
            meeting["cancelled"] = True
            self._raise_revision(meeting)
        return refusal

    def restore(self, who: int, number: int, revision: int) -> str | None:
        meeting = self.meetings[number]
        refusal = self._no_change(who, meeting)
        if refusal is None and not meeting["cancelled"]:
            refusal = "not_cancelled"
        if refusal is None and revision != meeting["revision"]:
            refusal = "old_button"
        if refusal is None:
            meeting["cancelled"] = False
            self._raise_revision(meeting)
        return refusal

    def _no_change(self, who: int, meeting: dict[str, Any]) -> str | None:
        if who not in self.organizers:
            return "organizers_only"
        return "meeting_is_over" if meeting["starts"] <= self.now else None

    def _raise_revision(self, meeting: dict[str, Any]) -> None:
        meeting["revision"] += 1
        for slot in meeting["slots"]:
            if self.talks[slot] is None:
                self.free(slot)
