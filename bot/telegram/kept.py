"""Answers to what everybody asks, kept while they stay true."""

from collections.abc import Hashable
from datetime import datetime
from typing import Any

from storage.store import Store


class Kept:
    """What was answered within this minute, nothing having been written since: by the clock a
    meeting begins or ends on the minute, and whatever else changes an answer is a commit. Where the
    database does not count its commits nothing is kept."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._stamp: tuple[int, datetime] | None = None
        self._answers: dict[Hashable, Any] = {}

    def at(self, now: datetime) -> dict[Hashable, Any]:
        """The answers that are true now, by question. What is added to it later is forgotten with
        it, should anything have been written meanwhile."""
        version = self._store.version()
        if version is None:
            return {}
        stamp = version, now.replace(second=0, microsecond=0)
        if stamp != self._stamp:
            self._stamp, self._answers = stamp, {}
        return self._answers
