"""Faults on order: the next answers to a method fail in the way that a test wants."""

from collections import defaultdict, deque
from dataclasses import dataclass
from enum import Enum

from bot.sandbox.refusals import ApiError


class Drop(Enum):
    """Close the connection without an answer, before or after the method took effect."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Garbage:
    """Answer with this body instead of JSON; the method takes no effect."""

    status: int
    body: str


Fault = ApiError | Drop | Garbage


class Faults:
    """`add` queues faults for a method; `take` gives the next one, once."""

    def __init__(self) -> None:
        self._next: dict[str, deque[tuple[Fault, int | None]]] = defaultdict(deque)

    def add(self, method: str, fault: Fault, count: int, chat_id: int | None) -> None:
        self._next[method].extend([(fault, chat_id)] * count)

    def take(self, method: str, chat_id: object) -> Fault | None:
        waiting = self._next.get(method)
        if not waiting:
            return None
        for index, (fault, only_in) in enumerate(waiting):
            if only_in is None or only_in == chat_id:
                del waiting[index]
                return fault
        return None
