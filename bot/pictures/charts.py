"""What the chart of `/stats` shows."""

from dataclasses import dataclass

from bot.domain.statistics import Statistics


@dataclass(frozen=True, slots=True)
class Chart:
    """`scope` is a term's title, or that it is all of them."""

    group: str
    scope: str
    statistics: Statistics
