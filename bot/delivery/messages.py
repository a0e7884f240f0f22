"""A row of the ledger in words."""

from datetime import datetime

from bot.delivery.outcomes import Button
from bot.domain import callbacks
from bot.domain.calendar import local
from bot.domain.reminders import is_late
from bot.domain.views import OwedMessage
from bot.text import labels
from bot.text.render import Html, render, slot_name
from bot.text.split import first_part
from storage.enums import DeliveryKind, OfferKind

MAX_TAKEN = 3
"""Buttons side by side; a phone shows no more of them readably."""


def compose(owed: OwedMessage, now: datetime) -> tuple[Html, tuple[Button, ...]]:
    """The text and the buttons of a delivery that goes out at `now`. A meeting too long for one
    message ends with where to read the rest."""
    if owed.kind is DeliveryKind.UNCERTAIN:
        return _question(owed)
    if owed.request is not None or owed.offer is not None or owed.change is not None:
        return _told(owed)
    text = render(
        owed.kind.value,
        group=owed.group,
        meeting=owed.meeting,
        today=local(now, owed.group.zone).date(),
        late=is_late(owed.due_at, now),
    )
    return first_part(text, render("more_by_command")), _slots_to_take(owed)


def _slots_to_take(owed: OwedMessage) -> tuple[Button, ...]:
    """A button for each open slot of the meeting; the reminder itself stays as it is."""
    slots = owed.meeting.open_slots if owed.meeting is not None else ()
    return tuple(
        (f"Take {slot_name(slot)}", callbacks.encode(callbacks.Take(owed.group.id, slot.id, 1)))
        for slot in slots[:MAX_TAKEN]
    )


def _told(owed: OwedMessage) -> tuple[Html, tuple[Button, ...]]:
    """A request, an answer to one, an offer, or what was changed."""
    group, request, offer = owed.group, owed.request, owed.offer
    if request is not None and owed.kind is DeliveryKind.REQUEST:
        agree = callbacks.encode(callbacks.Agree(group.id, request.id))
        decline = callbacks.encode(callbacks.Decline(group.id, request.id))
        text = render(f"request/{request.kind.value}", request=request, group=group)
        return text, ((labels.AGREE, agree), (labels.DECLINE, decline))
    if request is not None:
        return render(f"answer/{request.kind.value}", request=request, group=group), ()
    if offer is not None:
        accept = callbacks.encode(callbacks.AcceptOffer(group.id, offer.id))
        refuse = callbacks.encode(callbacks.RefuseOffer(group.id, offer.id))
        text = render(f"offer/{offer.kind.value}", offer=offer, found=owed.found, group=group)
        buttons = ((labels.ACCEPT, accept), (labels.NOT_THIS_TIME, refuse))
        return text, buttons[1:] if offer.kind is OfferKind.FILLED else buttons
    return render("change", change=owed.change, group=group), ()


def _question(owed: OwedMessage) -> tuple[Html, tuple[Button, ...]]:
    if owed.about is None:
        raise ValueError("a question is about a delivery")
    text = render("uncertain", about=owed.about, group=owed.group)
    arrived = callbacks.encode(callbacks.Arrived(owed.group.id, owed.about.id))
    again = callbacks.encode(callbacks.SendAgain(owed.group.id, owed.about.id))
    return text, ((labels.IT_ARRIVED, arrived), (labels.SEND_AGAIN, again))
