"""The commands: one list for the menus, `/help` and the router."""

import re

import pytest

from bot.telegram.router import COMMANDS as HANDLERS
from bot.text.commands import COMMANDS, Command, Topic, chapter
from bot.text.render import render
from tests.text.samples import Term

MENU = 100
"""Commands that a menu takes: https://core.telegram.org/bots/api#setmycommands"""


def test_every_command_that_is_named_is_answered_and_the_other_way_round() -> None:
    assert {command.name for command in COMMANDS} == set(HANDLERS)


def test_no_command_is_named_twice() -> None:
    names = [command.name for command in COMMANDS]

    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_a_command_fits_telegrams_menu(command: Command) -> None:
    # https://core.telegram.org/bots/api#botcommand
    assert re.fullmatch(r"[a-z0-9_]{1,32}", command.name)
    assert 1 <= len(command.says) <= 256


def test_all_commands_fit_one_menu() -> None:
    assert len(COMMANDS) <= MENU


def test_the_chapters_of_help_name_every_command_but_itself_and_start() -> None:
    texts = [render("help_on", topic=topic, commands=chapter(topic)) for topic in Topic]

    named = [name for text in texts for name in re.findall(r"^/(\w+)", text, re.MULTILINE)]
    assert sorted(named) == sorted(set(HANDLERS) - {"help", "start"})


def test_help_fits_a_phone_at_a_glance() -> None:
    lines = render("help", group=Term().group, organizer=True, organizing="Organizing").split("\n")

    assert len(lines) <= 12
