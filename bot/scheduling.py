"""The tick. The only module that knows APScheduler, and the only job it ever has: what is due is
in the ledger, so the scheduler can be thrown away at any moment."""

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC

from apscheduler.schedulers.asyncio import AsyncIOScheduler

JOB_DEFAULTS = {
    # By default a job that is a second late is dropped.
    "misfire_grace_time": None,
    "coalesce": True,
    "max_instances": 1,
}


def start_ticking(tick: Callable[[], Awaitable[None]], seconds: float) -> AsyncIOScheduler:
    """Call `tick` every `seconds`, first after as many; one that takes longer delays the next.
    The caller shuts the scheduler down."""
    # It warns whenever a tick is still under way when the next is due, which is no fault here.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler = AsyncIOScheduler(job_defaults=JOB_DEFAULTS, timezone=UTC)
    scheduler.add_job(tick, "interval", seconds=seconds, id="tick", replace_existing=True)
    scheduler.start()
    return scheduler
