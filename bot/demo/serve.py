"""The demo in the browser."""

import asyncio
import os
import signal

from rich.console import Console

from bot.demo.stage import stage
from bot.errors import OperatorError


async def serve(port: int) -> int:
    """Serve the chat page on loopback until interrupted. Raises `OperatorError` when the port
    is taken."""
    console = Console(highlight=False)
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    try:
        async with stage(port) as made:
            sandbox = made.sandbox
            sandbox.travel = made.travel
            sandbox.say(made.cast.organizer, made.cast.group, f"/setup {made.code}")
            await sandbox.settled()
            console.print(f"Open {sandbox.origin} and say something to the bot.")
            console.print("Ctrl-C ends the demo; nothing of it is kept.")
            await stopping.wait()
    except OSError as error:
        raise OperatorError(
            f"The page cannot be served on port {port}: {os.strerror(error.errno or 0)}. "
            "Name another one with --port."
        ) from error
    return 0
