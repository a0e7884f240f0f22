"""Which characters are drawn, and what becomes of the others."""

from hypothesis import given
from hypothesis import strategies as st

from bot.pictures import fonts
from bot.pictures.fonts import covered, drawable, families
from bot.pictures.subset import characters


def test_the_own_font_has_what_it_was_made_for() -> None:
    from matplotlib.font_manager import get_font

    has = set(get_font(fonts.OWN).get_charmap())
    chinese = {ord(c) for c in characters() if "\u4e00" <= c <= "\u9fff"}

    assert len(chinese) > 8000
    assert chinese <= has
    assert {ord(c) for c in "Bosen Yang 张三丰 喆堃玥 陳國輝：，（）"} <= has


def test_names_are_drawn_on_a_machine_that_has_no_fonts_but_those_that_come_along() -> None:
    assert families()[:2] == ("Reading Group Sans", "DejaVu Sans")


def test_the_font_comes_with_its_licence_and_is_small() -> None:
    assert "SIL OPEN FONT LICENSE" in (fonts.OWN.parent / "OFL.txt").read_text("utf-8")
    assert fonts.OWN.stat().st_size < 2_500_000


def test_what_is_drawable_stays_as_it_is() -> None:
    for text in ("REFRAG: Rethinking RAG", "王晨晗", "Ünal Şahin", "Анна", "$x^2$ & <b>"):
        assert drawable(text) == text


def test_a_text_comes_to_one_line() -> None:
    assert drawable(" Ann\n\n Bo\t\u2028Chi ") == "Ann Bo Chi"


def test_emoji_that_no_font_has_leave_nothing_behind() -> None:
    assert drawable("Ann \U0001fae0\U0001f9d1\u200d\U0001f4bb\ufe0f Bo") == "Ann Bo"


def test_letters_that_no_font_has_leave_an_ellipsis() -> None:
    assert drawable("Ann \U00013000\U00013001 Bo \U00013000") == "Ann … Bo …"


@given(st.text())
def test_whatever_is_written_only_what_a_font_has_is_left(text: str) -> None:
    made = drawable(text)

    assert all(ord(character) in covered() for character in made)
    assert "\n" not in made
    assert drawable(made) == made
