"""Telling whether something is a PDF, by opening it in a process of its own.

A file may be made so that whoever opens it never ends, or needs all the memory there is. The other
process has some time and memory for it, and no more.
"""

import asyncio
import sys
from contextlib import suppress

CHILD = "bot.publish.pdf_child"
SECONDS = 30.0
"""How long opening it may take, with the start of the process on a busy machine."""


async def opens(content: bytes) -> bool:
    """Whether it is a PDF with a page, and needs no password."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        CHILD,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(SECONDS):
            await child.communicate(content)
    except TimeoutError:
        return False
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    return child.returncode == 0
