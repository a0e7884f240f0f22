"""A presenter sends what a talk lacks without saying for which talk it is."""

from datetime import datetime

from bot.sandbox import Message, Person
from tests.e2e.room import Room

LITHOS = "https://arxiv.org/abs/2504.15465"
TITLE = "LithOS: An Operating System for Efficient Machine Learning on GPUs"


async def _reminded(here: Room, person: Person, day: int) -> Message:
    """What the bot told them last in private by the evening of this day in January."""
    private = here.sandbox.private(person)
    await here.go_to(datetime(2026, 1, day, 19))
    return here.sandbox.last(private)


async def _reply(here: Room, person: Person, text: str, about: Message) -> str:
    here.sandbox.say(person, about.chat, text, reply_to=about)
    await here.sandbox.settled()
    return here.told(about.chat)[-1]


async def test_the_link_of_a_paper_is_put_on_ones_own_talk_that_lacks_it(here: Room) -> None:
    private = here.sandbox.private(here.ann)
    await here.say(here.ann, "/start", private)
    await here.say(here.ann, "/claim jan 20 1 LithOS")
    card = here.sandbox.last(here.chat)

    said = await here.say(here.ann, LITHOS, private)

    assert said.startswith("✅ Ann presents on Tue 20 January, 19:00, Topic I")
    assert card.text.endswith(f"💡 [arXiv] {TITLE}")
    assert (await here.say(here.ben, LITHOS, here.sandbox.private(here.ben))) != said


async def test_in_the_group_a_link_alone_in_reply_to_ones_card_is_its_papers(here: Room) -> None:
    await here.say(here.ann, "/claim jan 20 1 LithOS")
    card = here.sandbox.last(here.chat)
    before = len(here.told())

    for person, text in ((here.ben, LITHOS), (here.ann, f"see also {LITHOS}"), (here.ann, "so?")):
        await _reply(here, person, text, card)
    assert len(here.told()) == before
    await _reply(here, here.ann, LITHOS, card)

    assert here.told()[-1].endswith(f"💡 [arXiv] {TITLE}")


async def test_a_paper_without_a_slot_is_offered_to_ones_talks_that_have_none(here: Room) -> None:
    await here.say(here.ann, "/claim jan 20 1 tba")

    await here.say(here.ann, f"/claim {LITHOS}")

    labels = here.sandbox.last(here.chat).labels
    assert labels[0] == "Tue 20 January · Topic I · yours"
    assert "Tue 20 January · Topic II" in labels
    await here.tap(here.ann, labels[0])
    assert here.told()[-1].startswith("✅ Ann presents on Tue 20 January, 19:00, Topic I")
    assert here.told()[-1].endswith(TITLE)


async def test_who_is_reminded_to_present_may_reply_with_the_papers_link_or_the_slides(
    here: Room,
) -> None:
    await here.say(here.ann, "/start", here.sandbox.private(here.ann))
    await here.say(here.ann, "/claim jan 20 1 LithOS")
    await here.say(here.ann, "/claim jan 20 2 [SOSP'25] Mantle")

    prepare = await _reminded(here, here.ann, 19)
    named = await _reply(here, here.ann, LITHOS, prepare)
    slides = await _reply(here, here.ann, "https://github.com/ann/lithos.pdf", prepare)

    assert named.endswith(f"💡 [arXiv] {TITLE}")
    assert slides == "Which talk of Tue 20 January are these slides for?"


async def test_a_reply_to_a_reminder_is_about_what_it_asks_for(here: Room) -> None:
    private = here.sandbox.private(here.ann)
    await here.say(here.ann, "/start", private)
    await here.say(here.admin, "/start", here.sandbox.private(here.admin))
    await here.say(here.ann, "/claim jan 13 2 tba")

    prepare = await _reminded(here, here.ann, 12)
    assert "your paper: reply with its link or title" in prepare.text
    named = await _reply(here, here.ann, "Mantle", prepare)
    missing = await _reminded(here, here.ann, 14)
    slides = await _reply(here, here.ann, "https://github.com/ann/mantle.pdf", missing)
    asked = here.sandbox.last(here.sandbox.private(here.admin))
    video = await _reply(here, here.admin, "here: https://github.com/ann/mantle.mp4", asked)

    assert named.endswith("💡 Mantle")
    assert slides.startswith("📕 The slides of Tue 13 January are online")
    assert video == "Which talk of Tue 13 January is this video for?"


async def test_where_no_slot_is_free_nobody_is_asked_for_a_papers_title(here: Room) -> None:
    for place in ("jan 13 2", "jan 20 1", "jan 20 2"):
        await here.say(here.ann, f"/claim {place} Talk of {place}")

    said = await here.say(here.ben, "/claim https://example.org/a.pdf")

    assert said.startswith("Every coming slot is taken.")


async def test_who_is_to_name_a_paper_and_just_writes_it_is_asked_whether_that_is_it(
    here: Room,
) -> None:
    private = here.sandbox.private(here.ann)
    await here.say(here.ann, "/start", private)
    assert (await here.say(here.ann, "Mantle", private)).startswith("I did not understand that.")
    await here.say(here.ann, "claim jan 20 1", private)
    assert "beside To be announced" not in await here.say(here.ben, "/open")

    asked = await here.say(here.ann, "Mantle", private)
    await here.tap(here.ann, "Tue 20 January: To be announced", here.sandbox.last(private))

    assert asked == "Is “Mantle” your paper? Then tap the talk that it is for."
    assert here.told(private)[-1].endswith("💡 Mantle")
    assert (await here.say(here.ann, "so what", private)).startswith("I did not understand that.")
