"""The week's card: what is on it, and that all of it is on the sheet."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pictures import card_picture
from bot.pictures.canvas import WIDTH, Canvas
from bot.pictures.cards import MOST_TALKS, Card, CardTalk, card_of
from storage.enums import MeetingStatus
from tests.pictures.png import margins, size
from tests.text.samples import Term

OPEN = CardTalk("Topic II", instead="open, claim it", free=True)
LONG = CardTalk(
    "Topic I · SOSP'25",
    "DiffKV: Differentiated Memory Management for Large Language Models " * 9,
    "欧阳娜娜, Bosen Yang, " * 20,
)
USUAL = Card(
    "Systems reading group",
    "Tue 13 January · 19:00",
    "Room 401 · online",
    "",
    cancelled=False,
    talks=(CardTalk("Topic I · arXiv", "REFRAG: Rethinking RAG", "Bosen Yang"), OPEN),
)
CARDS = {
    "usual": USUAL,
    "empty": USUAL._replace(talks=(), where=""),
    "cancelled": USUAL._replace(cancelled=True, special="Spring Festival"),
    "full": USUAL._replace(talks=(LONG,) * MOST_TALKS, more=3, special="SOSP Rehearsal " * 20),
    "open": USUAL._replace(talks=(OPEN,) * MOST_TALKS),
    "long names": USUAL._replace(
        group="G" * 100, where="R" * 200, when="Wed 30 September · 19:00 " * 9
    ),
    "hostile": USUAL._replace(
        group="<b>&\"' $\\frac{1}{0}$ \U0001fae0\u202e",
        talks=(CardTalk("{{ 7 }}", "$x^2$ $ \\alpha \x00\x07", "\U00013000 \u0e2a\u0e21"),),
    ),
}


@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
def test_a_card_fills_its_sheet_and_keeps_its_margins(card: Card) -> None:
    png = card_picture.draw(card)

    width, height = size(png)
    assert width == WIDTH
    assert card_picture.LOWEST <= height <= card_picture.HIGHEST
    left, top, right, bottom = margins(png)
    assert min(left, top, right, bottom) >= 40
    assert left <= 80


@given(st.builds(CardTalk, st.text(max_size=30), st.text(max_size=90), st.text(max_size=60)))
@settings(max_examples=15, deadline=None)
def test_whatever_people_write_is_drawn_inside_the_margins(talk: CardTalk) -> None:
    assert min(margins(card_picture.draw(USUAL._replace(talks=(talk,))))) >= 40


def test_mathematics_is_drawn_as_it_was_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    write = Canvas.write

    def note(canvas: Canvas, words: str, *where: object, **how: object) -> None:
        drawn.append(words)
        write(canvas, words, *where, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(Canvas, "write", note)
    card_picture.draw(USUAL._replace(talks=(CardTalk("$n$", "Costs $5 and $6_7$", "$"),)))

    assert drawn[-3:] == ["$n$", "Costs $5 and $6_7$", "$"]


def test_another_title_makes_another_picture_and_the_same_words_the_same() -> None:
    other = USUAL._replace(talks=(USUAL.talks[0]._replace(title="REFRAG 2"), OPEN))

    assert card_picture.draw(USUAL) == card_picture.draw(USUAL._replace())
    assert card_picture.draw(USUAL) != card_picture.draw(other)


def test_the_card_of_a_meeting_says_when_where_what_and_who() -> None:
    term = Term()

    assert card_of(term.group, term.next) == Card(
        "Systems reading group",
        "Tue 13 January · 19:00",
        "Room 204 · online",
        "",
        cancelled=False,
        talks=(CardTalk("Topic I · arXiv", "REFRAG: Rethinking RAG", "Ann Bo, Bo Chi"), OPEN),
    )


def test_a_meeting_may_be_elsewhere_than_the_others() -> None:
    term = Term()
    offline = term.group._replace(online_url=None)
    nowhere = offline._replace(place=None)

    assert card_of(offline, term.next._replace(place="Hall B")).where == "Hall B"
    assert card_of(offline, term.next).where == "Room 204"
    assert card_of(nowhere, term.next).where == ""
    assert card_of(nowhere, term.next._replace(online_url="https://x.example")).where == "online"


def test_a_slot_that_is_held_is_not_open() -> None:
    term = Term()

    held = card_of(term.group, term.waited_for).talks[1]

    assert (held.instead, held.free) == ("offered to Robin", False)


def test_a_cancelled_meeting_calls_nobody_to_claim() -> None:
    term = Term()

    card = card_of(term.group, term.next._replace(status=MeetingStatus.CANCELLED))

    assert card.cancelled
    assert [(talk.instead, talk.free) for talk in card.talks] == [("", False), ("no talk", False)]


def test_the_card_of_a_meeting_that_has_begun_calls_nobody_to_claim() -> None:
    term = Term()

    talks = card_of(term.group, term.next._replace(begun=True)).talks

    assert [(talk.instead, talk.free) for talk in talks] == [("", False), ("no talk", False)]


def test_a_kick_off_is_named_once_and_a_fifth_talk_is_counted() -> None:
    term = Term()
    kickoff = term.rehearsal._replace(title="Mantle")
    crowded = term.next._replace(slots=term.next.slots * 3)

    assert [talk.title for talk in card_of(term.group, kickoff).talks] == [""]
    assert card_of(term.group, kickoff).special == "Mantle"
    assert card_of(term.group, crowded).more == 2
