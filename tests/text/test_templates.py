"""Every template with whatever people may write in it, and all of them accounted for."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bot
from bot.errors import DomainError, Refusal
from bot.telegram.errors import MAX_ALERT
from bot.text import labels
from bot.text.commands import COMMANDS
from bot.text.render import render, render_refusal
from storage.enums import DeliveryKind
from tests.telegram_html import parse
from tests.text.samples import TEMPLATES, Term

BOT = Path(bot.__file__).parent
FILES = BOT / "text" / "templates"
HOSTILE = [
    "<b>&\"'",
    "</a></b>&lt;&nosuch;",
    "{{ 7 * 7 }}{% include 'help.html' %}",
    "first\n\nsecond\u2028third\x85fourth\x1cfifth\r\n",
    "\u202eright to left\u2066\u200f",
    "😀" * 20,
    "x" * 300,
    "",
]


def _rendered(name: str, words: str | None) -> list[str]:
    return [render(name, **params) for params in TEMPLATES[name](Term(words))]


@pytest.mark.parametrize("name", TEMPLATES)
def test_whatever_people_write_stays_text(name: str) -> None:
    for message in (message for words in HOSTILE for message in _rendered(name, words)):
        text, _ = parse(message)
        assert "49" not in text
        assert not re.search("[\u202a-\u202e\u2066-\u2069\u2028\x85\x1c\r]", text)


@pytest.mark.parametrize("name", TEMPLATES)
def test_blocks_stand_one_blank_line_apart_and_no_line_begins_or_ends_with_a_blank(
    name: str,
) -> None:
    for message in (message for words in (None, *HOSTILE) for message in _rendered(name, words)):
        assert "\n\n\n" not in message
        assert all(line == line.strip() for line in message.split("\n"))
        assert message == message.strip() != ""


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_line_of_a_usual_message_has_two_blanks_or_a_blank_before_a_comma(name: str) -> None:
    for message in _rendered(name, None):
        assert not re.search(r"  | [,.;:?!)](?!\w)|\( |None", parse(message)[0])


@given(st.text())
@settings(max_examples=50)
def test_any_words_at_all_make_a_message_that_telegram_takes(words: str) -> None:
    for name in ("meeting", "schedule", "found", "slot"):
        for message in _rendered(name, words):
            parse(message)


def test_a_line_break_in_a_name_breaks_no_line() -> None:
    name = render("start", **TEMPLATES["start"](Term("Ann\n\n<Bo>"))[0]).split("\n")[0]
    assert name.startswith("Hello Ann &lt;Bo&gt;! I keep the schedule of <b>Ann &lt;Bo&gt;</b>")


def test_only_web_addresses_become_links() -> None:
    for name in ("meeting", "schedule", "found"):
        assert not any("javascript" in message for message in _rendered(name, None))


def test_every_template_is_tried_here() -> None:
    files = {str(file.relative_to(FILES).with_suffix("")) for file in FILES.rglob("*.html")}
    assert {name for name in files if not Path(name).name.startswith("_")} == set(TEMPLATES)


def test_every_refusal_has_its_sentence_and_no_sentence_is_left_over() -> None:
    files = {file.stem for file in (FILES / "refusal").glob("*.html")}
    assert files == {refusal.value for refusal in Refusal}


def test_every_template_is_used_and_every_used_one_exists() -> None:
    source = "\n".join(file.read_text("utf-8") for file in BOT.rglob("*.py"))
    used = set(re.findall(r'\brender\(\s*"([a-z_/]+)"', source))
    # What is told of a request, an offer or a change has its templates by their kinds.
    by_kind = {kind.value for kind in DeliveryKind} - {"request", "answer", "offer"}
    files = {file.stem for file in FILES.glob("[a-z]*.html")}
    assert used | by_kind == files


def test_every_refusal_is_raised_somewhere() -> None:
    source = "\n".join(file.read_text("utf-8") for file in BOT.rglob("*.py"))
    used = set(re.findall(r"\bRefusal\.([A-Z_]+)", source))
    assert used == {refusal.name for refusal in Refusal}


@pytest.mark.parametrize("refusal", Refusal)
def test_a_refusal_fits_the_alert_of_a_button(refusal: Refusal) -> None:
    for params in TEMPLATES[f"refusal/{refusal.value}"](Term()):
        text, _ = parse(render_refusal(DomainError(refusal, **params)))
        assert len(text) <= MAX_ALERT


def test_a_template_that_lacks_a_value_is_a_fault_not_a_gap() -> None:
    with pytest.raises(Exception, match="'group' is undefined"):
        render("group_chosen")


def _labels() -> list[str]:
    values: dict[str, Any] = vars(labels)
    return [text for name, text in values.items() if name.isupper()]


@pytest.mark.parametrize("label", _labels())
def test_a_label_fits_half_the_width_of_a_phone(label: str) -> None:
    assert 0 < len(label) <= 20


def test_every_command_of_the_menu_is_short_and_named_once() -> None:
    assert len({command.name for command in COMMANDS}) == len(COMMANDS)
    for command in COMMANDS:
        # Telegram's limits for a menu: https://core.telegram.org/bots/api#botcommand
        assert re.fullmatch("[a-z0-9_]{1,32}", command.name)
        assert 3 <= len(command.says) <= 40
