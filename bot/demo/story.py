"""The demo's story: a week in the group and the term after it, step by step, with what the bot must
say."""

import io

from pypdf import PdfWriter

from bot.demo.next_term import TERM
from bot.demo.signing_up import CHANGES, CLAIMS
from bot.demo.stage import Stage
from bot.demo.steps import (
    Step,
    at,
    member,
    newcomer,
    organizer,
    replies,
    says,
    shares,
    taps,
    then,
)
from bot.pages import export_page

VIDEO = "https://www.bilibili.com/video/BV1demo11111"


async def _send_slides(on: Stage) -> None:
    """A PDF with one empty page, for the first of his talks."""
    slides = PdfWriter()
    slides.add_blank_page(width=720, height=405)
    content = io.BytesIO()
    slides.write(content)
    on.sandbox.send_file(on.cast.presenter, None, "final final.pdf", content.getvalue())
    await on.sandbox.settled()
    question = on.sandbox.last(on.sandbox.private(on.cast.presenter))
    on.sandbox.tap(on.cast.presenter, question, question.labels[0])


async def _start_in_private(on: Stage) -> None:
    on.sandbox.say(on.cast.presenter, None, "/start")
    await on.sandbox.settled()
    on.sandbox.say(on.cast.presenter, None, "/mine")


async def _restart(on: Stage) -> None:
    await on.restart()
    await at(11, 9)(on)


WEEK = (
    Step(
        "A presenter opens a private chat and looks up his talks.",
        _start_in_private,
        ("Hello Bosen Yang!", "REFRAG"),
    ),
    Step(
        "Saturday evening, three days before: the announcement comes by itself.",
        at(10, 19),
        ("📣", "Tue 13 January", "Chenhan Wang", "🖼"),
    ),
    Step("The bot is restarted. Nothing is sent twice.", _restart, silent=True),
    Step("Monday evening, the day before.", at(12, 19), ("⏰ Tomorrow: Tue 13 January, 19:00",)),
    Step(
        "After the meeting a presenter tries to post a video of somebody else's talk.",
        then(at(14, 10), says(member, f"/video jan 13 1 {VIDEO}")),
        ("Only organizers and the talk's presenters",),
    ),
    Step(
        "The organizer posts it, for both talks, and then says where each begins in it.",
        then(
            says(organizer, f"/video {VIDEO}"),
            taps(organizer, "All of them"),
            replies(organizer, "1:30 47:10"),
        ),
        ("The video of Tue 13 January is online", "from 47:10"),
        page=(f"[📺 video]({VIDEO}?t=90)", f"[📺 video]({VIDEO}?t=2830)"),
    ),
    Step(
        "A presenter sends the slides to the bot, says for which talk, and they are linked.",
        _send_slides,
        ("The slides of Tue 13 January are here", "/slides jan 13"),
        page=("[📕 slides](./slides/260113_REFRAG.pdf)",),
    ),
    Step(
        "A few minutes later the group hears of it, and anybody may have them.",
        then(at(14, 11), taps(newcomer, "📕 Slides")),
        ("Now online", "Tue 13 January: REFRAG"),
    ),
    Step("Anybody finds it again.", says(newcomer, "/find rag sosp"), ("HedraRAG",)),
    Step(
        "Who presented how often? A picture, and a sentence for who cannot see it.",
        says(newcomer, "/stats"),
        ("📊", "presented most", "🖼"),
    ),
    Step(
        "In any chat, a talk to share is found by a word.",
        shares(member, "hedrarag"),
        ("HedraRAG",),
    ),
    Step(
        "The schedule, and a page back.",
        then(says(newcomer, "/schedule"), taps(newcomer, "‹ Earlier")),
        ("what was before",),
    ),
    Step(
        "A date that is no date gets one sentence.",
        says(newcomer, "/meeting february 31"),
        ("I cannot read a date there.",),
    ),
)

STORY = (*CLAIMS, *CHANGES, *WEEK, *TERM)


def page_now(on: Stage) -> str:
    """The group's page as it would be written at this moment."""
    return export_page(on.store, "markdown", None, None)
