"""Faults on order: the next answers to a method fail in the way that a test wants."""

import asyncio
from collections import defaultdict, deque
from dataclasses import dataclass, field
from enum import Enum

from bot.sandbox.refusals import ApiError


class Drop(Enum):
    """Close the connection without an answer, before or after the method took effect, or after it
    in the middle of the answer."""

    BEFORE = "before"
    AFTER = "after"
    HALFWAY = "halfway"


@dataclass(frozen=True, slots=True)
class Garbage:
    """Answer with this body instead of JSON; the method takes no effect."""

    status: int
    body: str


@dataclass(frozen=True, slots=True, eq=False)
class Hold:
    """The method takes effect, but its answer waits for `release`: for time-outs. With `before` the
    method waits as well, and never takes effect."""

    released: asyncio.Event = field(default_factory=asyncio.Event)
    before: bool = False

    def release(self) -> None:
        self.released.set()


Fault = ApiError | Drop | Garbage | Hold


class Faults:
    """`add` queues faults for a method; `take` gives the next one, once. `lasting` are those that
    each request of a method meets until they are taken away."""

    def __init__(self) -> None:
        self.lasting: dict[str, Fault] = {}
        self._next: dict[str, deque[tuple[Fault, int | None]]] = defaultdict(deque)

    def add(self, method: str, fault: Fault, count: int, chat_id: int | None) -> None:
        self._next[method].extend([(fault, chat_id)] * count)

    def take(self, method: str, chat_id: object) -> Fault | None:
        waiting = self._next[method]
        for index, (fault, only_in) in enumerate(waiting):
            if only_in is None or only_in == chat_id:
                del waiting[index]
                return fault
        return self.lasting.get(method)
