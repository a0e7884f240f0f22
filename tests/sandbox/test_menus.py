from typing import Any

import pytest

from bot.sandbox import ApiError, Chat, Person, Sandbox
from bot.sandbox.menus import Menus


def menu(name: str) -> list[dict[str, str]]:
    return [{"command": name, "description": "does it"}]


def test_the_narrowest_scope_wins_in_the_documented_order(
    group: Chat, ada: Person, bob: Person
) -> None:
    menus = Menus()
    here = {"chat_id": group.id}
    scopes: list[dict[str, Any]] = [
        {"type": "default"},
        {"type": "all_group_chats"},
        {"type": "all_chat_administrators"},
        {"type": "chat", **here},
        {"type": "chat_administrators", **here},
        {"type": "chat_member", **here, "user_id": ada.id},
    ]
    seen = []
    for scope in scopes:
        menus.set(menu(scope["type"]), scope, "")
        shown = [menus.seen_by(person.id, group) for person in (ada, bob)]
        seen.append([commands[0]["command"] for commands in shown])

    assert seen == [
        ["default", "default"],
        ["all_group_chats", "all_group_chats"],
        ["all_chat_administrators", "all_group_chats"],
        ["chat", "chat"],
        ["chat_administrators", "chat"],
        ["chat_member", "chat"],
    ]


def test_a_private_chat_has_a_menu_of_its_own(sandbox: Sandbox, ada: Person, group: Chat) -> None:
    menus = Menus()
    menus.set(menu("private"), {"type": "all_private_chats"}, "")

    shown = [menus.seen_by(ada.id, chat) for chat in (sandbox.private(ada), group)]

    assert shown == [menu("private"), []]


@pytest.mark.parametrize("name", ["", "Next", "next-one", "näxt", "n" * 33])
def test_a_command_of_other_letters_is_refused(name: str) -> None:
    with pytest.raises(ApiError) as caught:
        Menus().set(menu(name), None, "")

    assert caught.value.description == "Bad Request: BOT_COMMAND_INVALID"
