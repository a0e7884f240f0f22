"""A row of the ledger in words."""

from datetime import datetime

from bot.delivery.outcomes import Button
from bot.domain import callbacks
from bot.domain.calendar import local
from bot.domain.names import slides_in
from bot.domain.reminders import is_late
from bot.domain.views import OwedMessage
from bot.text import labels
from bot.text.render import Html, headed, render, short_day, slot_name
from bot.text.split import MAX_CHARACTERS, first_part
from storage.enums import DeliveryKind, OfferKind

MAX_TAKEN = 3
MAX_CALLED_OUT = 8
"""Buttons under one message; more of them push the text off a phone's screen."""


def compose(
    owed: OwedMessage, now: datetime, *, again: bool = False, most: int = MAX_CHARACTERS
) -> tuple[Html, tuple[Button, ...]]:
    """The text and the buttons of a delivery that goes out at `now`, or is edited `again`. What is
    longer than `most` ends with where to read the rest. Who is in several groups is told which one
    it is of."""
    heading = render("of_group", group=owed.group) if owed.several else None
    text, buttons = _composed(owed, now, again=again)
    return first_part(headed(heading, text), render("more_by_command"), most), buttons


def _composed(owed: OwedMessage, now: datetime, *, again: bool) -> tuple[Html, tuple[Button, ...]]:
    if owed.kind is DeliveryKind.UNCERTAIN:
        return _question(owed)
    if owed.kind is DeliveryKind.PAGE:
        return _page(owed)
    if owed.request is not None or owed.offer is not None or owed.change is not None:
        return _told(owed)
    # A message that stands in for another is about whoever that one was for.
    stands_in = owed.about if owed.kind is not DeliveryKind.TROUBLE else None
    text = render(
        owed.kind.value,
        group=owed.group,
        meeting=owed.meeting,
        today=local(now, owed.group.zone).date(),
        late=is_late(owed.due_at, now) and not again,
        member=stands_in.member if stands_in else owed.member,
        in_group=owed.member is None,
        about=owed.about,
        text=owed.text,
        news=owed.news,
        online=owed.online,
        meetings=owed.meetings,
        day=owed.day,
        closed=owed.closed,
    )
    buttons = _slides_to_get(owed) or _slots_to_take(owed)
    return text, buttons


def _slides_to_get(owed: OwedMessage) -> tuple[Button, ...]:
    """A button for each file that the message tells of: the bot sends it."""
    files = (one.found for one in owed.online if any(slides_in(link.url) for link in one.links))
    talks = list(files)[:MAX_TAKEN]
    return tuple(
        (
            f"{labels.SLIDES} {slot_name(found.slot)}" if len(talks) > 1 else labels.SLIDES,
            callbacks.encode(callbacks.GiveSlides(owed.group.id, found.slot.id)),
        )
        for found in talks
    )


def _slots_to_take(owed: OwedMessage) -> tuple[Button, ...]:
    """A button for each open slot that the message tells of; the message itself stays as it is."""
    if owed.kind is DeliveryKind.OPEN_SLOTS:
        slots = [
            (f"{short_day(meeting.date)} · {slot_name(slot)}", slot)
            for meeting in owed.meetings
            for slot in meeting.open_slots
        ][:MAX_CALLED_OUT]
    elif owed.kind in (DeliveryKind.ANNOUNCEMENT, DeliveryKind.DAY_BEFORE):
        there = owed.meeting.open_slots if owed.meeting is not None else ()
        slots = [(f"Take {slot_name(slot)}", slot) for slot in there[:MAX_TAKEN]]
    else:
        return ()
    return tuple(
        (label, callbacks.encode(callbacks.Take(owed.group.id, slot.id, 1)))
        for label, slot in slots
    )


def _told(owed: OwedMessage) -> tuple[Html, tuple[Button, ...]]:
    """A request, an answer to one, an offer, what became of it, or what was changed."""
    group, request, offer = owed.group, owed.request, owed.offer
    if request is not None and owed.kind is DeliveryKind.REQUEST:
        agree = callbacks.encode(callbacks.Agree(group.id, request.id))
        decline = callbacks.encode(callbacks.Decline(group.id, request.id))
        text = render(f"request/{request.kind.value}", request=request, group=group)
        return text, ((labels.AGREE, agree), (labels.DECLINE, decline))
    if request is not None:
        return render(f"answer/{request.kind.value}", request=request), ()
    if offer is not None and owed.kind is DeliveryKind.ANSWER:
        return render("given_away", offer=offer, found=owed.found), ()
    if offer is not None:
        accept = callbacks.encode(callbacks.AcceptOffer(group.id, offer.id))
        refuse = callbacks.encode(callbacks.RefuseOffer(group.id, offer.id))
        text = render(f"offer/{offer.kind.value}", offer=offer, found=owed.found, group=group)
        buttons = ((labels.ACCEPT, accept), (labels.NOT_THIS_TIME, refuse))
        return text, buttons[1:] if offer.kind is OfferKind.FILLED else buttons
    # One that stands in for another names in the group whom that was for.
    whom = owed.about.member if owed.about is not None else None
    return render("change", change=owed.change, member=owed.member, whom=whom), ()


def _page(owed: OwedMessage) -> tuple[Html, tuple[Button, ...]]:
    """Which side is right, or, where nothing is asked, why the page is not published."""
    text = render("page", page=owed.page, group=owed.group, text=owed.text or "")
    if owed.page is None:
        return text, ()
    page = callbacks.encode(callbacks.TakePage(owed.group.id, owed.id))
    schedule = callbacks.encode(callbacks.KeepSchedule(owed.group.id, owed.id))
    buttons = ((labels.PAGE_IS_RIGHT, page), (labels.SCHEDULE_IS_RIGHT, schedule))
    return text, buttons if owed.page.takable else buttons[1:]


def _question(owed: OwedMessage) -> tuple[Html, tuple[Button, ...]]:
    if owed.about is None:
        raise ValueError("a question is about a delivery")
    text = render("uncertain", about=owed.about, group=owed.group)
    arrived = callbacks.encode(callbacks.Arrived(owed.group.id, owed.about.id))
    again = callbacks.encode(callbacks.SendAgain(owed.group.id, owed.about.id))
    return text, ((labels.IT_ARRIVED, arrived), (labels.SEND_AGAIN, again))
