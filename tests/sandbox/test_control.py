"""What the chat page asks for."""

import asyncio
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.clock import MovableClock
from bot.sandbox import Chat, Person, Sandbox
from tests.sandbox.api import Api


class Page:
    """The page's side: answers with status and body."""

    def __init__(self, session: ClientSession, origin: str) -> None:
        self.session = session
        self.origin = origin

    async def get(self, path: str, **query: Any) -> tuple[int, Any]:
        given = {name: str(value) for name, value in query.items()}
        async with self.session.get(f"{self.origin}/sandbox/{path}", params=given) as response:
            return response.status, await response.json()

    async def post(self, path: str, body: Any) -> tuple[int, Any]:
        async with self.session.post(f"{self.origin}/sandbox/{path}", json=body) as response:
            return response.status, await response.json()


@pytest.fixture
def page(api: Api, sandbox: Sandbox) -> Page:
    return Page(api.session, sandbox.origin)


async def test_the_state_tells_who_and_what_there_is(
    page: Page, ada: Person, bob: Person, group: Chat
) -> None:
    assert await page.get("state") == (
        200,
        {
            "now": "2026-01-09T01:00:00+00:00",
            "zone": "UTC",
            "bot": {
                "id": 1000000001,
                "name": "Reading Group Bot",
                "username": "reading_group_bot",
            },
            "people": [
                {"id": ada.id, "name": "Ada Lovelace", "username": "ada", "note": "organizer"},
                {"id": bob.id, "name": "Bob", "username": None, "note": ""},
            ],
            "chats": [
                {
                    "id": group.id,
                    "type": "supergroup",
                    "title": "Readers",
                    "is_forum": False,
                    "topics": [],
                    "members": [
                        {"id": ada.id, "status": "creator"},
                        {"id": bob.id, "status": "member"},
                    ],
                    "pinned": [],
                }
            ],
        },
    )


async def test_a_private_chat_is_listed_once_it_has_begun(page: Page, ada: Person) -> None:
    _status, before = await page.get("state")
    await page.post("say", {"person": ada.id, "chat": "private", "text": "/start"})
    _status, after = await page.get("state")

    assert before["chats"] == []
    assert [(chat["id"], chat["type"], chat["title"]) for chat in after["chats"]] == [
        (ada.id, "private", "Ada Lovelace")
    ]


async def test_a_message_is_shown_with_its_buttons_and_what_it_answers(
    page: Page, api: Api, sandbox: Sandbox, ada: Person, group: Chat
) -> None:
    asked = sandbox.say(ada, group, "/next <b>")
    rows = [
        [{"text": "Yes", "callback_data": "yes"}, {"text": "Page", "url": "https://example.org"}]
    ]
    await api.result(
        "sendMessage",
        chat_id=group.id,
        text="<b>A &lt; B</b>",
        parse_mode="HTML",
        reply_markup={"inline_keyboard": rows},
        reply_parameters={"message_id": asked.id},
    )

    status, shown = await page.get("messages", viewer=ada.id, chat=group.id)

    said, answered = shown["messages"]
    assert status == 200
    assert said["html"].endswith("&lt;b&gt;")
    assert answered == {
        "id": asked.id + 1,
        "topic": None,
        "from": {"id": 1000000001, "name": "Reading Group Bot", "is_bot": True},
        "date": "2026-01-09T01:00:00+00:00",
        "edited": None,
        "html": "<b>A &lt; B</b>",
        "buttons": [
            [
                {"text": "Yes", "kind": "callback", "url": None},
                {"text": "Page", "kind": "url", "url": "https://example.org"},
            ]
        ],
        "reply_to": {"id": asked.id, "from": "Ada Lovelace", "text": "/next <b>"},
        "service": False,
        "via": None,
        "photo": None,
        "document": None,
    }


async def test_a_document_can_be_downloaded_but_not_opened_in_the_page(
    page: Page, sandbox: Sandbox, ada: Person
) -> None:
    sandbox.send_file(ada, None, "a.html", b"<script>")
    _status, shown = await page.get("messages", viewer=ada.id, chat=ada.id)
    document = shown["messages"][0]["document"]

    async with page.session.get(page.origin + document["url"]) as response:
        content = await response.read()

    assert (document["name"], document["size"], content) == ("a.html", 8, b"<script>")
    assert response.headers["Content-Disposition"] == "attachment"
    assert response.content_type == "application/octet-stream"


async def test_the_menu_is_the_one_that_the_person_sees(
    page: Page, api: Api, ada: Person, group: Chat
) -> None:
    commands = [{"command": "next", "description": "What is next"}]
    await api.result("setMyCommands", commands=commands, scope={"type": "all_group_chats"})

    shown = [(await page.get("commands", viewer=ada.id, chat=c))[1] for c in (group.id, ada.id)]

    assert shown == [{"commands": commands}, {"commands": []}]


async def test_a_tap_on_the_page_waits_for_the_bots_answer(
    page: Page, api: Api, sandbox: Sandbox, ada: Person, group: Chat
) -> None:
    rows = [
        [{"text": "Yes", "callback_data": "yes"}, {"text": "Page", "url": "https://example.org"}]
    ]
    markup = {"inline_keyboard": rows}
    sent = await api.result("sendMessage", chat_id=group.id, text="?", reply_markup=markup)
    place = {"person": ada.id, "chat": group.id, "message": sent["message_id"]}

    tapping = asyncio.create_task(page.post("tap", {**place, "button": [0, 0]}))
    (update,) = await api.result("getUpdates", timeout=60)
    query = update["callback_query"]["id"]
    await api.result("answerCallbackQuery", callback_query_id=query, text="Done")

    assert await tapping == (200, {"text": "Done", "alert": False, "url": ""})
    assert await page.post("tap", {**place, "button": [0, 1]}) == (
        200,
        {"text": "", "alert": False, "url": "https://example.org"},
    )


async def test_the_page_goes_on_without_an_answer(
    page: Page,
    api: Api,
    ada: Person,
    group: Chat,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.sandbox.control.ANSWER_WITHIN", 0)
    markup = {"inline_keyboard": [[{"text": "Yes", "callback_data": "yes"}]]}
    sent = await api.result("sendMessage", chat_id=group.id, text="?", reply_markup=markup)
    place = {"person": ada.id, "chat": group.id, "message": sent["message_id"]}

    answer = await page.post("tap", {**place, "button": [0, 0]})

    assert answer == (200, {"text": "", "alert": False, "url": ""})


@pytest.mark.parametrize(
    ("move", "now"),
    [
        ({"advance_seconds": 90}, "2026-01-09T01:01:30+00:00"),
        ({"to": "2026-01-12T19:00:00+08:00"}, "2026-01-12T11:00:00+00:00"),
        ({"to": "2026-01-12T19:00"}, "2026-01-12T19:00:00+00:00"),
    ],
)
async def test_the_clock_moves(
    page: Page, clock: MovableClock, move: dict[str, Any], now: str
) -> None:
    assert await page.post("clock", move) == (200, {"now": now})
    assert clock.now().isoformat() == now


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("say", {"text": "x"}, 400),
        ("say", {"person": "ada", "chat": "group", "text": "x"}, 400),
        ("say", {"person": [], "chat": "group", "text": "x"}, 400),
        ("say", {"person": "--5", "chat": "group", "text": "x"}, 400),
        ("say", {"person": "bob", "chat": 2**80, "text": "x"}, 403),
        ("say", {"person": "bob", "chat": 99, "text": "x"}, 403),
        ("say", {"person": "bob", "chat": "group"}, 400),
        ("say", {"person": "bob", "chat": "group", "text": " "}, 400),
        ("say", {"person": "bob", "chat": "group", "text": "\ud800"}, 400),
        ("say", {"person": "bob", "chat": "group", "text": "x", "topic": 9}, 400),
        ("say", {"person": "bob", "chat": "group", "text": "x", "topic": []}, 400),
        ("say", {"person": "bob", "chat": "group", "text": "x", "reply_to": [1]}, 400),
        ("say", {"person": "bob", "chat": "group", "text": "x", "reply_to": 99}, 400),
        ("say", [], 400),
        ("tap", {"person": "bob", "chat": "group", "message": 9, "button": [0, 0]}, 400),
        ("tap", {"person": "bob", "chat": "group", "message": [], "button": [0, 0]}, 400),
        ("tap", {"person": "bob", "chat": "group", "message": 1, "button": [0, 5]}, 400),
        ("tap", {"person": "bob", "chat": "group", "message": 1, "button": "00"}, 400),
        ("tap", {"person": "bob", "chat": "group", "message": 1, "button": [-1, -1]}, 400),
        ("tap", {"person": "bob", "chat": "group", "message": 1}, 400),
        ("clock", {}, 400),
        ("clock", {"advance_seconds": "soon"}, 400),
        ("clock", {"advance_seconds": float("nan")}, 400),
        ("clock", {"advance_seconds": 1e300}, 400),
        ("clock", {"to": "9999-12-31T23:59:59-12:00"}, 400),
        ("clock", {"to": 5}, 400),
    ],
)
async def test_bad_input_is_answered_with_one_sentence(
    page: Page,
    api: Api,
    bob: Person,
    group: Chat,
    path: str,
    body: Any,
    status: int,
) -> None:
    names = {"bob": bob.id, "group": group.id}
    if isinstance(body, dict):
        body = {
            name: names.get(value, value) if isinstance(value, str) else value
            for name, value in body.items()
        }
    markup = {"inline_keyboard": [[{"text": "Yes", "callback_data": "yes"}]]}
    await api.result("sendMessage", chat_id=group.id, text="?", reply_markup=markup)

    got, answer = await page.post(path, body)

    assert (got, list(answer)) == (status, ["error"])
    assert answer["error"].endswith(".")


async def test_who_is_not_in_a_chat_does_not_see_it(
    page: Page, sandbox: Sandbox, ada: Person, group: Chat
) -> None:
    eve = sandbox.add_person("Eve")

    for path in ("messages", "commands"):
        for chat in (group.id, ada.id, 99):
            answer = await page.get(path, viewer=eve.id, chat=chat)
            assert answer == (403, {"error": "Eve is not in that chat."})


@pytest.mark.parametrize("host", ["example.org", "10.0.0.1", "127.0.0.1.example.org"])
async def test_a_request_for_another_host_is_refused(page: Page, host: str) -> None:
    headers = {"Host": host}
    async with page.session.get(f"{page.origin}/sandbox/state", headers=headers) as response:
        assert response.status == 403


async def test_a_page_from_elsewhere_cannot_act(page: Page, ada: Person, group: Chat) -> None:
    headers = {"Origin": "https://example.org"}
    body = {"person": ada.id, "chat": group.id, "text": "x"}
    target = f"{page.origin}/sandbox/say"
    async with page.session.post(target, json=body, headers=headers) as response:
        assert response.status == 403


async def test_the_page_and_its_parts_are_served(page: Page) -> None:
    kinds = []
    for path in ("/", "/static/app.js", "/static/style.css"):
        async with page.session.get(page.origin + path) as response:
            kinds.append((response.status, response.content_type))

    script = kinds.pop(1)
    assert kinds == [(200, "text/html"), (200, "text/css")]
    assert script in [(200, "text/javascript"), (200, "application/javascript")]


async def test_a_change_is_told_to_every_open_page(
    page: Page, sandbox: Sandbox, ada: Person, group: Chat
) -> None:
    async with (
        page.session.get(f"{page.origin}/sandbox/events") as one,
        page.session.get(f"{page.origin}/sandbox/events") as two,
    ):
        for stream in (one, two):
            assert await stream.content.readuntil(b"\n\n") == b": hello\n\n"
        sandbox.say(ada, group, "one")
        sandbox.say(ada, group, "two")

        told = [await stream.content.readuntil(b"\n\n") for stream in (one, two)]

    assert told == [b"data: change\n\n"] * 2


async def test_stopping_closes_open_streams(clock: MovableClock) -> None:
    sandbox = Sandbox(clock)
    await sandbox.start()
    async with (
        ClientSession() as session,
        session.get(f"{sandbox.origin}/sandbox/events") as stream,
    ):
        await stream.content.readuntil(b"\n\n")
        await sandbox.stop()

        assert (await stream.read()).startswith(b"data: change")


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b'"x"'])
async def test_a_request_that_is_no_json_object_is_answered_with_one_sentence(
    page: Page, body: bytes
) -> None:
    async with page.session.post(f"{page.origin}/sandbox/say", data=body) as response:
        answer = await response.json()

    assert response.status == 400
    assert answer["error"] in ("The request is not JSON.", "The request is not a JSON object.")


async def test_a_button_that_only_telegram_understands_is_refused(
    page: Page, api: Api, ada: Person, group: Chat
) -> None:
    markup = {"inline_keyboard": [[{"text": "Copy", "copy_text": {"text": "x"}}]]}
    sent = await api.result("sendMessage", chat_id=group.id, text="?", reply_markup=markup)
    tap = {"person": ada.id, "chat": group.id, "message": sent["message_id"], "button": [0, 0]}

    assert await page.post("tap", tap) == (
        400,
        {"error": "That button does nothing on this page."},
    )
