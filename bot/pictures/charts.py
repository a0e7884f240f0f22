"""What the chart of `/stats` shows."""

from typing import NamedTuple

from bot.domain.statistics import Statistics


class Chart(NamedTuple):
    """`scope` is a term's title, or that it is all of them."""

    group: str
    scope: str
    statistics: Statistics
