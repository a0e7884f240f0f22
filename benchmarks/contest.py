"""One contestant against the responder, each in a process of its own."""

import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from benchmarks import responder
from benchmarks.responder import TOKEN, Measured, Plan

ROOT = Path(__file__).parent.parent
AIOGRAM = ROOT / ".venv-bench" / "bin" / "python"
PROCESSES = multiprocessing.get_context("spawn")
PATIENCE = 180.0
"""Seconds without a word after which a run is given up."""

REST = 0.5
"""Seconds between the first poll and the first message."""

Command = Callable[[str], Sequence[str]]
"""How to start a contestant, given the responder's address."""


def ours(url: str) -> Command:
    """The bot on this database, without flood limits."""
    return lambda origin: [sys.executable, "-m", "benchmarks.bots.ours", origin, TOKEN, url]


def as_run(url: str) -> Command:
    """`reading-group-bot run` on this database."""

    def command(origin: str) -> Sequence[str]:
        settings = f"""\
[telegram]
token = "{TOKEN}"
api_base_url = "{origin}"
[storage]
url = "{url}"
"""
        file = Path(make_url(url).database or "").with_name("config.toml")
        file.write_text(settings, encoding="utf-8")
        return [sys.executable, "-m", "bot", "--config", str(file), "run"]

    return command


def echo(kind: str) -> Command:
    """The library's echo bot: `ours` or `plain`."""
    return lambda origin: [sys.executable, "-m", "benchmarks.bots.echo", origin, TOKEN, kind]


def echo_aiogram(origin: str) -> Sequence[str]:
    return [str(AIOGRAM), str(ROOT / "benchmarks/bots/echo_aiogram.py"), origin, TOKEN]


@dataclass(slots=True)
class Run:
    """`to_poll` is the seconds from the start of the process to its first look for updates;
    `memory` what it held at rest and at every mark, in MB."""

    measured: Measured
    to_poll: float
    memory: list[float] = field(default_factory=list)


def run(command: Command, plan: Plan) -> Run:
    """Start the bot, let it rest a moment, and let people write to it."""
    pipe, theirs = PROCESSES.Pipe()
    server = PROCESSES.Process(target=responder.serve, args=(theirs, plan), daemon=True)
    server.start()
    try:
        origin = f"http://127.0.0.1:{pipe.recv()}"
        began = time.monotonic()
        with _started(command(origin)) as (bot, hear):
            hear(pipe)
            time.sleep(REST)
            memory = [resident(bot.pid)]
            pipe.send("go")
            while not isinstance(word := hear(pipe), Measured):
                memory.append(resident(bot.pid))
        return Run(word, word.first_poll - began, memory)
    finally:
        server.kill()
        server.join()


def _environment() -> dict[str, str]:
    """Ours, but the bot keeps its bytecode from one start to the next, as installed libraries do,
    also where the machine is set not to write any."""
    return {name: said for name, said in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@contextmanager
def _started(
    command: Sequence[str],
) -> "Iterator[tuple[subprocess.Popen[bytes], Callable[[Any], Any]]]":
    """The bot's process, and how to wait for a word as long as it lives."""
    with tempfile.TemporaryFile() as said:
        bot = subprocess.Popen(command, cwd=ROOT, stderr=said, env=_environment())  # noqa: S603 - our own words

        def hear(pipe: Any) -> Any:
            until = time.monotonic() + PATIENCE
            while not pipe.poll(1):
                if bot.poll() is not None or time.monotonic() > until:
                    said.seek(0)
                    raise RuntimeError(f"{command} is silent: {said.read().decode()[-2000:]}")
            return pipe.recv()

        try:
            yield bot, hear
        finally:
            bot.kill()
            bot.wait()


def resident(process: int) -> float:
    """Its resident memory in MB."""
    said = subprocess.run(  # noqa: S603
        ["ps", "-o", "rss=", "-p", str(process)],  # noqa: S607 - wherever the system has it
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return int(said.stdout) / 1024
