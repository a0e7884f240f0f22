"""Photos: what is taken, how they are edited, and how the page gets them."""

import io
import json
from typing import Any

import pytest
from aiohttp import FormData
from PIL import Image

from bot.sandbox import Chat, Person, Sandbox
from bot.sandbox.files import Upload
from bot.sandbox.photos import MAX_PHOTO
from tests.sandbox.api import Answer, Api

TOO_BIG = (
    f"file of size {MAX_PHOTO + 1} bytes is too big for a photo; "
    f"the maximum size is {MAX_PHOTO} bytes"
)


def png(width: int = 40, height: int = 30, colour: str = "navy") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(made, "PNG")
    return made.getvalue()


async def upload(api: Api, method: str, files: dict[str, bytes], **fields: Any) -> Answer:
    form = FormData()
    for name, value in fields.items():
        form.add_field(name, value if isinstance(value, str) else json.dumps(value))
    for name, content in files.items():
        file = io.BytesIO(content)
        form.add_field(name, file, filename=f"{name}.png", content_type="image/png")
    url = f"{api.sandbox.origin}/bot{api.sandbox.token}/{method}"
    async with api.session.post(url, data=form) as response:
        answer: Answer = await response.json()
        return answer


async def sent(api: Api, group: Chat, content: bytes, **fields: Any) -> Answer:
    return await upload(api, "sendPhoto", {"photo": content}, chat_id=str(group.id), **fields)


async def test_a_photo_has_its_measures_and_its_caption(api: Api, group: Chat) -> None:
    answer = await sent(api, group, png(), caption="<b>Tue</b> 13", parse_mode="HTML")

    message = answer["result"]
    assert [(size["width"], size["height"]) for size in message["photo"]] == [(40, 30)]
    assert message["caption"] == "Tue 13"
    assert message["caption_entities"] == [{"type": "bold", "offset": 0, "length": 3}]
    assert "text" not in message


async def test_a_photo_is_sent_again_by_its_id_but_not_as_a_document(api: Api, group: Chat) -> None:
    first = await sent(api, group, png())
    file_id = first["result"]["photo"][-1]["file_id"]

    again = await api.result("sendPhoto", chat_id=group.id, photo=file_id)
    refused = await api.refusal("sendDocument", chat_id=group.id, document=file_id)

    assert again["photo"] == first["result"]["photo"]
    assert refused == (400, "Bad Request: can't use file of type Photo as Document")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "file must be non-empty"),
        (b"%PDF-1.7", "IMAGE_PROCESS_FAILED"),
        (png()[:20], "IMAGE_PROCESS_FAILED"),
        (png(9000, 1001), "PHOTO_INVALID_DIMENSIONS"),
        (png(2100, 100), "PHOTO_INVALID_DIMENSIONS"),
        (
            b"x" * (MAX_PHOTO + 1),
            TOO_BIG,
        ),
    ],
    ids=["empty", "no picture", "cut off", "too large", "too narrow", "too many bytes"],
)
async def test_what_is_no_photo_is_refused(
    api: Api, sandbox: Sandbox, group: Chat, content: bytes, reason: str
) -> None:
    answer = await sent(api, group, content)

    assert (answer["error_code"], answer["description"]) == (400, f"Bad Request: {reason}")
    assert sandbox.messages(group) == []


@pytest.mark.parametrize("photo", ["no-such-file", "https://example.org/a.png"])
async def test_a_photo_that_nobody_sent_is_refused(api: Api, group: Chat, photo: str) -> None:
    assert await api.refusal("sendPhoto", chat_id=group.id, photo=photo) == (
        400,
        "Bad Request: wrong file identifier/HTTP URL specified",
    )


async def test_a_document_is_no_photo(sandbox: Sandbox, api: Api, group: Chat) -> None:
    document = sandbox.files.add(Upload("a.png", png(), "image/png"))["file_id"]

    assert await api.refusal("sendPhoto", chat_id=group.id, photo=document) == (
        400,
        "Bad Request: can't use file of type Document as Photo",
    )


async def test_a_caption_has_at_most_1024_characters(api: Api, group: Chat) -> None:
    longest = await sent(api, group, png(), caption=f"<b>{'x' * 1024}</b>", parse_mode="HTML")
    longer = await sent(api, group, png(), caption="x" * 1025)

    assert longest["ok"]
    assert longer["description"] == "Bad Request: message caption is too long"


async def test_who_may_not_send_photos_is_told(
    sandbox: Sandbox, api: Api, ada: Person, group: Chat
) -> None:
    sandbox.set_bot_status(group, ada, "restricted")

    answer = await sent(api, group, png())

    assert answer["description"] == "Bad Request: not enough rights to send photos to the chat"


async def test_a_caption_is_edited_and_the_picture_stays(api: Api, group: Chat) -> None:
    message = (await sent(api, group, png(), caption="in 3 days"))["result"]
    place = {"chat_id": group.id, "message_id": message["message_id"]}

    edited = await api.result("editMessageCaption", **place, caption="tomorrow")
    same = await api.refusal("editMessageCaption", **place, caption="tomorrow")

    assert (edited["caption"], edited["photo"]) == ("tomorrow", message["photo"])
    assert same[1].startswith("Bad Request: message is not modified")


async def test_picture_and_caption_are_replaced_together(api: Api, group: Chat) -> None:
    message = (await sent(api, group, png(), caption="old"))["result"]
    media = {"type": "photo", "media": "attach://card", "caption": "new"}

    answer = await upload(
        api,
        "editMessageMedia",
        {"card": png(50, 60)},
        chat_id=str(group.id),
        message_id=str(message["message_id"]),
        media=media,
    )

    edited = answer["result"]
    assert edited["caption"] == "new"
    assert [(size["width"], size["height"]) for size in edited["photo"]] == [(50, 60)]


async def test_a_picture_that_was_not_attached_is_missed(api: Api, group: Chat) -> None:
    message = (await sent(api, group, png()))["result"]

    answer = await upload(
        api,
        "editMessageMedia",
        {},
        chat_id=str(group.id),
        message_id=str(message["message_id"]),
        media={"type": "photo", "media": "attach://card"},
    )

    assert answer["description"] in (
        "Bad Request: can't find the attached file",
        "Bad Request: wrong file identifier/HTTP URL specified",
    )


async def test_a_text_has_neither_caption_nor_picture_to_edit(api: Api, group: Chat) -> None:
    message = await api.result("sendMessage", chat_id=group.id, text="words")
    place = {"chat_id": group.id, "message_id": message["message_id"]}
    media = {"type": "photo", "media": "sandbox-photo-1"}

    assert (await api.refusal("editMessageCaption", **place, caption="x"))[1] == (
        "Bad Request: there is no caption in the message to edit"
    )
    assert (await api.refusal("editMessageMedia", **place, media=media))[1] == (
        "Bad Request: there is no media in the message to edit"
    )


async def test_a_photo_has_no_text_to_edit(api: Api, group: Chat) -> None:
    message = (await sent(api, group, png(), caption="x"))["result"]
    place = {"chat_id": group.id, "message_id": message["message_id"]}

    assert (await api.refusal("editMessageText", **place, text="y"))[1] == (
        "Bad Request: there is no text in the message to edit"
    )


async def test_the_page_shows_a_photo_but_no_other_file_as_one(
    sandbox: Sandbox, api: Api, ada: Person, group: Chat
) -> None:
    await sent(api, group, png(), caption="Tue")
    document = sandbox.files.add(Upload("a.html", b"<script>", "text/html"))["file_id"]
    address = f"{sandbox.origin}/sandbox"
    place = f"viewer={ada.id}&chat={group.id}"

    async with api.session.get(f"{address}/messages?{place}") as response:
        (shown,) = (await response.json())["messages"]
    async with api.session.get(f"{sandbox.origin}{shown['photo']['url']}") as response:
        kind, content = response.content_type, await response.read()
    async with api.session.get(f"{address}/photos/{document}") as response:
        other = response.status

    assert (shown["photo"]["width"], shown["photo"]["height"], shown["html"]) == (40, 30, "Tue")
    assert (kind, content) == ("image/png", png())
    assert other == 404
