"""The tick: one job, and none is lost for being late."""

import asyncio
import threading
from datetime import timedelta

from bot.scheduling import start_ticking


async def test_there_is_one_job_and_it_is_never_too_late() -> None:
    async def tick() -> None:
        return

    scheduler = start_ticking(tick, 3600)
    try:
        (job,) = scheduler.get_jobs()
        settings = (job.id, job.misfire_grace_time, job.coalesce, job.max_instances)
        assert settings == ("tick", None, True, 1)
        assert job.trigger.interval == timedelta(hours=1)
    finally:
        scheduler.shutdown(wait=False)


async def test_a_loop_that_was_blocked_ticks_afterwards() -> None:
    ticked = asyncio.Event()

    async def tick() -> None:
        ticked.set()

    scheduler = start_ticking(tick, 0.01)
    try:
        # Longer than several intervals, on the loop's own thread.
        threading.Event().wait(0.1)
        async with asyncio.timeout(10):
            await ticked.wait()
    finally:
        scheduler.shutdown(wait=False)
