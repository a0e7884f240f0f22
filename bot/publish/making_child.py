"""Makes what `bot.publish.making` orders, one after the other, and ends with its orders."""

import pickle
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.publish.making import Made, Order


def made(order: "Order") -> "Made":
    # Large, and to be imported when the signal below is out of the way.
    from bot.publish import site  # noqa: PLC0415
    from bot.publish.making import Made  # noqa: PLC0415
    from bot.publish.term_file import look  # noqa: PLC0415

    return Made(
        {term.term_id: look(term, order.found[term.term_id]) for term in order.terms},
        site.build(order.archive, order.site_url, order.now),
    )


def _orders() -> "Iterator[Order]":
    with suppress(EOFError):
        while True:
            yield pickle.load(sys.stdin.buffer)  # noqa: S301 - the bot's own words


def _answer(made: "Made") -> None:
    from bot.publish.making import SIZE  # noqa: PLC0415

    content = pickle.dumps(made)
    sys.stdout.buffer.write(len(content).to_bytes(SIZE) + content)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    # Whoever stops a service tells all its processes. The bot waits for this one.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for order in _orders():
        _answer(made(order))
