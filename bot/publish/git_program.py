"""Running the `git` program: never a shell, a question or an endless wait."""

import asyncio
import os
import re
import signal
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

LOCAL_SECONDS = 60.0
NETWORK_SECONDS = 120.0
ENDING_SECONDS = 5.0
"""How long git has to put its locks away when it is to end."""

_OPTIONS = (
    # Other people's hooks may ask, hang, or change what is committed.
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "commit.gpgSign=false"),
    *("-c", "gc.auto=0"),
    *("-c", "maintenance.auto=false"),
    *("-c", "rebase.autoStash=false"),
    *("-c", "core.quotePath=false"),
)


class GitError(Exception):
    """Git did not do it. The text is a sentence that says why."""


class PassingError(GitError):
    """Likewise, and it may pass by itself: the other side is away, or is changing just now."""


@dataclass(frozen=True, slots=True)
class Ended:
    code: int
    out: str
    err: str

    @property
    def well(self) -> bool:
        return self.code == 0


async def run(
    folder: Path,
    *words: str,
    text: str = "",
    seconds: float | None = None,
    names: Mapping[str, str] | None = None,
) -> Ended:
    environment = {
        # What belongs to a checkout that somebody else works in is nothing to ours.
        **{name: value for name, value in os.environ.items() if not _names_a_checkout(name)},
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_EDITOR": "true",
        "GIT_OPTIONAL_LOCKS": "0",
        "SSH_ASKPASS_REQUIRE": "never",
        "LC_ALL": "C.UTF-8",
        **(names or {}),
    }
    try:
        process = await asyncio.create_subprocess_exec(
            "git",
            *_OPTIONS,
            *words,
            cwd=folder,
            env=environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,  # without a terminal, on which ssh could ask
        )
    except FileNotFoundError:
        raise GitError("There is no git here. Install it, or set publish.git to off.") from None
    except OSError as error:
        raise GitError(f"git does not start: {error.strerror}.") from None
    seconds = LOCAL_SECONDS if seconds is None else seconds
    try:
        async with asyncio.timeout(seconds):
            out, err = await process.communicate(text.encode())
    except TimeoutError:
        await _end(process)
        raise PassingError(f"git {words[0]} took longer than {seconds:.0f} seconds.") from None
    except asyncio.CancelledError:
        await _end(process)
        raise
    return Ended(
        process.returncode or 0,
        out.decode(errors="surrogateescape"),
        err.decode(errors="replace"),
    )


async def _end(process: asyncio.subprocess.Process) -> None:
    """Let git put its locks away, with whatever it started; then end it for good."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, how)
        with suppress(TimeoutError):
            async with asyncio.timeout(ENDING_SECONDS):
                await process.wait()
                return


def _names_a_checkout(name: str) -> bool:
    return name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_NAMESPACE")


def why(ended: Ended) -> str:
    """Git's own words, in one line and without a password that an address may have in it."""
    lines = [line.strip() for line in f"{ended.err}\n{ended.out}".splitlines() if line.strip()]
    if any("index.lock" in line for line in lines):
        return "another program is at work there (index.lock). If none is, remove that file."
    telling = [line for line in lines if line.startswith(("fatal:", "error:", "CONFLICT"))]
    line = next(iter(telling or lines), "it gave no reason")
    plain = re.sub(r"//[^/\s]+@", "//", re.sub(r"^(fatal|error):\s*", "", line))
    return plain[:150].rstrip(".") + "."
