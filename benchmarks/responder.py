"""A lean Bot API server for people who write to a bot, each in their private chat.

It speaks just enough HTTP/1.1 for clients that behave, answers from prepared bytes, and measures:
from an update becoming available to the first byte of the answer in that chat. It runs in a
process of its own and imports nothing that is slow to start.
"""

import asyncio
import json
import re
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from random import Random
from urllib.parse import parse_qsl

TOKEN = "1000000001:a-bench-and-nothing-else"  # noqa: S105 - opens nothing
OK = b'{"ok":true,"result":true}'
ME = (
    b'{"ok":true,"result":{"id":1000000001,"is_bot":true,"first_name":"Bot",'
    b'"username":"bench_bot","can_join_groups":true,"can_read_all_group_messages":false,'
    b'"supports_inline_queries":false}}'
)
MESSAGE = (
    '{"ok":true,"result":{"message_id":%d,"date":1767950000,"chat":{"id":%d,"type":"private",'
    '"first_name":"Ann"},"from":{"id":1000000001,"is_bot":true,"first_name":"Bot",'
    '"username":"bench_bot"},"text":"ok"}}'
)
MOST = 100
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHAT = re.compile(rb'(?:^|&|")chat_id(?:=|": ?)(-?\d+)')


@dataclass(frozen=True, slots=True)
class Plan:
    """What people write: `texts[chat_id]`, over and over. Everybody waits for the answer before
    the next message; or, with `rate`, `rate` messages a second come from all, whatever is answered.
    Over after `answers`, of which the first `warm_up` do not count. Every `mark` answers the
    harness hears of it."""

    texts: dict[int, tuple[str, ...]]
    answers: int
    warm_up: int = 0
    rate: float | None = None
    mark: int | None = None


@dataclass(slots=True)
class Measured:
    """Times are in seconds, `first_poll` by the machine's monotonic clock."""

    first_poll: float = 0.0
    seconds: float = 0.0
    answers: int = 0
    busy: float = 0.0
    waits: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.answers / self.seconds


class Responder:
    def __init__(self, plan: Plan, tell: Callable[[object], None]) -> None:
        self.measured = Measured()
        self.done = asyncio.Event()
        self._plan = plan
        self._tell = tell
        self._texts = {chat: _over_and_over(texts) for chat, texts in plan.texts.items()}
        self._waiting: deque[tuple[int, bytes]] = deque()
        self._since: dict[int, deque[float]] = {chat: deque() for chat in plan.texts}
        self._poll: tuple[Callable[[bytes], None], int, asyncio.TimerHandle] | None = None
        self._next_id = 1
        self._answered = 0
        self._began = self._cpu = 0.0

    def go(self) -> None:
        """People begin to write."""
        if self._plan.rate is None:
            for chat in self._texts:
                self._say(chat)
            return
        self._paced(Random(1), list(self._texts), asyncio.get_running_loop().time())

    def _paced(self, random: Random, chats: list[int], at: float) -> None:
        """As from many people who know nothing of each other: a Poisson process."""
        if self.done.is_set() or self._plan.rate is None:
            return
        self._say(random.choice(chats))
        at += random.expovariate(self._plan.rate)
        asyncio.get_running_loop().call_at(at, self._paced, random, chats, at)

    def _say(self, chat: int) -> None:
        text = next(self._texts[chat], None)
        if text is None:
            return
        command = len(text.partition(" ")[0])
        person = {"id": chat, "first_name": f"P{chat}"}
        message = {
            "message_id": self._next_id,
            "date": 1767950000,
            "chat": {**person, "type": "private"},
            "from": {**person, "is_bot": False},
            "text": text,
            "entities": [{"type": "bot_command", "offset": 0, "length": command}],
        }
        update = {"update_id": self._next_id, "message": message}
        self._waiting.append((self._next_id, json.dumps(update).encode()))
        self._next_id += 1
        self._since[chat].append(time.monotonic())
        if self._poll is not None:
            answer, limit, timer = self._poll
            self._poll = None
            timer.cancel()
            answer(self._batch(limit))

    def ask(self, path: bytes, body: bytes, answer: Callable[[bytes], None]) -> None:
        """One request, answered at once or, a poll, later."""
        method = path.partition(b"?")[0].rpartition(b"/")[2].lower()
        if method == b"sendmessage":
            found = _CHAT.search(body)
            chat = int(found[1]) if found else 0
            self._answered_in(chat)
            answer((MESSAGE % (self._next_id, chat)).encode())
        elif method == b"getupdates":
            self._updates(body, answer)
        else:
            answer(ME if method == b"getme" else OK)

    def _updates(self, body: bytes, answer: Callable[[bytes], None]) -> None:
        if not self.measured.first_poll:
            self.measured.first_poll = time.monotonic()
            self._tell("polled")
        given = json.loads(body) if body.startswith(b"{") else dict(parse_qsl(body.decode()))
        offset, limit, hold = (
            int(given.get(name) or usual)
            for name, usual in (("offset", 0), ("limit", 100), ("timeout", 0))
        )
        while self._waiting and self._waiting[0][0] < offset:
            self._waiting.popleft()
        if self._waiting or not hold:
            answer(self._batch(limit))
            return
        timer = asyncio.get_running_loop().call_later(hold, self._nothing)
        self._poll = answer, limit, timer

    def _nothing(self) -> None:
        if self._poll is not None:
            answer, limit, _ = self._poll
            self._poll = None
            answer(self._batch(limit))

    def _batch(self, limit: int) -> bytes:
        first = [self._waiting[i][1] for i in range(min(limit, MOST, len(self._waiting)))]
        return b'{"ok":true,"result":[' + b",".join(first) + b"]}"

    def _answered_in(self, chat: int) -> None:
        now = time.monotonic()
        since = self._since[chat].popleft() if self._since.get(chat) else now
        self._answered += 1
        plan, measured = self._plan, self.measured
        if self._answered == plan.warm_up or (not plan.warm_up and self._answered == 1):
            self._began, self._cpu = now, time.process_time()
        elif self._answered > plan.warm_up:
            measured.waits.append(now - since)
        if plan.mark is not None and self._answered % plan.mark == 0:
            self._tell(self._answered)
        if self._answered == plan.answers:
            measured.seconds = now - self._began
            measured.answers = self._answered - max(plan.warm_up, 1)
            used = time.process_time() - self._cpu
            measured.busy = used / measured.seconds if measured.seconds else 0.0
            self.done.set()
        elif plan.rate is None:
            self._say(chat)


class Wire(asyncio.Protocol):
    """HTTP/1.1 with a length in every request, which is what the contestants send."""

    def __init__(self, responder: Responder) -> None:
        self._responder = responder
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while True:
            head, end, rest = self._buffer.partition(b"\r\n\r\n")
            length = _LENGTH.search(head)
            size = int(length[1]) if length else 0
            if not end or len(rest) < size:
                return
            self._buffer = rest[size:]
            self._responder.ask(head.split(b" ", 2)[1], rest[:size], self._answer)

    def _answer(self, body: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            head = (
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            )
            self._transport.write(head % len(body) + body)


def serve(pipe: "Connection[object, object]", plan: Plan) -> None:
    """Tell the harness the port, then "polled", then the marks, then what was measured; people
    write once it has said something."""
    asyncio.run(_serve(pipe, plan))


async def _serve(pipe: "Connection[object, object]", plan: Plan) -> None:
    loop = asyncio.get_running_loop()
    responder = Responder(plan, pipe.send)
    server = await loop.create_server(lambda: Wire(responder), "127.0.0.1", 0)
    pipe.send(server.sockets[0].getsockname()[1])
    await loop.run_in_executor(None, pipe.recv)
    responder.go()
    await responder.done.wait()
    pipe.send(responder.measured)


def _over_and_over(texts: tuple[str, ...]) -> Iterator[str]:
    while True:
        yield from texts
