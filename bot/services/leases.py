"""One running copy of the bot on each database."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from storage.models import Lease
from storage.queries import change_rows, rows_of, table

NAME = "bot"
LASTS = timedelta(minutes=1)
"""A copy that has not renewed its lease for this long counts as gone."""

SKEW = timedelta(minutes=5)
"""How far another machine's clock may be ahead. What lasts longer than that was noted before the
clock was set back, and nobody has renewed it since."""

# On the table: with the first statement on a model SQLAlchemy makes all models ready for use, and
# the first look for updates does not have to wait for that.
_leases = table(Lease)
_HELD = select(_leases).where(_leases.c.name == NAME)
_FIRST = insert(_leases)
_HOLD = update(_leases).where(_leases.c.name == NAME)
_GIVE_BACK = delete(_leases).where(
    _leases.c.name == NAME,
    _leases.c.host == bindparam("host"),
    _leases.c.process == bindparam("process"),
    _leases.c.since == bindparam("since"),
)


class Holder(NamedTuple):
    """A copy of the bot, which began at `since`: two in containers of one name may both be its
    first process."""

    host: str
    process: int
    since: datetime


def acquire(
    session: Session, me: Holder, now: datetime, is_alive: Callable[[int], bool]
) -> Holder | None:
    """Take or renew the lease. Returns who holds it instead when that is another copy.

    On the same machine a process that `is_alive` denies holds nothing, so a restart after a
    crash does not wait.
    """
    until = now + LASTS
    mine = {**me._asdict(), "expires_at": until}
    lease = next(iter(rows_of(session, _HELD)), None)
    if lease is None:
        session.execute(_FIRST, {"name": NAME, **mine})
        return None
    holder = Holder(lease.host, lease.process, lease.since)
    if holder == me:
        change_rows(session, _HOLD, expires_at=until)
        return None
    gone = holder.host == me.host and not is_alive(holder.process)
    if not gone and now < lease.expires_at <= until + SKEW:
        return holder
    change_rows(session, _HOLD, **mine)
    return None


def release(session: Session, me: Holder) -> None:
    change_rows(session, _GIVE_BACK, **me._asdict())
