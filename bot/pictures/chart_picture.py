"""The chart of `/stats`, drawn: a bar for each presenter and venue, in colours for the terms."""

from collections.abc import Sequence

from bot.domain.statistics import Tally, recent
from bot.pictures.canvas import ACCENT, SOFT, WIDTH, Canvas, Style
from bot.pictures.charts import Chart
from bot.text import labels

MARGIN = 64
ROOM = WIDTH - 2 * MARGIN
MOST_MEMBERS, MOST_VENUES = 10, 5
MOST_TERMS = 5

GROUP, SCOPE, SECTION = Style(36, SOFT), Style(60), Style(40, ACCENT)
NAME, NUMBER, REST, TERM = Style(36), Style(36), Style(34, SOFT), Style(32, SOFT)
SHADES = ("#6f8fb0", "#93b7d8", "#c3e0f2", "#ffe7b8", ACCENT)
"""Older terms are cooler; no two neighbours are alike, also for eyes that see no red."""

NAMES = 360
BARS = ROOM - NAMES - 90
"""The widest bar; a number of three digits has room behind it."""

ROW, BAR = 58, 36


def draw(chart: Chart) -> bytes:
    """A PNG, as high as it takes for those who presented most and for the most frequent venues."""
    canvas, counted = Canvas(), chart.statistics
    y = MARGIN + 28.0
    canvas.write(canvas.shortened(chart.group, GROUP, ROOM), GROUP, MARGIN, y)
    y += 78
    canvas.write(canvas.shortened(chart.scope, SCOPE, ROOM), SCOPE, MARGIN, y)
    y = _legend(canvas, chart.statistics.terms, y + 20)
    for title, tallies, most in (
        (labels.TALKS_PER_PRESENTER, counted.members, MOST_MEMBERS),
        (labels.TALKS_PER_VENUE, counted.venues, MOST_VENUES),
    ):
        if tallies:
            y += 74
            canvas.write(title, SECTION, MARGIN, y)
            y = _bars(canvas, recent(tallies, counted.terms, MOST_TERMS), most, y + 22)
    return canvas.png(y + MARGIN - 10)


def _legend(canvas: Canvas, terms: Sequence[str], y: float) -> float:
    if len(terms) < 2:
        return y
    early = len(terms) - MOST_TERMS + 1
    shown = [labels.EARLIER_TERMS, *terms[early:]] if early > 1 else list(terms)
    x = float(MARGIN)
    y += 50
    for title, shade in zip(shown, _shades(len(shown)), strict=True):
        words = canvas.shortened(title, TERM, ROOM - 48)
        width = canvas.measure(words, TERM) + 48
        if x + width > WIDTH - MARGIN and x > MARGIN:
            x, y = float(MARGIN), y + 50
        canvas.block(x, y - 26, 30, 30, shade)
        canvas.write(words, TERM, x + 42, y)
        x += width + 36
    return y


def _bars(canvas: Canvas, tallies: Sequence[Tally], most: int, y: float) -> float:
    unit = BARS / tallies[0].total
    shades = _shades(len(tallies[0].by_term))
    for one in tallies[:most]:
        baseline = y + ROW / 2 + 12
        name = canvas.shortened(one.name, NAME, NAMES - 28) or "…"
        canvas.write(name, NAME, MARGIN, baseline)
        x = float(MARGIN + NAMES)
        for talks, shade in zip(one.by_term, shades, strict=True):
            if talks:
                canvas.block(x, y + (ROW - BAR) / 2, talks * unit, BAR, shade)
                x += talks * unit
        canvas.write(str(one.total), NUMBER, x + 16, baseline)
        y += ROW
    if rest := tallies[most:]:
        words = f"{labels.and_more(len(rest))}: {sum(one.total for one in rest)}"
        canvas.write(words, REST, MARGIN, y + ROW / 2 + 10)
        y += ROW
    return y


def _shades(terms: int) -> tuple[str, ...]:
    return SHADES[-terms:]
