"""Buttons for what organizers do with a meeting."""

from datetime import date

from telegram import InlineKeyboardMarkup

from bot.delivery.outcomes import Button
from bot.domain.callbacks import (
    AddSlot,
    AskCancel,
    CancelMeeting,
    DropSlot,
    MoveMeeting,
    NameMeeting,
    PlaceMeeting,
    RestoreMeeting,
    ShowMeeting,
    encode,
)
from bot.domain.views import GroupView, MeetingView
from bot.services.meeting_questions import Asks, Question
from bot.telegram.keyboards import row, rows
from bot.text import labels
from bot.text.render import day, slot_name
from storage.enums import MeetingKind

Buttons = list[list[Button]]


def of_meeting(group: GroupView, meeting: MeetingView) -> InlineKeyboardMarkup | None:
    """What can be changed about a meeting, as long as it is to come."""
    if meeting.begun:
        return None
    if meeting.is_cancelled:
        return restoration(group, meeting)
    slots = [(labels.ADD_SLOT, encode(AddSlot(group.id, meeting.id, len(meeting.slots))))]
    empty = [slot.id for slot in meeting.slots if slot.talk is None]
    if empty:
        only = empty[0] if len(empty) == 1 else 0
        slots.append((labels.DROP_SLOT, encode(DropSlot(group.id, meeting.id, only))))
    return rows(
        [
            [
                (labels.MOVE, encode(MoveMeeting(group.id, meeting.id, 0))),
                (labels.CANCEL, encode(AskCancel(group.id, meeting.id))),
            ],
            [
                (labels.PLACE, encode(PlaceMeeting(group.id, meeting.id, 0))),
                (labels.SPECIAL, encode(NameMeeting(group.id, meeting.id, 0))),
            ],
            slots,
        ]
    )


def answers(group: GroupView, question: Question) -> InlineKeyboardMarkup:
    """What is offered for an answer, and the way back."""
    meeting = question.meeting
    match question.asks:
        case Asks.DAY:
            offered = [[(day(one), _move(group, meeting, one)) for one in question.days]]
        case Asks.PLACE:
            usual = encode(PlaceMeeting(group.id, meeting.id, 1))
            elsewhere = meeting.place or meeting.online_url
            offered = [[(labels.USUAL_PLACE, usual)]] if elsewhere else []
        case _:
            offered = _specials(group, meeting)
    return rows([*offered, _back(group, meeting)])


def _move(group: GroupView, meeting: MeetingView, to: date) -> str:
    return encode(MoveMeeting(group.id, meeting.id, to.toordinal()))


def _specials(group: GroupView, meeting: MeetingView) -> Buttons:
    offered = [
        [(title, encode(NameMeeting(group.id, meeting.id, choice)))]
        for choice, title in labels.SPECIAL_MEETINGS.items()
        if title != meeting.title
    ]
    if meeting.kind is MeetingKind.SPECIAL:
        offered.append([(labels.REGULAR, encode(NameMeeting(group.id, meeting.id, -1)))])
    return offered


def cancellation(group: GroupView, meeting: MeetingView) -> InlineKeyboardMarkup:
    return row([_cancel(group, meeting)])


def cancelling(group: GroupView, meeting: MeetingView) -> InlineKeyboardMarkup:
    """As `cancellation`, with the way back to the meeting from which one came."""
    return rows([[_cancel(group, meeting)], _back(group, meeting)])


def _cancel(group: GroupView, meeting: MeetingView) -> Button:
    return labels.CANCEL_IT, encode(CancelMeeting(group.id, meeting.id, meeting.revision))


def restoration(group: GroupView, meeting: MeetingView) -> InlineKeyboardMarkup:
    back = RestoreMeeting(group.id, meeting.id, meeting.revision)
    return row(((labels.RESTORE_IT, encode(back)),))


def slots_to_drop(group: GroupView, meeting: MeetingView) -> InlineKeyboardMarkup:
    offered = [
        [(slot_name(slot), encode(DropSlot(group.id, meeting.id, slot.id)))]
        for slot in meeting.slots
        if slot.talk is None
    ]
    return rows([*offered, _back(group, meeting)])


def _back(group: GroupView, meeting: MeetingView) -> list[Button]:
    return [(labels.BACK, encode(ShowMeeting(group.id, meeting.id)))]
