"""Messages that no member types: media, other people's commands, channels, edits, rubbish."""

from typing import Any

import pytest

from bot.sandbox import Chat, Person
from tests.e2e.room import Room

MEDIA: dict[str, dict[str, Any]] = {
    "sticker": {
        "file_id": "s",
        "file_unique_id": "s",
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
    },
    "voice": {"file_id": "v", "file_unique_id": "v", "duration": 3},
    "location": {"latitude": 31.8, "longitude": 117.2},
    "contact": {"phone_number": "0", "first_name": "Somebody"},
}
UNREADABLE = (
    ("/claim jan 14 A title", "There is no meeting on Wed 14 January 2026."),
    ("/meeting february 31", "I cannot read a date there."),
    ("/meeting " + "9" * 4000, "I cannot read a date there."),
    ("/meeting feb 10", "There is no meeting on Tue 10 February 2026."),
    ("/find", "Write what to look for"),
    ("/find " + "x" * 4000, "No talk matches"),
    ("/find % _ \\ '; --", "No talk matches"),
)
CHANNEL = {"id": -1_009_999_999_999, "type": "channel", "title": "News"}


def _send(here: Room, person: Person, chat: Chat, **content: Any) -> None:
    """An update with a message that nobody can write on the sandbox's page."""
    message = chat.add(person, here.clock.now(), text="-").as_api()
    del message["text"]
    here.sandbox.updates.put("message", message | content)


def _command(text: str) -> dict[str, Any]:
    length = len(text.split(maxsplit=1)[0])
    return {"text": text, "entities": [{"type": "bot_command", "offset": 0, "length": length}]}


async def test_media_that_can_be_no_slides_is_passed_over_in_silence(here: Room) -> None:
    private = here.sandbox.private(here.ann)
    await here.say(here.ann, "/start", private)
    told = here.told(), here.told(private)

    for kind, content in MEDIA.items():
        _send(here, here.ann, private, **{kind: content})
        _send(here, here.ann, here.chat, **{kind: content})
    photo = [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}]
    _send(here, here.ann, here.chat, photo=photo, caption="/next")
    here.sandbox.send_file(here.ann, here.chat, "slides.pdf", b"%PDF")
    await here.sandbox.settled()

    assert (here.told(), here.told(private)) == told


async def test_any_other_text_in_private_gets_one_short_answer(here: Room) -> None:
    private = here.sandbox.private(here.ann)
    await here.say(here.ann, "/start", private)

    for text in ("hello", "/dance", "/", "x" * 4096, "{{7*7}} %s \\ <b>"):
        before = len(here.told(private))
        answer = await here.say(here.ann, text, private)
        assert len(here.told(private)) == before + 1
        assert "/help" in answer


async def test_commands_for_another_bot_are_not_ours(here: Room) -> None:
    here.sandbox.set_bot_status(here.chat, here.admin, "administrator")  # sees every message
    await here.sandbox.settled()
    told = here.told()

    for text in ("/next@other_bot", "/setup@other_bot", "see /next", "/nextweek", "next"):
        assert await here.say(here.ann, text) == ""
    assert here.told() == told
    assert "REFRAG" in await here.say(here.ann, "/NEXT@Reading_Group_Bot")


async def test_a_command_that_is_edited_does_not_act_again(here: Room) -> None:
    claim = here.sandbox.say(here.ann, here.chat, "/claim jan 13 2 Old title")
    await here.sandbox.settled()
    told = here.told()

    here.sandbox.updates._allowed |= {"edited_message"}  # as if asked for in another life
    here.sandbox.edit(claim, "/claim jan 20 1 New title")
    assert len(here.sandbox.updates) == 1
    await here.sandbox.settled()

    assert here.told() == told


async def test_a_channel_may_ask_but_neither_claim_nor_rule(here: Room) -> None:
    for text in ("/next", "/claim jan 13 2 A title", "/release", "/mine", "/video https://v.org"):
        _send(here, here.ann, here.chat, sender_chat=CHANNEL, **_command(text))
    _send(here, here.ann, here.chat, sender_chat=CHANNEL, **_command("/setup new"))
    await here.sandbox.settled()

    told = here.told()[1:]
    assert "REFRAG" in told[0]
    assert [text.startswith("You write as the group itself.") for text in told[1:4]] == [True] * 3
    assert [text.startswith("Only organizers") for text in told[4:]] == [True] * 2


async def test_who_writes_as_the_group_is_nobody_who_gives_a_talk(here: Room) -> None:
    for text in ("/mine", "/release", "/edit LithOS", "/swap jan 13", "/handover Ben"):
        here.sandbox.say(here.admin, here.chat, text, anonymous=True)
        await here.sandbox.settled()
        assert here.told()[-1].startswith("You write as the group itself."), text


async def test_an_anonymous_administrator_posts_a_video_that_needs_no_question(here: Room) -> None:
    def write(text: str) -> None:
        here.sandbox.say(here.admin, here.chat, text, anonymous=True)

    write("/video jan 6 https://www.bilibili.com/video/BV1aaa")
    write("/mine")
    write("/release")
    write("/help")
    await here.sandbox.settled()

    told = here.told()[1:]
    assert told[0].startswith("📺")
    assert [text.startswith("You write as the group itself.") for text in told[1:3]] == [True] * 2
    assert "As an organizer" in told[3]


@pytest.mark.parametrize("blank", ["\n", "\t", "\u00a0", " \n \n "])
async def test_whatever_blank_follows_the_command_its_words_are_read(
    here: Room, blank: str
) -> None:
    answer = await here.say(here.ann, f"/claim{blank}jan 13{blank}2{blank}TrainVerify")

    assert answer.startswith("✅ Ann presents on Tue 13 January")
    assert "TrainVerify" in answer


async def test_updates_that_nobody_can_read_are_left_out(here: Room) -> None:
    put = here.sandbox.updates.put
    put("message", {"message_id": "no number", "chat": None})
    put("callback_query", {"id": "1", "from": here.ann.as_user(), "chat_instance": "1"})
    put("callback_query", {"id": "2", "from": here.ann.as_user(), "data": "c1:page:1:0",
                           "inline_message_id": "x", "chat_instance": "1"})  # fmt: skip
    put("my_chat_member", {})

    assert "REFRAG" in await here.say(here.ann, "/next")


async def test_what_cannot_be_read_gets_one_sentence(here: Room) -> None:
    for words, answer in UNREADABLE:
        told = len(here.told())
        assert (await here.say(here.ann, words)).startswith(answer)
        assert len(here.told()) == told + 1


async def test_old_and_forged_buttons_are_answered_politely(here: Room) -> None:
    await here.say(here.ann, "/schedule")
    message = here.sandbox.last(here.chat)
    forged = (
        "c0:page:1:0",
        "c1:page:999:0",
        "c1:page:1:99999999999999999999",
        "c1:book:1:1:1",
        "c1:release:1:999:1",
        "c1:video:1:1:1:0",
        "c1:arrived:1:1",
        "c1:again:1:999",
        "c1:group:1",
        "nonsense",
        "c1:",
        ":",
    )
    for data in forged:
        message.keyboard = [[{"text": "x", "callback_data": data}]]
        notice = await here.tap(here.ben, "x", message)
        assert notice != ""
        assert "wrong on my side" not in notice


async def test_help_opens_a_chapter_by_a_tap_and_the_organizers_only_for_them(here: Room) -> None:
    await here.say(here.admin, "/help")
    assert await here.tap(here.ann, "Organizing") == (
        "Only organizers can do that: the administrators of the group's chat."
    )

    await here.tap(here.ann, "Presenting")
    assert "/claim jan 13 2" in here.told()[-1]
    assert "/assign" not in here.told()[-1]
    await here.tap(here.admin, "What is on")
    assert "/schedule – " in here.told()[-1]
