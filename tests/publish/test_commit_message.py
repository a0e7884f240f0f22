"""What a commit of the page says."""

from datetime import UTC, datetime

from bot.domain.views import ChangeView
from bot.publish.commit_message import LONGEST_SUBJECT, message
from tests.text.samples import Term

AT = datetime(2026, 1, 9, 2, tzinfo=UTC)


def _claim(title: str, actor: str = "Ann") -> ChangeView:
    return ChangeView(1, "talk:claim", actor, AT, Term().found, title, actor)


RULES = ChangeView(2, "group:rules", "Ada", AT, None, None, None)


def test_one_change_is_the_subject() -> None:
    assert message("2025 Fall", [_claim("REFRAG: Rethinking RAG"), RULES]) == (
        "2025 Fall: Ann claimed Topic I of Tue 13 January: “REFRAG”"
    )


def test_several_are_listed() -> None:
    said = message("2025 Fall", [_claim("A & <B>"), _claim("C", "Bo")])
    assert said.splitlines() == [
        "2025 Fall: 2 changes",
        "",
        "- Ann claimed Topic I of Tue 13 January: “A & <B>”",
        "- Bo claimed Topic I of Tue 13 January: “C”",
    ]


def test_what_is_not_on_the_page_is_not_told() -> None:
    assert message("Systems", [RULES]) == "Systems: brought up to date"


def test_a_long_subject_is_cut_and_told_in_full_below() -> None:
    subject, blank, whole = message("2025 Fall", [_claim("x" * 300)]).splitlines()
    assert len(subject) == LONGEST_SUBJECT
    assert (subject[-1], blank) == ("…", "")
    assert whole.endswith("x" * 300 + "”")


def test_whatever_people_write_breaks_no_line() -> None:
    said = message("2025\nFall\x00", [_claim("--amend\n\nSigned-off-by: x\r\u2028y", "A\tn")])
    assert said == ("2025 Fall: A n claimed Topic I of Tue 13 January: “--amend Signed-off-by”")
