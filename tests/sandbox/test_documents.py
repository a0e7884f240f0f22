"""Files that people and the bot send each other, as Telegram treats them."""

from typing import Any

import pytest
from aiohttp import FormData

from bot.sandbox import Chat, Person, Sandbox
from tests.sandbox.api import Api

MB = 1024**2


async def _update(api: Api) -> Any:
    *_, newest = await api.result("getUpdates", timeout=0)
    return newest["message"]


async def _download(api: Api, sandbox: Sandbox, path: str) -> bytes:
    url = f"{sandbox.origin}/file/bot{sandbox.token}/{path}"
    async with api.session.get(url) as response:
        assert response.status == 200
        return await response.read()


async def test_a_bot_fetches_what_somebody_sent_and_sends_it_on_by_its_id(
    api: Api, sandbox: Sandbox, ada: Person, group: Chat
) -> None:
    sandbox.send_file(ada, None, "a/b\\My slides.pdf", b"%PDF-1.4", caption=" /slides jan 13 ")
    message = await _update(api)
    document = message["document"]

    file = await api.result("getFile", file_id=document["file_id"])
    sent = await api.result("sendDocument", chat_id=group.id, document=document["file_id"])

    assert (document["file_name"], document["mime_type"]) == ("My slides.pdf", "application/pdf")
    assert (message["caption"], message["caption_entities"][0]["type"]) == (
        "/slides jan 13",
        "bot_command",
    )
    assert (file["file_size"], document["file_size"]) == (8, 8)
    assert await _download(api, sandbox, file["file_path"]) == b"%PDF-1.4"
    assert sent["document"] == document
    assert await api.refusal("sendDocument", chat_id=group.id, document="nonsense") == (
        400,
        "Bad Request: wrong file identifier/HTTP URL specified",
    )


async def test_a_bot_fetches_twenty_megabytes_at_most(
    api: Api, sandbox: Sandbox, ada: Person
) -> None:
    sandbox.send_file(ada, None, "a.pdf", b"x", size=20 * MB)
    fits = (await _update(api))["document"]["file_id"]
    sandbox.send_file(ada, None, "b.pdf", b"x", size=20 * MB + 1)
    large = (await _update(api))["document"]["file_id"]

    assert (await api.result("getFile", file_id=fits))["file_size"] == 20 * MB
    assert await api.refusal("getFile", file_id=large) == (400, "Bad Request: file is too big")


async def test_in_a_group_a_bot_sees_a_file_with_a_command_or_one_that_answers_it(
    api: Api, sandbox: Sandbox, ada: Person, bob: Person, group: Chat
) -> None:
    sandbox.send_file(bob, group, "cat.pdf", b"x", caption="look at this")
    assert await api.result("getUpdates", timeout=0) == []
    own = await api.result("sendMessage", chat_id=group.id, text="The slides, please")
    sandbox.send_file(bob, group, "a.pdf", b"x", reply_to=own["message_id"])
    sandbox.send_file(bob, group, "b.pdf", b"x", caption="/slides")

    seen = [each["message"] for each in await api.result("getUpdates", timeout=0)]

    assert [one["document"]["file_name"] for one in seen] == ["a.pdf", "b.pdf"]
    assert seen[0]["reply_to_message"]["message_id"] == own["message_id"]


@pytest.mark.parametrize(
    ("name", "content", "caption", "sentence"),
    [
        ("a.pdf", b"", "", "An empty file cannot be sent."),
        (" ", b"x", "", "An empty message cannot be sent."),
        ("a.pdf", b"x", "x" * 1025, "A caption has at most 1024 characters."),
    ],
)
def test_what_telegram_would_not_take_is_refused(
    sandbox: Sandbox, ada: Person, name: str, content: bytes, caption: str, sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        sandbox.send_file(ada, None, name, content, caption=caption)


async def test_the_page_sends_a_file_as_a_form(
    api: Api, sandbox: Sandbox, ada: Person, bob: Person, group: Chat
) -> None:
    said = sandbox.say(ada, group, "Slides?")

    async def send(person: Person, **fields: str) -> tuple[int, Any]:
        form = FormData({"person": str(person.id), "chat": str(group.id), **fields})
        if "text" not in fields:
            form.add_field("file", b"%PDF", filename="a.pdf")
        async with api.session.post(f"{sandbox.origin}/sandbox/send", data=form) as response:
            return response.status, await response.json()

    status, answer = await send(bob, caption="/slides", reply_to=str(said.id))

    message = group.messages[answer["message"]]
    assert (status, message.text, message.reply_to) == (200, "/slides", said.id)
    assert message.document is not None
    assert sandbox.files.content(message.document["file_id"]) == b"%PDF"
    assert await send(bob, text="no file") == (400, {"error": "The form has no file."})
    assert (await send(bob, reply_to="99"))[0] == 400
    assert (await send(bob, caption="x" * 1025))[1]["error"].startswith("A caption has")
    async with api.session.post(f"{sandbox.origin}/sandbox/send", data=b"x") as response:
        assert response.status == 400
