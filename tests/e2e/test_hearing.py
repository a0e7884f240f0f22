"""What the bot tells by itself, chosen in the chat."""

from datetime import datetime

from tests.e2e.room import Room


async def test_a_member_hears_of_every_meeting_an_hour_before_until_they_mute_the_bot(
    here: Room,
) -> None:
    private = here.sandbox.private(here.ben)
    assert "in private" in await here.say(here.ben, "/remind")
    await here.say(here.ben, "/start", private)

    said = await here.say(here.ben, "/remind", private)
    assert "The day before, I write to you about meetings in which you present." in said
    page = here.sandbox.last(private)
    await here.tap(here.ben, "Every meeting: on", page)
    await here.tap(here.ben, "1 hour", page)
    assert "An hour before, I write to you about every meeting." in page.text
    await here.go_to(datetime(2026, 1, 13, 18))
    assert any(text.startswith("⏰ Today: Tue 13 January") for text in here.told(private))

    await here.say(here.ben, "/mute", private)
    page = here.sandbox.last(private)
    assert page.text.startswith("Systems\n\n🔇")
    await here.go_to(datetime(2026, 1, 20, 18))
    assert not any(text.startswith("⏰ Today: Tue 20") for text in here.told(private))
    await here.tap(here.ben, "Unmute", page)
    assert "🔔" in page.text


async def test_organizers_move_and_silence_what_the_group_hears(here: Room) -> None:
    await here.say(here.admin, "/settings")
    page = here.sandbox.last(here.chat)
    await here.tap(here.admin, "Reminders …", page)
    assert "📣 Announcement: 3 days before" in page.text
    await here.tap(here.admin, "Announcement …", page)
    assert page.text.startswith("Announcement: 3 days\n\nHow many days before")
    await here.tap(here.admin, "2 days", page)
    assert "📣 Announcement: 2 days before" in page.text
    await here.tap(here.admin, "Day before: off", page)
    assert "⏰ The day before: off" in page.text
    assert "organizers" in await here.tap(here.ann, "Day before: on", page)

    told = len(here.told())
    for day in (10, 11, 12):
        await here.go_to(datetime(2026, 1, day, 19))
    # Without the group's own reminder the presenter, who has no account, is named for themselves.
    assert [text[:1] for text in here.told()[told:]] == ["📣", "🎤"]


async def test_the_checklist_is_the_groups_own(here: Room) -> None:
    said = await here.say(here.admin, "/checklist Slides\n\n  Two   <jokes>\nA demo")
    assert "• Slides\n• Two <jokes>\n• A demo" in said
    assert "Presenters have no checklist" in await here.say(here.admin, "/checklist off")
    assert "Presenters have no checklist" in await here.say(here.admin, "/checklist")
    assert (await here.say(here.ann, "/checklist Cake")).startswith("Only organizers")
    assert "At most 10 points" in await here.say(here.admin, "/checklist " + "\n".join("x" * 11))
