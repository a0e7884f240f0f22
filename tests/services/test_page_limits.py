"""A page whose texts are too long for the tables is refused in a sentence."""

from datetime import date

import pytest

from bot.domain.page import Page, PageLink, PageMeeting, PagePresenter, PageSlot, PageTalk
from bot.errors import OperatorError
from bot.services import page_limits
from storage.enums import LinkKind, Role

LONG = "x" * 2001
TALK = PageTalk("Jenga", None, None, None, (PagePresenter("Ann", Role.MAIN),))


def _of(talk: PageTalk) -> Page:
    return Page("Fall", meetings=(PageMeeting(date(2026, 1, 13), (PageSlot("Topic I", talk),)),))


@pytest.mark.parametrize(
    ("page", "what", "most"),
    [
        (Page(LONG), "The term’s title", 100),
        (
            Page("Fall", meetings=(PageMeeting(date(2026, 1, 13), (PageSlot(LONG),)),)),
            "13 January 2026: the topic",
            100,
        ),
        (
            _of(TALK._replace(presenters=(PagePresenter("Ann", Role.MAIN, LONG),))),
            "13 January 2026: the affiliation",
            200,
        ),
        (
            _of(TALK._replace(links=(PageLink(LinkKind.OTHER, LONG, None),))),
            "13 January 2026: the link",
            2000,
        ),
        (
            _of(TALK._replace(links=(PageLink(LinkKind.OTHER, "https://a.example", LONG),))),
            "13 January 2026: the name of a link",
            100,
        ),
    ],
)
def test_each_text_of_a_page_has_room_for_so_much(page: Page, what: str, most: int) -> None:
    with pytest.raises(OperatorError) as caught:
        page_limits.check(page)
    assert str(caught.value) == (
        f"{what} “{'x' * 39}…” has 2001 characters; {most} is the most. Shorten it on the page."
    )


@pytest.mark.parametrize("length", [39, 40])
def test_a_text_that_is_short_enough_is_shown_whole(length: int) -> None:
    with pytest.raises(OperatorError) as caught:
        page_limits.check(Page("y" * (length - 2) + "\0\n z"))
    shown = "y" * (length - 2) + " z"
    assert str(caught.value) == f"The term’s title “{shown}” has a zero byte in it. Remove it."
