"""Buttons of the waiting list."""

from telegram import InlineKeyboardMarkup

from bot.domain.callbacks import AcceptOffer, StopWaiting, Take, WaitFor, encode
from bot.domain.views import FoundTalk, GroupView, MeetingView
from bot.services.places import Choice, Place
from bot.telegram.keyboards import MAX_BUTTONS, column, row
from bot.text import labels
from bot.text.render import day, slot_name


def waiting_list(group: GroupView, found: FoundTalk) -> InlineKeyboardMarkup:
    return row(((labels.WAIT, encode(WaitFor(group.id, found.slot.id))),))


def waiting_lists(group: GroupView, meeting: MeetingView) -> InlineKeyboardMarkup:
    """A button for each of the meeting's slots, to wait for it."""
    return column(
        [
            (f"{labels.WAIT_FOR} {slot_name(slot)}", encode(WaitFor(group.id, slot.id)))
            for slot in meeting.slots[:MAX_BUTTONS]
        ]
    )


def to_wait(group: GroupView, choice: Choice) -> InlineKeyboardMarkup | None:
    """A button for each slot that one can have at once; for each of one's places, to give it up;
    for each slot to wait for, soonest first; and one for any slot of the term."""
    free = {place.to_take.slot.id: place.to_take for place in choice.places if place.to_take}
    takes = [(f"{labels.TAKE}: {_where(found)}", _take(group, found)) for found in free.values()]
    stops = [
        (
            f"{labels.STOP}: {_where(place.found) if place.found else place.term}",
            _stop(group, place),
        )
        for place in choice.places
    ]
    waits = [
        (_where(found), encode(WaitFor(group.id, found.slot.id)))
        for found in choice.others[: MAX_BUTTONS - 1]
    ]
    if waits and not choice.whole_term:
        waits.append((labels.ANY_SLOT, encode(WaitFor(group.id, 0))))
    return column([*takes, *stops[:MAX_BUTTONS], *waits]) if stops or waits else None


def to_stop(group: GroupView, place: Place) -> InlineKeyboardMarkup:
    stop = (labels.STOP_WAITING, _stop(group, place))
    kept = place.offered
    return row(((labels.TAKE, _take(group, kept)), stop) if kept else (stop,))


def to_take(group: GroupView, found: FoundTalk) -> InlineKeyboardMarkup:
    """The slot is free, or kept for the one who sees this."""
    return row(((labels.TAKE, _take(group, found)),))


def _stop(group: GroupView, place: Place) -> str:
    return encode(StopWaiting(group.id, place.id))


def _take(group: GroupView, found: FoundTalk) -> str:
    held = found.slot.held
    return encode(AcceptOffer(group.id, held.id) if held else Take(group.id, found.slot.id, 0))


def _where(found: FoundTalk) -> str:
    return f"{day(found.meeting.date)} · {slot_name(found.slot)}"
