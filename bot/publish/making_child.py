"""Makes what `bot.publish.making` orders, one after the other, and ends with its orders."""

import signal
import sys
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


def _work() -> None:
    from pydantic import TypeAdapter  # noqa: PLC0415

    from bot.publish.making import SIZE, Order, packed  # noqa: PLC0415

    orders = TypeAdapter(Order)
    while size := sys.stdin.buffer.read(SIZE):
        order = orders.validate_json(sys.stdin.buffer.read(int.from_bytes(size)))
        sys.stdout.buffer.write(packed(made(order)))
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    # Whoever stops a service tells all its processes. The bot waits for this one.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _work()
