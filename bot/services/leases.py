"""One running copy of the bot on each database."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from storage.models import Lease

NAME = "bot"
LASTS = timedelta(minutes=1)
"""A copy that has not renewed its lease for this long counts as gone."""


class Holder(NamedTuple):
    host: str
    process: int


def acquire(
    session: Session, me: Holder, now: datetime, is_alive: Callable[[int], bool]
) -> Holder | None:
    """Take or renew the lease. Returns who holds it instead when that is another copy.

    On the same machine a process that `is_alive` denies holds nothing, so a restart after a
    crash does not wait.
    """
    lease = session.get(Lease, NAME)
    if lease is None:
        lease = Lease(name=NAME, host=me.host, process=me.process, since=now)
        session.add(lease)
    holder = Holder(lease.host, lease.process)
    if holder != me:
        gone = holder.host == me.host and not is_alive(holder.process)
        if not gone and lease.expires_at > now:
            return holder
        lease.host, lease.process, lease.since = me.host, me.process, now
    lease.expires_at = now + LASTS
    return None


def release(session: Session, me: Holder) -> None:
    lease = session.get(Lease, NAME)
    if lease is not None and Holder(lease.host, lease.process) == me:
        session.delete(lease)
