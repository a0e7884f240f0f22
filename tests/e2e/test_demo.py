"""The demo's page opens and closes. That it plays to its end is seen in `tests/cli`."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module

import aiohttp
import pytest

from bot.demo.stage import Stage, stage
from bot.errors import OperatorError

serving = import_module("bot.demo.serve")  # the package has a function of that name


async def test_the_page_is_served_until_interrupted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stages: asyncio.Queue[Stage] = asyncio.Queue()

    @asynccontextmanager
    async def seen(port: int) -> AsyncIterator[Stage]:
        async with stage(port) as made:
            stages.put_nowait(made)
            yield made

    monkeypatch.setattr(serving, "stage", seen)
    serve = asyncio.create_task(serving.serve(0))
    made = await stages.get()
    await made.sandbox.wait_for(lambda: made.sandbox.messages(made.cast.group))
    async with aiohttp.ClientSession(made.sandbox.origin) as browser:
        async with browser.get("/") as page:
            assert (page.status, page.content_type) == (200, "text/html")
        async with browser.get("/sandbox/state") as state:
            names = [chat["title"] for chat in (await state.json())["chats"]]
    signal.raise_signal(signal.SIGINT)

    assert await serve == 0
    assert "Systems reading group" in names
    assert f"Open {made.sandbox.origin}" in capsys.readouterr().out


async def test_a_port_that_is_taken_is_told_in_one_sentence() -> None:
    async with stage() as made:
        port = int(made.sandbox.origin.rpartition(":")[2])
        with pytest.raises(OperatorError, match=f"cannot be served on port {port}"):
            await serving.serve(port)
