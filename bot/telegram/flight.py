"""How far one request to Telegram got, and what may be concluded when it fails."""

import asyncio
import os
import ssl
from collections.abc import Iterable
from contextlib import suppress
from typing import Final, Literal, NamedTuple

from aiohttp import ClientConnectorError
from telegram.error import NetworkError, TimedOut

Phase = Literal["pool", "connect", "write", "read"]

_TIMED_OUT: Final[dict[Phase, str]] = {
    "pool": "No connection was free in time.",
    "connect": "No connection to the server could be made in time.",
    "write": "The server did not take the whole request in time.",
    "read": "The server did not answer in time.",
}


class NotSentError(Exception):
    """The cause of a transport error after which nothing of the request can have arrived."""


class MaybeDeliveredError(Exception):
    """The cause of a transport error after which the request may have been carried out."""


class Timeouts(NamedTuple):
    """Seconds each phase of a request may last; None is for ever.

    `write` is for each 64 KiB of an upload, `read` for each silence of the server.
    """

    pool: float | None
    connect: float | None
    write: float | None
    read: float | None


class Flight:
    """One request on its way: the phase it is in, and that phase's deadline."""

    def __init__(self, timeouts: Timeouts, size: int | None) -> None:
        self.phase: Phase = "pool"
        self.timeouts = timeouts
        self.shut_down = False
        self.over = asyncio.Event()
        self.deadline = asyncio.timeout(None)
        self._unsent = size

    def waits(self, phase: Literal["pool", "connect"]) -> None:
        self.phase = phase
        self._within(self.timeouts.pool if phase == "pool" else self.timeouts.connect)

    def leaves(self) -> None:
        """The next byte goes out: from here on the request may arrive."""
        self.wrote(0)

    def wrote(self, size: int) -> None:
        """Give the server the write time-out to take the next `size` bytes of the body."""
        if self._unsent is None:
            # Without the body's size its end cannot be seen.
            self.phase = "read"
            self._within(None)
            return
        self._unsent -= size
        if self._unsent > 0:
            self.phase = "write"
            self._within(self.timeouts.write)
            return
        # The last chunk is still to be written, and only then does aiohttp time the answer.
        self.phase = "read"
        write, read = self.timeouts.write, self.timeouts.read
        self._within(None if write is None or read is None else write + read)

    def stopped_at_proxy(self) -> None:
        self.phase = "connect"

    def answered(self) -> None:
        """The head of the answer is here; aiohttp times the rest."""
        self._within(None)

    def abort(self) -> None:
        self._within(0)
        self.shut_down = True

    def _within(self, seconds: float | None) -> None:
        if self.shut_down:
            return
        when = None if seconds is None else asyncio.get_running_loop().time() + seconds
        # A body may still be written while the request has already failed.
        with suppress(RuntimeError):
            self.deadline.reschedule(when)

    def failure(self, error: Exception, secrets: Iterable[str]) -> NetworkError:
        """The library's error for `error`, without secrets and with one of our two causes."""
        failed: NetworkError
        sent = self.phase in ("write", "read")
        end = "The request may have arrived." if sent else "Nothing was sent."
        if self.shut_down:
            failed = NetworkError(f"The bot closed its connections. {end}")
        elif isinstance(error, TimeoutError):
            failed = TimedOut(f"{_TIMED_OUT[self.phase]} {end}")
        else:
            failed = NetworkError(f"{_without(secrets, _plainly(error))} {end}")
        cause = MaybeDeliveredError if sent else NotSentError
        failed.__cause__ = cause(failed.message)
        return failed


def _plainly(error: Exception) -> str:
    if isinstance(error, ClientConnectorError):
        # The event loop puts the address in place of the reason; OpenSSL numbers errors anew.
        number = 0 if isinstance(error.os_error, ssl.SSLError) else error.errno or 0
        why = os.strerror(number) if number > 0 else error.strerror
        return f"No connection to {error.host}:{error.port} ({why})."
    return f"The connection to the server failed ({type(error).__name__}: {error})."


def _without(secrets: Iterable[str], text: str) -> str:
    for secret in secrets:
        text = text.replace(secret, "<secret>")
    return text
