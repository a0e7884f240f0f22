"""The announcement with its card, over the real Bot API: sent, kept true, left out."""

from datetime import datetime

from bot.pictures.cards import card_of
from bot.sandbox import Message
from bot.services import groups, queries
from tests.e2e.room import Room

ANNOUNCED = datetime(2026, 1, 10, 19)


def announcement(here: Room) -> Message:
    return next(m for m in here.sandbox.messages(here.chat) if m.text.startswith("📣"))


def picture(here: Room) -> bytes | None:
    photo = announcement(here).photo
    return here.sandbox.files.content(photo[-1]["file_id"]) if photo else None


async def test_a_claim_changes_words_and_card_also_after_a_restart(here: Room) -> None:
    await here.go_to(ANNOUNCED)
    first = picture(here)
    await here.stop()
    await here.start()

    await here.say(here.ann, "/claim jan 13 2 LithOS https://example.org/lithos")
    await here.bot.tick()

    claimed = picture(here)
    assert first is not None
    assert claimed not in (None, first)
    assert "LithOS" in announcement(here).text
    assert announcement(here).edited is not None
    assert len([m for m in here.sandbox.messages(here.chat) if m.photo]) == 1
    assert await _shows_what_is(here, claimed)


async def test_a_cancelled_meeting_is_cancelled_on_its_card(here: Room) -> None:
    await here.go_to(ANNOUNCED)
    before = picture(here)

    await here.say(here.admin, "/cancel jan 13")
    await here.tap(here.admin, "Cancel it")
    await here.bot.tick()

    assert "cancelled" in announcement(here).text
    assert picture(here) not in (None, before)
    assert await _shows_what_is(here, picture(here))


async def test_organizers_switch_the_card_off(here: Room) -> None:
    await here.say(here.admin, "/settings")
    await here.tap(here.admin, "Reminders …")
    await here.tap(here.admin, "Card: off")
    assert "A card with the announcement: off" in here.sandbox.last(here.chat).text

    await here.go_to(ANNOUNCED)

    assert picture(here) is None
    assert "REFRAG" in announcement(here).text


async def test_the_slot_is_taken_by_the_button_under_the_card(here: Room) -> None:
    await here.go_to(ANNOUNCED)

    await here.tap(here.ben, "Take Topic II", announcement(here))
    await here.bot.tick()

    assert "Ben" in announcement(here).text
    assert announcement(here).labels == []


async def _shows_what_is(here: Room, shown: bytes | None) -> bool:
    """Whether this is the card of the meeting as it is now."""
    from bot.pictures import studio

    with here.store.reading() as session:
        (group,) = groups.all_groups(session)
        meeting = queries.meeting_on(
            session, group.id, datetime(2026, 1, 13).date(), here.clock.now()
        )
    assert meeting is not None
    return shown == await studio.card(card_of(group, meeting))
