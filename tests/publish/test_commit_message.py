"""What a commit of the page says."""

import subprocess
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.views import ChangeView
from bot.publish.commit_message import LONGEST_SUBJECT, message
from tests.text.samples import Term

ZONE = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 1, 9, 2, tzinfo=UTC)


def _claim(title: str, actor: str = "Ann") -> ChangeView:
    return ChangeView(1, "talk:claim", actor, AT, Term().found, title, actor)


RULES = ChangeView(2, "group:rules", "Ada", AT, None, None, None)


def test_one_change_is_the_subject() -> None:
    assert message("2025 Fall", [_claim("REFRAG: Rethinking RAG"), RULES], ZONE) == (
        "2025 Fall: Ann claimed Topic I of Tue 13 January: “REFRAG”"
    )


def test_several_are_listed() -> None:
    said = message("2025 Fall", [_claim("A & <B>"), _claim("C", "Bo")], ZONE)
    assert said.splitlines() == [
        "2025 Fall: 2 changes",
        "",
        "- Ann claimed Topic I of Tue 13 January: “A & <B>”",
        "- Bo claimed Topic I of Tue 13 January: “C”",
    ]


def test_what_is_not_on_the_page_is_not_told() -> None:
    assert message("Systems", [RULES], ZONE) == "Systems: brought up to date"


def test_a_long_subject_is_cut_and_told_in_full_below() -> None:
    subject, blank, whole = message("2025 Fall", [_claim("x" * 300)], ZONE).splitlines()
    assert len(subject) == LONGEST_SUBJECT
    assert (subject[-1], blank) == ("…", "")
    assert whole.endswith("x" * 300 + "”")


def test_whatever_people_write_breaks_no_line() -> None:
    said = message("2025\nFall\x00", [_claim("--amend\n\nSigned-off-by: x\r\u2028y", "A\tn")], ZONE)
    assert said == ("2025 Fall: A n claimed Topic I of Tue 13 January: “--amend Signed-off-by”")


def test_nothing_in_a_title_or_a_name_makes_a_code_host_act() -> None:
    title = "Closes #3, fixes gh-4 and o/r#5 of https://code.example/o/r/issues/6 [skip ci]"
    assert message("2025 Fall [ci skip]", [_claim(title, "@robin")], ZONE) == (
        "2025 Fall (ci skip): @ robin claimed Topic I of Tue 13 January: “Closes # 3, fixes gh 4 "
        "and o/r# 5…\n\n- @ robin claimed Topic I of Tue 13 January: “Closes # 3, fixes gh 4 and "
        "o/r# 5 of https: //code.example/o/r/issues/6 (skip ci)”"
    )


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Closes PROJ-4", "Closes PROJ 4"),
        ("fixes proj_x2-17, 关闭AB-5", "fixes proj_x2 17, 关闭AB 5"),
        ("#12, !12 and &12", "# 12, ! 12 and & 12"),
        ("@name of bo@reading.example", "@ name of bo@ reading.example"),
        ("***NO_CI*** skip-checks:true", "NO_CI skip checks:true"),
        ("Paged attention of 2025-01-13, LLM-as-a-judge", None),
    ],
)
def test_what_code_hosts_act_on_is_made_words_of(title: str, said: str | None) -> None:
    assert message("2025 Fall", [_claim(title)], ZONE).endswith(f": “{said or title}”")


def test_no_line_is_a_trailer() -> None:
    trailer = "Co-authored-by: Bo <bo@reading.example>"
    for changes in ([_claim(trailer, trailer)], [_claim(trailer, trailer)] * 2, []):
        said = message(trailer, changes, ZONE)
        found = subprocess.run(
            ["git", "interpret-trailers", "--parse"],
            input=said,
            capture_output=True,
            text=True,
            check=True,
        )
        assert found.stdout == ""


def test_a_move_says_from_when_to_when() -> None:
    was, is_now = ({"starts_at": f"2026-01-{at}:00+00:00"} for at in ("13T11:00", "15T12:30"))
    moved = ChangeView(3, "meeting:move", "Ada", AT, None, None, None, was, is_now)
    assert message("2025 Fall", [moved], ZONE) == (
        "2025 Fall: Ada moved the meeting of Tue 13 January, 19:00 to Thu 15 January, 20:30"
    )
