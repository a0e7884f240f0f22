"""The story's first part: how people sign up, change their minds, and are told who is who."""

from bot.demo.stage import Stage
from bot.demo.steps import (
    Step,
    member,
    newcomer,
    organizer,
    presenter,
    replies,
    says,
    taps,
    then,
)

REFRAG = "https://arxiv.org/abs/2509.01092"
LITHOS = "https://arxiv.org/abs/2504.15465"
LEANKV = "https://arxiv.org/abs/2412.03131"
DIFFKV = "https://dl.acm.org/doi/10.1145/3731569.3764810"


async def _set_up(on: Stage) -> None:
    on.sandbox.say(on.cast.organizer, on.cast.group, f"/setup {on.code}")


async def _tick(on: Stage) -> None:
    await on.bot.tick()


CLAIMS = (
    Step(
        "The term's page is imported. The organizer ties the group's chat to it.",
        _set_up,
        ("This chat belongs to Systems reading group now.", "Tue 13 January"),
    ),
    Step(
        "Somebody new wants to know what is on.",
        says(newcomer, "/next"),
        ("Tue 13 January, 19:00", "REFRAG", "Bosen Yang", "Open"),
    ),
    Step(
        "A member looks for free slots, and sees what each still expects.",
        says(member, "/open"),
        ("Tue 13 January", "still expects SOSP/OSDI", "Tue 20 January"),
    ),
    Step(
        "She takes one, in one message. The bot looks up the paper's whole name.",
        says(member, f"/claim jan 13 2 DiffKV {DIFFKV}"),
        (
            "Chenhan Wang presents on Tue 13 January",
            "[SOSP'25] DiffKV: Differentiated Memory Management",
        ),
        page=("[SOSP'25] [DiffKV: Differentiated Memory Management",),
    ),
    Step(
        "Somebody else wants the same slot, and may wait for it.",
        then(says(newcomer, "/claim jan 13 2 A paper of mine"), taps(newcomer, "Wait for it")),
        ("Chenhan Wang has Topic II on Tue 13 January",),
    ),
    Step(
        "So they send a link alone, and are asked which slot.",
        says(newcomer, f"/claim {LITHOS}"),
        ("Which slot is for “[arXiv] LithOS: An Operating System",),
    ),
    Step(
        "A tap by another person does nothing.",
        taps(presenter, "Tue 20 January · Topic II"),
        ("This button belongs to somebody else",),
    ),
    Step(
        "Their own tap books it.",
        taps(newcomer, "Tue 20 January · Topic II"),
        ("Robin presents on Tue 20 January",),
        page=("[LithOS: An Operating System", "Robin"),
    ),
    Step(
        "One who knows nothing yet takes a slot by a tap, and names the paper later.",
        then(says(presenter, "/open"), taps(presenter, "Tue 20 January · Topic I")),
        ("reply to this message with your paper's link or title", "To be announced"),
    ),
    Step(
        "That paper was there before, so it needs a second tap.",
        replies(presenter, REFRAG),
        ("You present that on Tue 13 January 2026",),
    ),
    Step("Or second thoughts.", taps(presenter, "Rather not"), ("All right, nothing was done.",)),
    Step(
        "A talk's paper can be changed at any time.",
        then(says(presenter, "/edit"), taps(presenter, "Tue 20 January: To be announced")),
        ("Reply to this message with the new title",),
    ),
    Step(
        "This one bends the group's rule, so an organizer decides.",
        replies(presenter, LEANKV),
        ("The group's rule for a meeting is SOSP/OSDI + arXiv",),
    ),
    Step("A member cannot allow it.", taps(member, "Agree"), ("Only organizers can do that",)),
    Step(
        "An organizer can.",
        taps(organizer, "Agree"),
        ("An organizer allowed it: Bosen Yang presents",),
    ),
)

CHANGES = (
    Step(
        "A supporter joins by a tap.",
        says(newcomer, "/support jan 13 1"),
        ("Bosen Yang presents on Tue 13 January", "with Robin"),
    ),
    Step(
        "Robin would like to change places.",
        says(newcomer, "/swap jan 13 2"),
        ("Chenhan Wang, Robin would like to change places with you",),
    ),
    Step(
        "The other side agrees by a tap, and both slots change at once.",
        taps(member, "Agree"),
        ("Chenhan Wang and Robin changed places",),
    ),
    Step(
        "A talk is handed over to somebody else.",
        then(says(member, "/handover Youhui Bai"), taps(organizer, "Agree")),
        ("Youhui Bai takes over from Chenhan Wang on Tue 20 January",),
    ),
    Step(
        "Chenhan Wang waits for a slot, and Robin gives his back: it is offered to her.",
        then(
            says(member, "/wait jan 13 2"),
            says(newcomer, "/release"),
            taps(newcomer, "Tue 13 January: LithOS"),
        ),
        ("is offered to Chenhan Wang",),
    ),
    Step(
        "Only she can take it.",
        then(says(newcomer, "/claim jan 13 2 Me again"), _tick, taps(member, "I take it")),
        ("Chenhan Wang presents on Tue 13 January, 19:00, Topic II",),
    ),
    Step(
        "Robin is on the page under another name.",
        says(newcomer, "/iam chao bi"),
        ("Robin says: I am Chao Bi on the schedule",),
    ),
    Step(
        "An organizer confirms it.",
        taps(organizer, "Agree"),
        ("Chao Bi it is. /mine shows all your talks now.",),
    ),
    Step("His earlier talks are his now.", says(newcomer, "/mine"), ("HedraRAG",)),
    Step(
        "Who has presented how often, and whose turn it is.",
        says(newcomer, "/turns"),
        ("1 this term, 1 in all",),
    ),
    Step(
        "The organizer empties a slot.",
        says(organizer, "/unassign jan 20 1"),
        ("Bosen Yang no longer has this slot",),
    ),
    Step(
        "That was a mistake, so it is taken back.",
        then(says(organizer, "/undo"), taps(organizer, "Take that back")),
        ("Taken back:", "Bosen Yang presents on Tue 20 January"),
    ),
    Step(
        "The log says who did what.",
        says(organizer, "/log"),
        ("Youhui Bai took back a change of Topic I of Tue 20 January",),
    ),
    Step(
        "And the group's rules are a tap away.", says(organizer, "/settings"), ("A meeting takes",)
    ),
)
