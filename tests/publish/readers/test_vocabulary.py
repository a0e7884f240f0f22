"""What a column is about that several words name."""

import pytest

from bot.publish.readers.vocabulary import Field, field_of


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Paper title", Field.TITLE),
        ("Paper link", Field.PAPER),
        ("Link", Field.PAPER),
        ("Reading materials", Field.PAPER),
        ("Paper / code", Field.TITLE),
        ("Slides / Video", Field.LINKS),
        ("Slides and other resources", Field.LINKS),
        ("Link to slides", Field.SLIDES),
        ("Presenter's slides", Field.SLIDES),
        ("Who presents which paper", Field.PRESENTERS),
        ("Meeting date", Field.DATE),
        ("论文题目与链接", Field.TITLE),
        ("#", Field.NO_PLACE),
        ("…", None),
        ("Snacks", None),
        ("Date " * 9, None),
    ],
)
def test_a_columns_name_may_be_several_words(header: str, field: Field | None) -> None:
    assert field_of(header) == field
