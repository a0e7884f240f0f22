"""The commands: one list for the menus, `/help` and the router."""

import re

import pytest

from bot.telegram.router import COMMANDS as HANDLERS
from bot.text.commands import COMMANDS, Command
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


def test_help_names_every_command_but_itself_and_start() -> None:
    text = render("help", group=Term().group, commands=COMMANDS, organizer=True)

    named = re.findall(r"^/(\w+)", text, re.MULTILINE)
    assert set(named) == set(HANDLERS) - {"help", "start"}
    assert len(named) == len(set(named))


def test_help_keeps_the_organizers_commands_to_organizers() -> None:
    text = render("help", group=Term().group, commands=COMMANDS, organizer=False)

    assert "/assign" not in text
    assert "/setup" not in text
