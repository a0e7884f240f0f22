"""Dates of a whole column: which figure is the month, and which year it is."""

from datetime import date

import pytest

from bot.domain.page import Page
from bot.publish.readers.dating import Written, resolve
from bot.publish.readers.findings import Findings
from bot.publish.readers.spelled_dates import spelled
from tests.publish.readers.facts import said


def column(term: str, *texts: str) -> tuple[list[str], list[str], list[str]]:
    """The days, the problems and the notes."""
    findings = Findings(texts)
    written = []
    for number, text in enumerate(texts, 1):
        found = spelled(text)
        assert found is not None
        written.append(Written(number, found))
    days = resolve(written, term, findings)
    about = findings.about(Page(term))
    return [str(day) for day in days], said(about.problems), said(about.notes)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-09-02", "2025-09-02"),
        ("2025/9/2 (Tue)", "2025-09-02"),
        ("2025.09.02.", "2025-09-02"),
        ("20250902", "2025-09-02"),
        ("250902", "2025-09-02"),
        ("2025-09-02T19:00:00", "2025-09-02"),
        ("Tuesday, September 2nd, 2025", "2025-09-02"),
        ("2-Sep-25", "2025-09-02"),
        ("2. September", "2025-09-02"),
        ("Sept. 2", "2025-09-02"),
        ("9月2日 周二", "2025-09-02"),
        ("2025年9月2日", "2025-09-02"),
        ("2 septembre", "2025-09-02"),
        ("Week 1: Sep 2", "2025-09-02"),
        ("第1周 9月2日", "2025-09-02"),
        ("Jan 13", "2026-01-13"),
        ("Feb 29 2024", "2024-02-29"),
    ],
)
def test_dates_as_people_write_them(text: str, day: str) -> None:
    assert column("2025 Fall", text) == ([day], [], [])


@pytest.mark.parametrize(
    "text", ["May the force", "Mar 4-6", "2023-09", "13/13", "Week 12", "12 Angry Men", "10:30", ""]
)
def test_what_is_no_date(text: str) -> None:
    assert spelled(text) is None


@pytest.mark.parametrize(
    ("texts", "days", "order"),
    [
        (["02/09/2025", "16/09/2025"], ["2025-09-02", "2025-09-16"], "day"),
        (["09/02/2025", "09/16/2025"], ["2025-09-02", "2025-09-16"], "month"),
        (["09/12/2025", "09/05/2025"], ["2025-09-12", "2025-09-05"], "month"),
        (["09-02", "09-09"], ["2025-09-02", "2025-09-09"], "month"),
        (["Tue 4/11", "11/11"], ["2025-11-04", "2025-11-11"], "day"),
    ],
)
def test_the_column_tells_day_and_month_apart(
    texts: list[str], days: list[str], order: str
) -> None:
    assert column("2025 Fall", *texts) == (
        days,
        [],
        [f"1: Dates like this one were read with the {order} first."],
    )


def test_what_the_column_cannot_tell_is_a_problem_and_not_guessed() -> None:
    assert column("2025", "3/4") == (
        ["None"],
        ["1: This may be 3 April or 4 March. Write dates like 2026-03-04."],
        [],
    )


def test_a_term_without_a_year_says_nothing_of_day_and_month() -> None:
    assert column("Systems", "3/4/25", "5/4/25")[0] == ["None", "None"]
    assert column("2025 Spring", "3/6/25", "12/6/25")[0] == ["2025-06-03", "2025-06-12"]


def test_contradicting_dates_are_each_read_as_they_can_be() -> None:
    days, problems, _ = column("2025", "13/1/2025", "1/25/2025", "2/3/2025")
    assert days == ["2025-01-13", "2025-01-25", "None"]
    assert len(problems) == 1


def test_a_date_without_a_year_follows_the_one_before() -> None:
    days, problems, _ = column("2025", "Oct 7", "Nov 4", "Dec 2", "Jan 13")
    assert days == ["2025-10-07", "2025-11-04", "2025-12-02", "2026-01-13"]
    days, _, _ = column("2025", "Jan 13", "Dec 2", "Nov 4")
    assert days == ["2025-01-13", "2024-12-02", "2024-11-04"]
    assert problems == []


def test_dates_out_of_order_stay_in_their_term() -> None:
    assert column("2026 Spring", "Mar 4", "Jan 13", "Mar 5")[0] == [
        "2026-03-04",
        "2026-01-13",
        "2026-03-05",
    ]


def test_one_year_in_the_column_is_enough() -> None:
    assert column("Spring", "Mar 4, 2025", "Mar 11", "Mar 18")[0] == [
        "2025-03-04",
        "2025-03-11",
        "2025-03-18",
    ]


def test_a_weekday_chooses_between_two_years_and_a_wrong_one_is_told() -> None:
    assert column("2025", "Tue Jan 6")[:2] == (["2026-01-06"], [])
    assert column("2025 Fall", "Monday, September 2, 2025")[:2] == (
        ["2025-09-02"],
        ["1: 2 September 2025 is a Tuesday, not a Monday."],
    )


@pytest.mark.parametrize("text", ["Mar 4", "3/4"])
def test_without_any_year_nothing_is_taken(text: str) -> None:
    assert column("Spring", text)[:2] == (
        ["None"],
        ["1: The year of this date is unknown. Name the term, with its year."],
    )


def test_a_day_that_does_not_exist_is_a_problem() -> None:
    assert column("2025 Fall", "2025-02-30")[:2] == (
        ["None"],
        ["1: There is no such day, so the line was not taken."],
    )
    assert spelled("2025-13-01") is None
    assert date(2025, 9, 2).weekday() == 1
