"""A presenter sends the slides as a PDF: they are kept, linked and given back."""

from datetime import datetime
from pathlib import Path

import pytest

from bot.sandbox import ApiError, Chat, Message, Person
from storage.models import File, Link
from tests.e2e.room import Room
from tests.pdfs import a_pdf

PDF = a_pdf()
OTHER = a_pdf(2)
MB = 1024**2
NAME = "260113_TrainVerify.pdf"


@pytest.fixture
async def ours(here: Room) -> Room:
    """Ann presents on January 13, beside somebody else, and has a private chat with the bot."""
    await here.say(here.ann, "/claim jan 13 2 TrainVerify: Equivalence")
    await here.say(here.ann, "/start", here.sandbox.private(here.ann))
    return here


def _folder(room: Room) -> Path:
    return room.settings.publish.folder / "systems" / "slides"


def _kept(room: Room) -> list[str]:
    folder = _folder(room)
    return sorted(file.name for file in folder.iterdir()) if folder.exists() else []


def _links(room: Room) -> list[str]:
    with room.store.reading() as session:
        return [url for (url,) in session.query(Link.url).order_by(Link.id)]


async def _send(
    room: Room,
    person: Person,
    chat: Chat | None = None,
    content: bytes = PDF,
    name: str = "My slides.pdf",
    caption: str = "",
    reply_to: Message | None = None,
    size: int | None = None,
) -> str:
    """Send a file and return what the bot answered in that chat."""
    place = chat or room.sandbox.private(person)
    before = len(room.told(place))
    room.sandbox.send_file(
        person, place, name, content, caption=caption, reply_to=reply_to, size=size
    )
    await room.sandbox.settled()
    return "\n".join(room.told(place)[before:])


async def test_slides_sent_in_private_are_kept_told_and_given_to_anybody(ours: Room) -> None:
    answer = await _send(ours, ours.ann)

    assert answer.startswith("📕 The slides of Tue 13 January are here:\n💡 TrainVerify")
    assert (_folder(ours) / NAME).read_bytes() == PDF
    assert _links(ours) == [f"./slides/{NAME}"]
    told = len(ours.told())
    await ours.go_to(datetime(2026, 1, 9, 10, 5))
    assert [text.split("\n")[0] for text in ours.told()[told:]] == ["🆕 Now online"]
    assert "📕 /slides jan 13" in await ours.say(ours.ben, "/meeting jan 13")

    await ours.say(ours.ben, "/slides jan 13")
    given = ours.sandbox.last(ours.chat)
    assert given.document is not None
    assert given.document["file_name"] == NAME
    assert given.text == "Tue 13 January: TrainVerify: Equivalence"
    await ours.say(ours.ben, "/meeting jan 13")
    await ours.tap(ours.ben, "📕 Slides")
    assert ours.sandbox.last(ours.chat).document == given.document


async def test_slides_come_from_the_disk_when_telegram_forgot_them(ours: Room) -> None:
    await _send(ours, ours.ann)
    await ours.say(ours.ann, "/slides jan 13")
    first = ours.sandbox.last(ours.chat)
    ours.sandbox.fail_next("sendDocument", ApiError(400, "Bad Request: wrong file identifier"))

    await ours.say(ours.ben, "/slides jan 13")

    assert ours.sandbox.last(ours.chat).id != first.id
    given = ours.sandbox.last(ours.chat)
    assert given.document is not None
    assert given.document["file_name"] == NAME
    with ours.store.reading() as session:
        assert session.query(File.telegram_file_id).scalar() == given.document["file_id"]
    (_folder(ours) / NAME).unlink()
    ours.sandbox.fail_next("sendDocument", ApiError(400, "Bad Request: wrong file identifier"))
    assert await ours.say(ours.ben, "/slides jan 13") == (
        f"I do not have the file {NAME}. Its presenters can send it to me."
    )


async def test_a_second_pdf_takes_the_place_of_the_first_and_the_same_one_changes_nothing(
    ours: Room,
) -> None:
    await _send(ours, ours.ann)
    assert "posted already" in await _send(ours, ours.ann)
    assert "are here" in await _send(ours, ours.ann, content=OTHER)

    assert _kept(ours) == [NAME]
    assert (_folder(ours) / NAME).read_bytes() == OTHER
    assert _links(ours) == [f"./slides/{NAME}"]


async def test_slides_that_were_taken_back_are_not_told_and_come_back_under_their_name(
    ours: Room,
) -> None:
    await _send(ours, ours.ann)
    assert "posted slides" in await ours.say(ours.admin, "/undo")
    await ours.tap(ours.admin, "Take that back")
    assert (_links(ours), _kept(ours)) == ([], [])
    told = len(ours.told())
    await ours.go_to(datetime(2026, 1, 9, 10, 5))
    assert len(ours.told()) == told

    assert "are here" in await _send(ours, ours.ann, content=OTHER)
    assert _kept(ours) == [NAME]


async def test_who_has_several_talks_is_asked_and_the_tap_keeps_it(ours: Room) -> None:
    await ours.say(ours.ann, "/claim jan 20 1 LithOS: An Operating System")
    await ours.go_to(datetime(2026, 1, 14, 10))
    private = ours.sandbox.private(ours.ann)
    question = await _send(ours, ours.ann)
    assert question == "Which talk are these slides for?"
    assert _kept(ours) == []
    await ours.tap(ours.ann, "Tue 20 January: LithOS: An Operating Sy…", ours.sandbox.last(private))

    assert _kept(ours) == ["260120_LithOS.pdf"]
    assert "are here" in await _send(ours, ours.ann, caption="jan 13", content=OTHER)
    assert _kept(ours) == [NAME, "260120_LithOS.pdf"]


async def test_in_the_group_a_pdf_is_taken_where_it_says_so(ours: Room) -> None:
    assert await _send(ours, ours.ann, ours.chat) == ""  # the bot does not even see it
    posted = ours.sandbox.messages(ours.chat)[-1]
    ours.sandbox.say(ours.ann, ours.chat, "/slides", reply_to=posted)
    await ours.sandbox.settled()
    assert _kept(ours) == [NAME]

    assert "are here" in await _send(ours, ours.admin, ours.chat, OTHER, caption="/slides jan 13 1")
    asked = ours.sandbox.last(ours.chat)
    assert "posted already" in await _send(ours, ours.ann, ours.chat, PDF, reply_to=asked)
    assert await _send(ours, ours.ann, ours.chat, b"x", "cat.jpg", reply_to=asked) == ""
    told = len(ours.told())
    await ours.go_to(datetime(2026, 1, 9, 10, 5))
    assert len(ours.told()) == told  # all of it was said in the group


async def test_what_cannot_be_kept_gets_one_sentence_and_changes_nothing(ours: Room) -> None:
    large = "That file is too large: Telegram lets me fetch 20 MB at most."
    opened = "That PDF cannot be opened."
    assert (await _send(ours, ours.ann, size=100 * MB)).startswith(large)
    assert (await _send(ours, ours.ann, content=b"%PDF-1.4")).startswith(opened)
    assert (await _send(ours, ours.ann, content=a_pdf(password="x"))).startswith(opened)
    for name in ("slides.pptx", "a.pdf.exe", ""):
        answer = await _send(ours, ours.ann, name=name or "no ending")
        assert answer == "I keep slides as PDF files. Save yours as one and send me that."
    ours.sandbox.fail_next("getFile", ApiError(400, "Bad Request: file is too big"))
    assert (await _send(ours, ours.ann)).startswith(large)
    ours.sandbox.fail_next("getFile", ApiError(400, "Bad Request: wrong file_id"))
    assert (await _send(ours, ours.ann)).startswith("Telegram did not give me that file.")
    await ours.say(ours.ben, "/start", ours.sandbox.private(ours.ben))
    assert (await _send(ours, ours.ben)).startswith("Only organizers and the talk's presenters")
    assert (await _send(ours, ours.ann, caption="jan 14")).startswith("There is no meeting on")
    assert (_kept(ours), _links(ours)) == ([], [])


async def test_a_name_is_never_a_path(ours: Room) -> None:
    long = "x" * 5000 + ".pdf"
    for name in ("../../etc/passwd.pdf", "/config.pdf", "a\0b.pdf", long, "\u202efdp.pdf"):
        await _send(ours, ours.ann, name=name)

    assert _kept(ours) == [NAME]
    assert [path.name for path in ours.settings.publish.folder.glob("**/*.pdf")] == [NAME]


async def test_a_folder_that_takes_nothing_is_told_once_and_works_again_later(
    ours: Room,
) -> None:
    group_folder = ours.settings.publish.folder / "systems"
    group_folder.write_text("a file is in the way")
    assert (await _send(ours, ours.ann)).startswith("I cannot keep files at the moment")
    assert _links(ours) == []

    group_folder.unlink()
    assert "are here" in await _send(ours, ours.ann)
    assert _kept(ours) == [NAME]


async def test_two_presenters_send_at_once(ours: Room) -> None:
    await ours.say(ours.ben, "/claim jan 20 1 LithOS: An Operating System")
    ours.sandbox.send_file(ours.ann, None, "a.pdf", PDF)
    ours.sandbox.send_file(ours.ben, None, "a.pdf", OTHER)
    await ours.sandbox.settled()

    assert _kept(ours) == [NAME, "260120_LithOS.pdf"]
    assert sorted(_links(ours)) == [f"./slides/{name}" for name in _kept(ours)]


async def test_who_asks_for_slides_that_nobody_has_sent_is_told_so(ours: Room) -> None:
    assert (await ours.say(ours.ben, "/slides jan 20")).startswith("There are no slides")
    assert "Send me the PDF" in await ours.say(ours.ann, "/slides jan 13")


async def test_a_photo_gets_a_sentence_in_private(ours: Room) -> None:
    private = ours.sandbox.private(ours.ann)
    message = private.add(ours.ann, ours.clock.now()).as_api()
    del message["text"]
    photo = {"file_id": "p", "file_unique_id": "u", "width": 1, "height": 1}
    ours.sandbox.updates.put("message", message | {"photo": [photo]})
    await ours.sandbox.settled()

    assert ours.told(private)[-1].startswith("I keep slides as PDF files.")


async def test_another_command_under_a_file_keeps_nothing_and_says_so(ours: Room) -> None:
    for chat in (None, ours.chat):
        said = await _send(ours, ours.ann, chat, caption="/claim jan 20 1 A paper")
        assert said.endswith("Send /claim as a message of its own.")

    assert await _send(ours, ours.ann, ours.chat, caption="/claim@other_bot jan 20") == ""
    assert _kept(ours) == []
