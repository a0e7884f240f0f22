"""Starting the bot's process, telling it the time, and killing it."""

import asyncio
import multiprocessing
import os
import signal
from contextlib import suppress
from datetime import datetime

from bot.sandbox import Sandbox
from tests.soak import child

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.soak.child"])


class Bot:
    """One process at a time, on one database. `kills` counts how often it was killed."""

    def __init__(self, sandbox: Sandbox, url: str) -> None:
        self._sandbox = sandbox
        self._url = url
        self._process: multiprocessing.process.BaseProcess | None = None
        self.kills = 0

    async def tick(self, now: datetime, kill_after: float | None = None) -> bool:
        """Let it tick at this time, and kill it so many seconds later, or when it is done if that
        comes first. Returns `False` when it was killed before it was done."""
        if self._process is None:
            await self._start(now)
        self._pipe.send(now)
        if kill_after is None:
            return await self._heard()
        timer = asyncio.get_running_loop().call_later(kill_after, self.kill)
        done = await self._heard()
        # A timer that outlives its tick would hit the process that comes after.
        timer.cancel()
        self.kill()
        self.stop()
        return done

    async def live(self, now: datetime, seconds: float) -> None:
        """Let it answer, and tick once, and kill it so many seconds after its start."""
        if self._process is None:
            await self._start(now)
        self._pipe.send(now)
        await asyncio.sleep(seconds)
        self.kill()
        self.stop()

    def kill(self) -> None:
        """As the power fails: nothing is finished, nothing is put away."""
        if self._process is not None and self._process.pid is not None and self._process.is_alive():
            os.kill(self._process.pid, signal.SIGKILL)
            self._process.join()
            self.kills += 1

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process = None

    async def _start(self, now: datetime) -> None:
        self._pipe, theirs = FORKS.Pipe()
        self._process = FORKS.Process(
            target=child.work,
            args=(theirs, self._url, self._sandbox.origin, self._sandbox.token, now),
            daemon=True,
        )
        self._process.start()
        theirs.close()
        if not await self._heard():
            raise RuntimeError("the bot did not start")

    async def _heard(self) -> bool:
        """Wait for its word, without blocking the sandbox in this process."""
        loop = asyncio.get_running_loop()
        come = asyncio.Event()
        loop.add_reader(self._pipe.fileno(), come.set)
        try:
            await come.wait()
        finally:
            loop.remove_reader(self._pipe.fileno())
        with suppress(EOFError, ConnectionResetError):
            self._pipe.recv()
            return True
        self.stop()
        return False
