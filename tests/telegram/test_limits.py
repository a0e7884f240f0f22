"""Telegram's limits are kept, whatever answers take; on a clock that nobody waits for."""

import asyncio
import heapq
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram.error import BadRequest, RetryAfter

from bot.telegram.limits import MANY, FloodLimits

GROUP, OTHER, PERSON = -1, -2, 5


class Time:
    """Seconds that pass only while everybody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = count()

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.now + seconds, next(self._numbers), woken))
        await woken

    async def run(self, *tasks: "asyncio.Task[Any]") -> None:
        """Let the tasks come to their end."""
        while True:
            for _ in range(5):
                await asyncio.sleep(0)
            if all(task.done() for task in tasks):
                return
            if self._sleepers:
                at, _, woken = heapq.heappop(self._sleepers)
                self.now = max(self.now, at)
                if not woken.done():
                    woken.set_result(None)


class Server:
    """Notes when each message arrives: halfway between its start and its answer."""

    def __init__(self, latency: float = 0.0) -> None:
        self.time = Time()
        self.limits = FloodLimits(lambda: self.time.now, self.time.sleep)
        self.arrived: list[tuple[float, int]] = []
        self.latency = latency
        self.asks_to_wait: dict[int, list[int]] = {}

    async def send(
        self,
        chat_id: int,
        tries: int | None = None,
        latency: float | None = None,
        endpoint: str = "sendMessage",
    ) -> bool:
        async def answer() -> bool:
            half = (self.latency if latency is None else latency) / 2
            await self.time.sleep(half)
            if waits := self.asks_to_wait.get(chat_id):
                raise RetryAfter(waits.pop(0))
            self.arrived.append((self.time.now, chat_id))
            await self.time.sleep(half)
            return True

        data = {"chat_id": chat_id}
        done = await self.limits.process_request(answer, (), {}, endpoint, data, tries)
        return bool(done)

    def task(self, *args: Any, **kwargs: Any) -> "asyncio.Task[bool]":
        return asyncio.create_task(self.send(*args, **kwargs))


def most_within(moments: list[float], seconds: float) -> int:
    """The most that fall into any window; its end is not part of it."""
    return max(
        (sum(start <= one < start + seconds for one in moments) for start in moments), default=0
    )


async def test_a_thousand_groups_are_served_at_the_limit_and_never_above() -> None:
    server = Server(latency=0.05)
    chats = list(range(-1000, 0))

    async def lane() -> None:
        while chats:
            await server.send(chats.pop())

    await server.time.run(*(asyncio.create_task(lane()) for _ in range(8)))

    moments = [at for at, _ in server.arrived]
    assert len(moments) == 1000
    assert most_within(moments, 1.0) == 30
    # 33 windows of a second after the first 30, each a little longer for what is on its way.
    assert 32.3 <= moments[-1] <= 33.3 * 1.05


@given(
    st.lists(
        st.tuples(
            st.sampled_from([GROUP, OTHER, PERSON]),
            st.floats(0, 3),
            st.sampled_from(["send", "cancel"]),
        ),
        max_size=70,
    )
)
@settings(max_examples=40)
def test_no_window_ever_holds_one_too_many(wishes: list[tuple[int, float, str]]) -> None:
    async def play() -> Server:
        server = Server()
        tasks = []
        for chat_id, latency, what in wishes:
            task = server.task(chat_id, latency=latency)
            if what == "cancel":
                asyncio.get_running_loop().call_soon(task.cancel)
            else:
                tasks.append(task)
        await server.time.run(*tasks)
        assert all(task.result() for task in tasks)
        return server

    arrived = asyncio.run(play()).arrived
    assert most_within([at for at, _ in arrived], 1.0) <= 30
    for chat_id, most, seconds in ((GROUP, 20, 60.0), (OTHER, 20, 60.0), (PERSON, 5, 5.0)):
        assert most_within([at for at, chat in arrived if chat == chat_id], seconds) <= most


async def test_a_group_that_had_its_share_does_not_hold_up_others() -> None:
    server = Server()
    crowd = [server.task(GROUP) for _ in range(25)]
    late = server.task(OTHER)

    await server.time.run(late)

    assert server.time.now < 2
    assert server.limits.ready_in(GROUP) > 50
    assert server.limits.ready_in(OTHER) == 0
    await server.time.run(*crowd)
    assert server.time.now >= 60


async def test_who_comes_first_is_served_first() -> None:
    server = Server()
    chats = list(range(-100, 0))

    await server.time.run(*(server.task(chat_id) for chat_id in chats))

    assert [chat_id for _, chat_id in server.arrived] == chats


async def test_a_chat_that_is_asked_to_wait_waits_even_while_others_are_answered() -> None:
    server = Server()
    server.asks_to_wait[GROUP] = [7]
    with_patience = server.task(GROUP, 2)
    for _ in range(20):
        await asyncio.sleep(0)
    await server.time.run(server.task(OTHER))
    assert server.time.now < 1
    assert server.limits.ready_in(GROUP) == pytest.approx(7)

    await server.time.run(with_patience)

    assert server.arrived[-1][1] == GROUP
    assert server.arrived[-1][0] == pytest.approx(7)


async def test_without_a_wish_to_try_again_the_error_is_the_callers() -> None:
    server = Server()
    server.asks_to_wait[GROUP] = [7]
    task = server.task(GROUP)
    await server.time.run(task)

    assert isinstance(task.exception(), RetryAfter)
    assert server.limits.ready_in(GROUP) == pytest.approx(7)


async def test_two_chats_that_are_asked_to_wait_mean_everybody() -> None:
    server = Server()
    server.asks_to_wait = {GROUP: [7], OTHER: [9]}
    for chat_id in (GROUP, OTHER):
        await server.time.run(task := server.task(chat_id))
        assert task.exception() is not None

    assert server.limits.ready_in(PERSON) == pytest.approx(9)


@pytest.mark.parametrize("endpoint", ["getChatMember", "sendChatAction", "answerCallbackQuery"])
async def test_what_posts_nothing_never_waits(endpoint: str) -> None:
    server = Server()
    await server.time.run(*(server.task(GROUP, endpoint=endpoint) for _ in range(99)))

    assert server.time.now == 0


async def test_a_request_that_fails_gives_its_place_back() -> None:
    limits = FloodLimits()

    async def refuse() -> bool:
        raise BadRequest("no")

    for _ in range(20):
        with pytest.raises(BadRequest):
            await limits.process_request(refuse, (), {}, "sendMessage", {"chat_id": 1 - 2}, None)

    assert limits.ready_in(-1) > 50  # Telegram counts what it refuses, too


async def test_idle_chats_are_forgotten() -> None:
    server = Server()
    for start in range(3):
        await server.time.run(*(server.task(-1 - n - start * MANY) for n in range(MANY)))
        await server.time.run(asyncio.create_task(server.time.sleep(60)))

    assert len(server.limits._chats) <= MANY
