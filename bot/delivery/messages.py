"""A row of the ledger in words."""

from datetime import datetime

from bot.delivery.outcomes import Button
from bot.domain import callbacks
from bot.domain.calendar import local
from bot.domain.reminders import is_late
from bot.domain.views import OwedMessage
from bot.text import labels
from bot.text.render import Html, render
from bot.text.split import first_part
from storage.enums import DeliveryKind


def compose(owed: OwedMessage, now: datetime) -> tuple[Html, tuple[Button, ...]]:
    """The text and the buttons of a delivery that goes out at `now`. A meeting too long for one
    message ends with where to read the rest."""
    if owed.kind is DeliveryKind.UNCERTAIN:
        return _question(owed)
    text = render(
        owed.kind.value,
        group=owed.group,
        meeting=owed.meeting,
        today=local(now, owed.group.zone).date(),
        late=is_late(owed.due_at, now),
    )
    return first_part(text, render("more_by_command")), ()


def _question(owed: OwedMessage) -> tuple[Html, tuple[Button, ...]]:
    if owed.about is None:
        raise ValueError("a question is about a delivery")
    text = render("uncertain", about=owed.about, group=owed.group)
    arrived = callbacks.encode(callbacks.Arrived(owed.group.id, owed.about.id))
    again = callbacks.encode(callbacks.SendAgain(owed.group.id, owed.about.id))
    return text, ((labels.IT_ARRIVED, arrived), (labels.SEND_AGAIN, again))
