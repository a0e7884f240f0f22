import asyncio
import itertools
import logging
import random
from collections import defaultdict
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import Update
from telegram.error import NetworkError, TimedOut

from bot.telegram.polling import LONG_POLL_SECONDS, MOMENT_SECONDS
from bot.telegram.trouble import TokenRefusedError
from tests.telegram.update_queue import Handle, Run, Server, http, inline_query, message


def noting(handled: list[int]) -> Handle:
    async def handle(update: Update) -> None:
        await asyncio.sleep(0)
        handled.append(update.update_id)

    return handle


async def test_updates_are_handled_and_then_acknowledged() -> None:
    handled: list[int] = []
    server = Server(message(5), message(6, chat=2), inline_query(9, user=3))
    async with Run(server, noting(handled)):
        await server.idle.wait()
        assert (sorted(handled), server.acknowledged) == ([5, 6, 9], [5, 6, 9])
    assert server.calls == [(None, 0), (10, LONG_POLL_SECONDS), (10, 0)]
    assert server.endpoints == {"getUpdates"}


async def test_an_update_that_comes_during_the_long_poll_is_handled_at_once() -> None:
    handled: list[int] = []
    server = Server()
    async with Run(server, noting(handled)) as run:
        await server.idle.wait()
        server.idle.clear()
        server.add(message(1))
        await server.idle.wait()
    assert handled == [1]
    assert [pause for pause in run.pauses if pause > MOMENT_SECONDS] == [3.0]


async def test_a_slow_chat_does_not_hold_up_the_others_and_is_not_acknowledged() -> None:
    handled: list[int] = []
    go_on, others_done = asyncio.Event(), asyncio.Event()

    async def handle(update: Update) -> None:
        if update.update_id == 1:
            await go_on.wait()
        handled.append(update.update_id)
        if update.update_id == 4:
            others_done.set()

    server = Server(message(1, chat=1), message(2, chat=2), message(3, chat=1))
    async with Run(server, handle):
        while len(server.calls) < 2:  # noqa: ASYNC110 - a second look, however late
            await asyncio.sleep(0)
        server.add(message(4, chat=2))
        await others_done.wait()
        assert (handled, server.acknowledged) == ([2, 4], [])
        assert set(server.calls[1:]) == {(1, 0)}
        go_on.set()
        await server.idle.wait()
    assert handled == [2, 4, 1, 3]
    assert server.acknowledged == [1, 2, 3, 4]


async def test_while_a_slow_chat_is_waited_for_and_nothing_comes_looks_become_rarer() -> None:
    go_on = asyncio.Event()

    async def handle(update: Update) -> None:
        if update.update_id == 1:
            await go_on.wait()

    server = Server(message(1, chat=1))
    async with Run(server, handle) as run:
        while len(run.pauses) < 6:  # noqa: ASYNC110 - looks without news
            await asyncio.sleep(0)
        rarer, known = run.pauses[:6], len(run.pauses)
        server.add(message(2, chat=2))
        while MOMENT_SECONDS not in run.pauses[known:]:  # noqa: ASYNC110
            await asyncio.sleep(0)
        go_on.set()
        await server.idle.wait()
    assert rarer == [0.2, 0.4, 0.8, 1.6, 1.6, 1.6]
    assert server.acknowledged == [1, 2]


async def test_inline_queries_of_one_user_keep_their_order() -> None:
    handled: list[int] = []

    async def handle(update: Update) -> None:
        for _ in range(10 - update.update_id):
            await asyncio.sleep(0)
        handled.append(update.update_id)

    server = Server(*(inline_query(number, user=7) for number in range(1, 6)))
    async with Run(server, handle):
        await server.idle.wait()
    assert handled == [1, 2, 3, 4, 5]


async def test_no_more_than_the_limit_is_in_memory() -> None:
    under_way: set[int] = set()
    most = 0

    async def handle(update: Update) -> None:
        nonlocal most
        under_way.add(update.update_id)
        most = max(most, len(under_way))
        for _ in range(50):
            await asyncio.sleep(0)
        under_way.discard(update.update_id)

    server = Server(*(message(number, chat=number) for number in range(1, 40)))
    async with Run(server, handle, limit=7):
        await server.idle.wait()
    assert most == 7
    assert server.acknowledged == list(range(1, 40))


async def test_nothing_is_asked_for_while_there_is_no_room() -> None:
    go_on = asyncio.Event()

    async def handle(update: Update) -> None:
        await go_on.wait()

    server = Server(*(message(number) for number in range(1, 6)))
    async with Run(server, handle, limit=3) as run:
        while len(run.pauses) < 10:  # noqa: ASYNC110 - many moments, and nothing moves
            await asyncio.sleep(0)
        assert server.calls == [(None, 0)]
        go_on.set()
        await server.idle.wait()
    assert server.acknowledged == [1, 2, 3, 4, 5]


async def test_an_update_that_the_library_cannot_read_costs_only_itself(
    caplog: pytest.LogCaptureFixture,
) -> None:
    handled: list[int] = []
    broken = {"update_id": 2, "message": {"message_id": "no date, no chat"}}
    server = Server(message(1), broken, message(3))
    async with Run(server, noting(handled)):
        await server.idle.wait()
    assert handled == [1, 3]
    assert server.acknowledged == [1, 2, 3]
    assert [record.getMessage() for record in caplog.records] == [
        "Update 2 could not be read and is left out."
    ]


@pytest.mark.parametrize("failure", [ValueError("no such paper"), asyncio.CancelledError()])
async def test_an_update_whose_handling_fails_is_logged_and_acknowledged(
    failure: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    handled: list[int] = []

    async def handle(update: Update) -> None:
        if update.update_id == 1:
            raise failure
        handled.append(update.update_id)

    server = Server(message(1), message(2))
    async with Run(server, handle):
        await server.idle.wait()
    assert (handled, server.acknowledged) == ([2], [1, 2])
    assert [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]


async def test_faults_are_waited_out_with_growing_pauses_and_told_once() -> None:
    handled: list[int] = []
    server = Server(message(1))
    server.faults.extend([TimedOut(), NetworkError("no route"), http(502, "Bad Gateway")] * 4)
    async with Run(server, noting(handled)) as run:
        await run.a_minute_later()
    assert handled == [1, 91]
    assert run.troubles == [("network", False), ("network", True)]
    assert run.texts[0] == "Telegram cannot be reached (Timed out). The bot goes on trying."
    bounds = [min(2.0**doublings, 30.0) for doublings in range(12)]
    for pause, bound in zip(run.pauses, bounds, strict=False):
        assert bound / 2 <= pause <= bound


async def test_the_server_may_say_how_long_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    server = Server()
    server.faults.append(http(429, "Too Many Requests", retry_after=41))
    async with Run(server, noting([])) as run:
        await run.a_minute_later()
    assert run.pauses[0] == 41.0
    assert run.troubles == [("flood", False), ("flood", True)]


async def test_another_copy_is_told_once_and_polling_goes_on() -> None:
    handled: list[int] = []
    server = Server(message(1))
    server.faults.extend([http(409, "Conflict: terminated by other getUpdates request")] * 5)
    async with Run(server, noting(handled)) as run:
        await run.a_minute_later()
    assert handled == [1, 91]
    assert run.troubles == [("conflict", False), ("conflict", True)]
    assert run.texts[0].startswith("Another copy of the bot is polling with the same token")


async def test_a_copy_that_takes_every_second_poll_is_told_once_until_it_is_gone() -> None:
    conflict = http(409, "Conflict: terminated by other getUpdates request")
    handled: list[int] = []
    server = Server()
    async with Run(server, noting(handled)) as run:
        for number in range(1, 9):
            await server.idle.wait()
            server.idle.clear()
            server.faults.append(conflict)
            server.add(message(number))
            while server.faults:  # noqa: ASYNC110 - until the other copy had its turn
                await asyncio.sleep(0)
            await server.idle.wait()
        assert run.troubles == [("conflict", False)]
        await run.a_minute_later()
    assert handled == [*range(1, 9), 91]
    assert run.troubles == [("conflict", False), ("conflict", True)]


async def test_a_clock_that_is_set_back_does_not_keep_a_trouble_open() -> None:
    server = Server()
    server.faults.append(TimedOut())
    async with Run(server, noting([])) as run:
        await server.idle.wait()
        run.clock.move(timedelta(days=-1))
        server.idle.clear()
        server.add(message(1))
        await server.idle.wait()
    assert run.troubles == [("network", False), ("network", True)]


@pytest.mark.parametrize("status", [401, 404])
async def test_a_token_that_is_refused_from_the_start_ends_the_run(status: int) -> None:
    server = Server()
    server.faults.extend([NetworkError("not yet"), http(status, "Unauthorized")])
    run = Run(server, noting([]))
    with pytest.raises(TokenRefusedError, match=r"Check telegram\.token in the settings"):
        await run.poller.run()
    assert len(server.calls) == 2


@pytest.mark.parametrize("status", [401, 404])
async def test_a_token_that_is_refused_later_is_tried_every_minute(status: int) -> None:
    handled: list[int] = []
    server = Server()
    async with Run(server, noting(handled)) as run:
        await server.idle.wait()
        server.idle.clear()
        server.faults.extend([http(status, "Unauthorized")] * 3)
        server.add(message(1))
        await server.idle.wait()
    assert handled == [1]
    assert run.pauses.count(60.0) == 3
    assert run.troubles == [("token", False), ("token", True)]


async def test_a_token_that_is_refused_is_known_after_initialize_as_well() -> None:
    server = Server()
    run = Run(server, noting([]))
    run.poller._bot._bot_initialized = True
    server.faults.append(http(401, "Unauthorized"))
    with pytest.raises(TokenRefusedError):
        await run.poller.run()


@pytest.mark.parametrize(
    "answer",
    [
        b"<html>captive portal</html>",
        b"[]",
        b'{"ok": true}',
        b'{"ok": true, "result": true}',
        b'{"ok": true, "result": {}}',
        b'{"ok": true, "result": [{"message": {}}]}',
    ],
)
async def test_an_answer_that_makes_no_sense_is_waited_out(answer: bytes) -> None:
    handled: list[int] = []
    server = Server(message(1))
    server.faults.append((200, answer))
    async with Run(server, noting(handled)) as run:
        await run.a_minute_later()
    assert handled == [1, 91]
    assert run.troubles == [("answer", False), ("answer", True)]


async def test_a_stop_ends_the_long_poll() -> None:
    server = Server()
    async with Run(server, noting([])):
        await server.idle.wait()
    assert server.calls == [(None, 0), (None, LONG_POLL_SECONDS)]


async def test_a_stop_finishes_what_is_in_hand_and_acknowledges_it() -> None:
    handled: list[int] = []
    server = Server(message(1), message(2), message(3, chat=2))
    started = asyncio.Event()

    async def handle(update: Update) -> None:
        started.set()
        for _ in range(3):
            await asyncio.sleep(0)
        handled.append(update.update_id)

    async with Run(server, handle):
        await started.wait()
    assert sorted(handled) == [1, 2, 3]
    assert server.acknowledged == [1, 2, 3]
    assert server.calls[-1] == (4, 0)


async def test_a_stop_does_not_wait_for_ever_and_leaves_the_rest_unacknowledged() -> None:
    let_go = False

    async def handle(update: Update) -> None:
        nonlocal let_go
        if update.update_id == 2:
            try:
                await asyncio.Event().wait()
            finally:
                let_go = True

    server = Server(message(1), message(2), message(3, chat=2))
    async with Run(server, handle) as run:
        while len(server.calls) < 2:  # noqa: ASYNC110 - a second look, however late
            await asyncio.sleep(0)
    assert let_go
    assert run.pauses[-1] == 3.0
    assert server.acknowledged == [1]
    assert [raw["update_id"] for raw in server.waiting] == [2, 3]


async def test_a_stop_survives_a_server_that_is_gone(caplog: pytest.LogCaptureFixture) -> None:
    server = Server(message(1))

    async def handle(update: Update) -> None:
        run.poller.stop()
        server.faults.append(NetworkError("no route"))

    async with (run := Run(server, handle)):
        await run.task
    assert server.acknowledged == []
    text = "The last updates could not be acknowledged (no route). They will come again"
    assert [record.getMessage() for record in caplog.records] == [f"{text} after the next start."]


async def test_a_stop_before_the_start_asks_for_nothing() -> None:
    run = Run(Server(), noting([]))
    run.poller.stop()
    await run.poller.run()
    assert run.server.calls == []


async def _killed_and_started_again(chances: random.Random) -> None:
    """Kill the poller after any number of steps, again and again, until all is handled."""
    chats = [chances.randint(1, 4) for _ in range(chances.randint(1, 30))]
    server = Server(*(message(number, chat) for number, chat in enumerate(chats, start=1)))
    handled: set[int] = set()

    def was_handled(update_id: int) -> None:
        assert update_id in handled, "acknowledged before it was handled"

    server.on_acknowledged = was_handled
    limit = chances.randint(1, 10)
    for life in itertools.count(1):
        order: defaultdict[int, list[int]] = defaultdict(list)

        async def handle(update: Update, order: defaultdict[int, list[int]] = order) -> None:
            for _ in range(chances.randint(0, 8)):
                await asyncio.sleep(0)
            assert update.effective_chat is not None
            order[update.effective_chat.id].append(update.update_id)
            handled.add(update.update_id)

        if chances.random() < 0.3:
            server.faults.append(TimedOut())
        run = Run(server, handle, limit=limit)
        task = asyncio.create_task(run.poller.run())
        for _ in range(chances.randint(0, 20 * life)):
            await asyncio.sleep(0)
        if chances.random() < 0.3:
            run.poller.stop()
        else:
            task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert task.cancelled() or task.exception() is None
        for chat, numbers in order.items():
            first = numbers[0]
            rest = [n for n, c in enumerate(chats, start=1) if c == chat and n >= first]
            assert numbers == rest[: len(numbers)], "in order and once in one life"
            earlier = {n for n, c in enumerate(chats, start=1) if c == chat and n < first}
            assert earlier <= handled, "nothing is left out"
        if not server.waiting:
            break
    assert handled == set(range(1, len(chats) + 1))
    assert server.acknowledged == sorted(handled)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_killed_at_any_point_every_update_is_handled_in_order_and_then_acknowledged(
    seed: int,
) -> None:
    asyncio.run(_killed_and_started_again(random.Random(seed)))
