"""What can go wrong while polling: said once when it begins and once when it is over."""

import datetime as dt
import enum
import logging
import random
import textwrap
from collections.abc import Callable
from typing import Final, NamedTuple

from telegram.error import (
    BadRequest,
    Conflict,
    EndPointNotFound,
    InvalidToken,
    NetworkError,
    RetryAfter,
)

from bot.clock import Clock
from bot.telegram.limits import pause_of

QUIET: Final = dt.timedelta(minutes=1)
"""How long nothing must go wrong until a trouble counts as over. Of two programs that poll with one
token each gets through now and then."""

FIRST_PAUSE_SECONDS: Final = 1.0
LONGEST_PAUSE_SECONDS: Final = 30.0
TOKEN_PAUSE_SECONDS: Final = 60.0
"""Between tries while a token that once worked is refused: a person has to act first."""

_logger = logging.getLogger(__name__)


class TokenRefusedError(Exception):
    """The server does not know the bot's token, and has not accepted it since the start."""


class TroubleKind(enum.Enum):
    NETWORK = "network"
    FLOOD = "flood"
    CONFLICT = "conflict"
    WEBHOOK = "webhook"
    TOKEN = "token"  # noqa: S105 - no password
    ANSWER = "answer"


class Trouble(NamedTuple):
    """Something that keeps updates from coming; `text` is a sentence for the operator."""

    kind: TroubleKind
    over: bool
    text: str


_BEGAN: Final = {
    TroubleKind.NETWORK: "Telegram cannot be reached ({error}). The bot goes on trying.",
    TroubleKind.FLOOD: "Telegram asks the bot to wait ({error}). It waits.",
    TroubleKind.CONFLICT: (
        "Another copy of the bot is polling with the same token ({error}). "
        "Stop the other copy; this one goes on trying."
    ),
    TroubleKind.WEBHOOK: (
        "Somebody has set a webhook, which takes the bot's messages away ({error}). "
        "The bot removes it."
    ),
    TroubleKind.TOKEN: (
        "Telegram no longer accepts the bot's token. Ask BotFather for the token, "
        "set it and restart; the bot tries again every minute."
    ),
    TroubleKind.ANSWER: "Telegram's answer makes no sense ({error}). The bot goes on trying.",
}
_OVER: Final = {
    TroubleKind.NETWORK: "Telegram can be reached again.",
    TroubleKind.FLOOD: "Telegram lets the bot go on.",
    TroubleKind.CONFLICT: "No other copy of the bot is polling any more.",
    TroubleKind.WEBHOOK: "No webhook takes the bot's messages away any more.",
    TroubleKind.TOKEN: "Telegram accepts the bot's token again.",
    TroubleKind.ANSWER: "Telegram's answers make sense again.",
}


def log_trouble(trouble: Trouble) -> None:
    """Log a trouble: a warning when it begins, a line when it is over."""
    _logger.log(logging.INFO if trouble.over else logging.WARNING, "%s", trouble.text)


class Troubles:
    """The troubles that are open, each with when it was met last, and how long to wait before the
    next try."""

    def __init__(
        self,
        tell: Callable[[Trouble], None],
        clock: Clock,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._tell = tell
        self._clock = clock
        self._chance = chance
        self._open: dict[TroubleKind, dt.datetime] = {}
        self._failures = 0
        self._ever_worked = False

    @property
    def none(self) -> bool:
        """Whether the last try worked."""
        return self._ever_worked and not self._failures

    def began(self, error: Exception) -> float:
        """Note a failed try and return the seconds to wait before the next.

        Raises `TokenRefusedError` if the token is refused and no try has worked yet.
        """
        kind = _kind_of(error)
        if kind is TroubleKind.TOKEN and not self._ever_worked:
            raise TokenRefusedError(
                "Telegram does not accept the bot's token. Check telegram.token in the settings."
            ) from error
        self._failures += 1
        if kind not in self._open:
            self._tell(Trouble(kind, over=False, text=_BEGAN[kind].format(error=_short(error))))
        self._open[kind] = self._clock.now()
        if isinstance(error, RetryAfter):
            return pause_of(error).total_seconds()
        if kind is TroubleKind.TOKEN:
            return TOKEN_PAUSE_SECONDS
        return self._growing_pause()

    def worked(self) -> None:
        """Note a try that worked."""
        self._ever_worked = True
        self._failures = 0
        now = self._clock.now()
        # A clock that was set back would keep a trouble open for as long.
        over = [kind for kind, seen in self._open.items() if not now - QUIET < seen <= now]
        for kind in over:
            del self._open[kind]
            self._tell(Trouble(kind, over=True, text=_OVER[kind]))

    def _growing_pause(self) -> float:
        """Double each time, then take half to all of it, so that many bots do not come at once."""
        doublings = min(self._failures - 1, 10)
        longest = min(FIRST_PAUSE_SECONDS * 2.0**doublings, LONGEST_PAUSE_SECONDS)
        return longest * (0.5 + 0.5 * self._chance())


def is_webhook(error: Exception) -> bool:
    """Whether updates do not come because they are sent to somebody's webhook."""
    return isinstance(error, Conflict) and "webhook" in error.message.lower()


def _kind_of(error: Exception) -> TroubleKind:
    match error:
        case RetryAfter():
            return TroubleKind.FLOOD
        case Conflict() if is_webhook(error):
            return TroubleKind.WEBHOOK
        case Conflict():
            return TroubleKind.CONFLICT
        # The library says so when an endpoint that it reaches raw is answered with 401 or 404.
        case InvalidToken() | EndPointNotFound():
            return TroubleKind.TOKEN
        case BadRequest():
            return TroubleKind.ANSWER
        case NetworkError():
            return TroubleKind.NETWORK
        case _:
            return TroubleKind.ANSWER


def _short(error: Exception) -> str:
    # The library quotes whole pages; the first line or so says enough.
    said = str(error).rstrip(".") or type(error).__name__
    return textwrap.shorten(said, 200, placeholder=" ...")
