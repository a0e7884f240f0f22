"""Which papers a meeting takes."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.selection import (
    DEFAULT,
    MAX_RULE,
    Rule,
    bends,
    expects,
    format_rule,
    parse_rule,
    part_of,
)
from bot.domain.titles import parse_venue
from bot.domain.venues import usual_name
from bot.publish.markdown import parse
from storage.enums import MeetingKind
from storage.models import Group

PAGE = Path(__file__).parent.parent / "data" / "2025-fall.md"
SOSP_AND_ARXIV = Rule((("SOSP", "OSDI"), ("arXiv",)))

VENUES = (
    st.from_regex(r"[A-Za-z][A-Za-z0-9]{0,9}", fullmatch=True)
    .filter(lambda venue: venue.casefold() not in ("and", "or"))
    .map(lambda venue: usual_name(parse_venue(venue)[0] or ""))
)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    venues = draw(st.lists(VENUES, min_size=1, max_size=12, unique_by=str.casefold))
    parts: list[tuple[str, ...]] = []
    while venues and len(parts) < 5:
        size = draw(st.integers(1, min(8, len(venues))))
        parts.append(tuple(venues[:size]))
        venues = venues[size:]
    return Rule(tuple(parts))


@pytest.mark.parametrize(
    "text",
    [
        DEFAULT,
        "sosp/osdi + arxiv",
        "SOSP or OSDI, arXiv",
        " SOSP / OSDI  +arXiv ",
        "SOSP OR OSDI and arXiv",
        "ＳＯＳＰ／OSDI，arXiv",
        "SOSP/OSDI、arXiv",
        "SOSP'25/OSDI 2025 + arXiv",
        "sosp osdi, arxiv",
        "one from SOSP or OSDI and one from arXiv",
        "a SOSP/OSDI paper + one arXiv paper",
        "SOSP25/OSDI 26 + arXiv",
    ],
)
def test_a_rule_is_read_as_organizers_write_it(text: str) -> None:
    rule = parse_rule(text)
    assert rule is not None
    assert rule == SOSP_AND_ARXIV


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+",
        "SOSP +",
        "SOSP//OSDI",
        "SOSP + sosp",
        "<b>",
        "[SOSP]",
        "x" * 31,
        "a+b+c+d+e+f",
        "a/b/c/d/e/f/g/h/i",
        "SOSP + SOSP'25",
        "SOSP + and + arXiv",
        "and",
        "SOSP and",
        "SOSP/or",
        "SOSP" + " 2025" * 2000 + ".",
        # Each part for itself is fine, but no group holds so much.
        "+".join("/".join(f"A venue of some length {n}{p}" for n in range(8)) for p in range(5)),
        "🎉",
    ],
)
def test_a_rule_that_makes_no_sense_is_none(text: str) -> None:
    assert parse_rule(text) is None


@given(rules())
def test_a_written_rule_reads_back_the_same(rule: Rule) -> None:
    assert parse_rule(format_rule(rule)) == rule


@given(st.text())
def test_any_text_is_a_rule_or_none(text: str) -> None:
    rule = parse_rule(text)
    assert rule is None or parse_rule(format_rule(rule)) == rule


def test_a_rule_is_as_long_as_the_database_holds() -> None:
    assert str(Group.__table__.c.selection_rule.type) == f"VARCHAR({MAX_RULE})"
    assert parse_rule("SOSP" + " 2025" * 2000) == Rule((("SOSP",),))
    parts = [letter * 30 for letter in "abcdef"]
    whole = "/".join([*parts, "g" * 14])
    assert len(whole) == MAX_RULE
    assert parse_rule(whole) == Rule(((*parts, "g" * 14),))
    assert parse_rule(f"{whole}g") is None


def test_a_rule_has_five_parts_and_eight_venues_at_most() -> None:
    assert parse_rule("a+b+c+d+e") == Rule((("a",), ("b",), ("c",), ("d",), ("e",)))
    assert parse_rule("a/b/c/d/e/f/g/h") == Rule((tuple("abcdefgh"),))


@pytest.mark.parametrize(
    ("venue", "part"),
    [
        ("osdi", 0),
        ("SOSP'25", 0),
        ("SOSP '25", 0),
        ("[OSDI 2025]", None),
        ("ARXIV", 1),
        ("NSDI", None),
        ("", None),
        (None, None),
    ],
)
def test_a_venue_belongs_to_its_part_in_any_case_and_year(
    venue: str | None, part: int | None
) -> None:
    assert part_of(SOSP_AND_ARXIV, venue) == part


@pytest.mark.parametrize(
    ("there", "open_slots", "expected"),
    [
        ([], 2, (("SOSP", "OSDI"), ("arXiv",))),
        (["arXiv"], 1, (("SOSP", "OSDI"),)),
        (["OSDI"], 1, (("arXiv",),)),
        ([None], 1, (("SOSP", "OSDI"), ("arXiv",))),
        (["SOSP", "arXiv"], 1, ()),
        (["arXiv"], 0, ()),
        # One slot of its own takes either, one more than there are parts takes anything.
        ([], 1, (("SOSP", "OSDI"), ("arXiv",))),
        (["NSDI", "arXiv"], 1, (("SOSP", "OSDI"),)),
    ],
)
def test_open_slots_expect_what_the_meeting_lacks(
    there: list[str | None], open_slots: int, expected: tuple[tuple[str, ...], ...]
) -> None:
    assert expects(SOSP_AND_ARXIV, there, open_slots) == expected


@given(rules(), st.lists(VENUES | st.none(), max_size=4), VENUES | st.none())
def test_what_a_meeting_still_expects_never_bends_the_rule(
    rule: Rule, there: list[str | None], other: str | None
) -> None:
    wanted = [venue for part in expects(rule, there, 1) for venue in part]
    assert not any(bends(rule, venue, there) for venue in wanted)
    assert bends(rule, other, there) <= (part_of(rule, other) is not None)


@pytest.mark.parametrize(
    ("venue", "there", "bent"),
    [
        ("arXiv", ["arXiv"], True),
        ("OSDI", ["SOSP"], True),
        ("arXiv", ["SOSP"], False),
        ("arXiv", [], False),
        ("NSDI", ["arXiv"], False),
        (None, ["arXiv"], False),
        # Both parts are there: a third slot is free.
        ("arXiv", ["arXiv", "SOSP"], False),
        ("arXiv", ["arXiv", None], True),
    ],
)
def test_one_more_of_a_kind_bends_the_rule(
    venue: str | None, there: list[str | None], bent: bool
) -> None:
    assert bends(SOSP_AND_ARXIV, venue, there) is bent


def test_the_real_term_bent_the_rule_three_times() -> None:
    page = parse(PAGE.read_text(encoding="utf-8")).page
    bent = []
    for meeting in page.meetings:
        venues = [slot.talk.venue for slot in meeting.slots if slot.talk]
        regular = meeting.kind is MeetingKind.REGULAR
        if regular and any(
            bends(SOSP_AND_ARXIV, venue, venues[:number]) for number, venue in enumerate(venues)
        ):
            bent.append(meeting.date)
    assert bent == [date(2026, 1, 20), date(2025, 12, 30), date(2025, 12, 2)]
