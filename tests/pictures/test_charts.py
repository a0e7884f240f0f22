"""The chart of `/stats`: bars as long as they should be, and room for everybody."""

import numpy as np
import pytest

from bot.domain.statistics import Statistics, Tally
from bot.pictures import chart_picture
from bot.pictures.canvas import WIDTH
from bot.pictures.charts import Chart
from tests.pictures.png import ink, margins, size

TERMS = tuple(f"{year} {season}" for year in range(2019, 2026) for season in ("Spring", "Fall"))


def chart(members: tuple[Tally, ...], terms: tuple[str, ...] = ("2025 Fall",)) -> Chart:
    venues = (Tally("SOSP", (3,) * len(terms)), Tally("arXiv", (1,) * len(terms)))
    return Chart("读书会", "All terms", Statistics(terms, 4, 9, 2, members, venues))


def crowd(people: int, terms: int) -> tuple[Tally, ...]:
    return tuple(Tally(f"欧阳娜娜 {n}", (people - n, *[1] * (terms - 1))) for n in range(people))


@pytest.mark.parametrize(
    ("members", "terms"),
    [
        (crowd(3, 1), TERMS[:1]),
        (crowd(60, len(TERMS)), TERMS),
        (crowd(5, 4), TERMS[:4]),
        ((), TERMS[:1]),
        (
            (Tally("N" * 200, (999,)), Tally("\U0001fae0", (1,)), Tally("$x_1$ <b>", (1,))),
            TERMS[:1],
        ),
        (crowd(2, 2), ("T" * 100, "第二学期" * 25)),
    ],
    ids=["few", "sixty people, fourteen terms", "four terms", "nobody", "hostile", "long titles"],
)
def test_a_chart_keeps_its_margins_and_fits_a_phone(
    members: tuple[Tally, ...], terms: tuple[str, ...]
) -> None:
    png = chart_picture.draw(chart(members, terms))

    width, height = size(png)
    assert width == WIDTH
    assert 300 < height < 2 * WIDTH
    left, _top, right, bottom = margins(png)
    assert min(left, right, bottom) >= 30


def test_bars_are_as_long_as_their_numbers() -> None:
    png = chart_picture.draw(chart((Tally("Ann", (8,)), Tally("Bo", (4,)))))

    start = chart_picture.MARGIN + chart_picture.NAMES
    # The longest unbroken run of ink in a row, from where bars begin.
    runs = [int(np.argmin(np.append(row, False))) for row in ink(png)[:, start:]]
    lengths = sorted({run for run in runs if run > 100}, reverse=True)

    assert lengths[0] == pytest.approx(chart_picture.BARS, abs=2)
    assert any(length == pytest.approx(chart_picture.BARS / 2, abs=2) for length in lengths)


def test_sixty_presenters_take_no_more_room_than_eleven() -> None:
    eleven, sixty = (chart_picture.draw(chart(crowd(people, 1))) for people in (11, 60))

    assert size(eleven) == size(sixty)
