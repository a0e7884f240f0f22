"""The story's last part: a term ends, and the next is planned, run and closed in the chat."""

from bot.demo.steps import Step, at, member, newcomer, organizer, replies, says, taps, then

TERM = (
    Step(
        "How far is the term? Its last meeting is still to come, so nobody closes it by mistake.",
        then(says(organizer, "/term"), taps(organizer, "Close the term")),
        ("14 meetings held, 1 to come", "2025 Fall still has 1 meeting to come"),
    ),
    Step(
        "A week later it is over, and sums itself up.",
        then(at(21, 10), says(organizer, "/term close"), taps(organizer, "Close it"), at(21, 11)),
        ("2025 Fall is over.", "15 meetings"),
    ),
    Step(
        "The organizer plans the next one. Each question has an answer to tap.",
        then(says(organizer, "/term new 2026 Spring"), taps(organizer, "Tue 3 March")),
        ("From Tue 3 March 2026. Until when?",),
    ),
    Step("Or to write.", replies(organizer, "mar 24"), ("On which day of the week",)),
    Step("Only who began it goes on.", taps(newcomer, "Show the plan"), ("Only organizers can",)),
    Step(
        "The rest is as always, so they look at the plan.",
        taps(organizer, "Show the plan"),
        ("2026 Spring: 4 meetings, 8 slots", "March: 3, 10, 17, 24"),
    ),
    Step(
        "One more tap makes it, with all its reminders.",
        taps(organizer, "Make it"),
        ("2026 Spring is planned",),
        page=("# 2026 Spring", "### March 24"),
    ),
    Step(
        "One meeting is elsewhere.",
        then(
            says(organizer, "/meeting mar 3"),
            taps(organizer, "Place and link"),
            replies(organizer, "Room 301"),
        ),
        ("Room 301",),
    ),
    Step(
        "Another does not take place.",
        then(
            says(organizer, "/meeting mar 24"),
            taps(organizer, "Cancel …"),
            taps(organizer, "Cancel it"),
        ),
        ("The meeting of Tue 24 March is cancelled.",),
    ),
    Step(
        "After all it does: what an organizer did is taken back by a tap.",
        then(says(organizer, "/undo"), taps(organizer, "Take that back")),
        ("cancelled the meeting of Tue 24 March",),
    ),
    Step(
        "A member presents.",
        says(member, "/claim mar 3 1 Serving many models on few machines"),
        ("Chenhan Wang presents on Tue 3 March, 19:00, Topic I",),
        page=("Serving many models on few machines",),
    ),
    Step(
        "The day before, everybody hears where.",
        at(2, 19, month=3),
        ("⏰ Tomorrow: Tue 3 March", "Room 301"),
    ),
    Step(
        "At the end of March the term is over.",
        then(
            at(25, 10, month=3),
            says(organizer, "/term close"),
            taps(organizer, "Close it"),
            at(25, 11, month=3),
        ),
        ("2026 Spring is over.", "4 meetings, 1 talk"),
    ),
)
