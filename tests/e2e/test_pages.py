"""The group's page in its file, beside the chat."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import URL

from bot.sandbox import Message
from bot.services import groups
from tests.e2e.room import Room, room


def _page(here: Room) -> Path:
    return here.settings.publish.folder / "systems" / "2025-fall.md"


async def _private(here: Room) -> list[Message]:
    """What the bot wrote to the organizer in private."""
    chats = [chat for chat in here.sandbox.world.chats.values() if chat.is_private]
    return [message for chat in chats for message in chat.in_order() if message.from_bot]


async def test_a_claim_is_on_the_page_a_minute_later_and_an_edit_of_the_page_in_the_chat(
    here: Room,
) -> None:
    await here.say(here.ann, "/claim jan 20 1 LithOS")
    card = here.sandbox.last(here.chat)
    await here.go_to(datetime(2026, 1, 9, 10, 2))
    assert "- 💡 LithOS\n- 🙎‍♂️ Ann\n" in _page(here).read_text()

    edited = _page(here).read_text().replace("Bosen Yang\n", "Bosen Yang, Chao Bi\n")
    edited = edited.replace("LithOS", "LithOS: An Operating System")
    _page(here).write_text(edited)
    await here.go_to(datetime(2026, 1, 9, 10, 20))
    await here.bot.tick()
    assert card.text.endswith("💡 LithOS: An Operating System")
    assert "🙋 Bosen Yang, Chao Bi" in await here.say(here.ben, "/next")
    assert "Somebody changed Topic I of Tue 13 January on the page: “REFRAG" in await here.say(
        here.admin, "/log"
    )
    assert _page(here).read_text() == edited


async def test_an_edit_that_does_not_fit_is_put_to_the_organizer(here: Room) -> None:
    here.sandbox.say(here.admin, None, "/start")
    await here.go_to(datetime(2026, 1, 9, 10, 5))
    before = _page(here).read_text()
    edited = before.replace("### January 13\n", "### January 13\n\nwhat a mess\n")
    _page(here).write_text(edited)
    await here.go_to(datetime(2026, 1, 9, 10, 20))
    await here.go_to(datetime(2026, 1, 9, 10, 21))

    asked = (await _private(here))[-1]
    assert asked.text.startswith("✋ Somebody edited the page of 2025 Fall by hand")
    assert "“what a mess”" in asked.text
    assert asked.labels == ["The page", "The schedule"]
    assert _page(here).read_text() == edited

    await here.tap(here.admin, "The schedule", asked)
    assert asked.text.startswith("✅ The schedule is right")
    await here.go_to(datetime(2026, 1, 9, 10, 22))
    assert _page(here).read_text() == before
    (beside,) = _page(here).parent.glob("2025-fall.edited-*.md")
    assert beside.read_text() == edited


async def test_the_next_process_writes_what_the_last_one_did_not(here: Room) -> None:
    await here.go_to(datetime(2026, 1, 9, 10, 5))
    await here.say(here.ann, "/claim jan 20 1 LithOS")
    await here.stop()
    await here.start()
    await here.go_to(datetime(2026, 1, 9, 10, 7))
    assert "LithOS" in _page(here).read_text()


async def test_where_a_groups_files_are_on_the_web_is_known_soon_after_it_began(
    sqlite_url: URL,
) -> None:
    async with room(sqlite_url, publish={"site_url": "https://reading.example"}) as here:
        await here.set_up()
        other = here.sandbox.add_group("Theory", {here.admin: "creator"})
        await here.say(here.admin, "/setup", other)
        with here.store.reading() as session:
            theory = groups.by_name(session, "Theory")
        assert theory is not None
        await here.bot.tick()

        served = [
            here.bot._upkeep.address_of(number, "./slides/a.pdf") for number in (1, theory.id)
        ]
        assert served == [
            f"https://reading.example/{name}/slides/a.pdf" for name in ("systems", "theory")
        ]
