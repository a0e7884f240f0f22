"""Buttons for what a group and its members hear."""

from datetime import time
from typing import Any

from telegram import InlineKeyboardMarkup

from bot.domain.calendar import Quiet
from bot.domain.callbacks import EVERY, MUTED, OWN, SetHearing, SetReminder, ShowReminder, encode
from bot.domain.reminders import LEADS
from bot.domain.views import GroupView, HearingView
from bot.services.group_reminders import CHOICES, NAMES, SWITCH
from bot.telegram.keyboards import row, rows
from bot.text import labels
from storage.enums import Weekday


def of_reminders(group: GroupView) -> InlineKeyboardMarkup:
    """A switch is turned by a tap; what has more choices opens them."""
    buttons = []
    for place, name in enumerate(NAMES):
        label = labels.REMINDERS[name]
        if CHOICES[name] is SWITCH:
            is_on = getattr(group.reminders, name)
            turned = encode(SetReminder(group.id, place, int(not is_on)))
            buttons.append((f"{label}: {labels.OFF if is_on else labels.ON}", turned))
        else:
            buttons.append((f"{label} …", encode(ShowReminder(group.id, place))))
    return row(buttons)


def choices(group: GroupView, place: int) -> InlineKeyboardMarkup:
    """What there is to choose from, but for what is so already."""
    name = NAMES[place]
    offered = [
        (label_of(name, value), encode(SetReminder(group.id, place, number)))
        for number, value in enumerate(CHOICES[name])
        if value != getattr(group.reminders, name)
    ]
    return rows([offered, [(labels.BACK, encode(ShowReminder(group.id, -1)))]])


def of_hearing(group: GroupView, heard: HearingView) -> InlineKeyboardMarkup:
    def button(label: str, wanted: HearingView) -> tuple[str, str]:
        wants = OWN * wanted.own + EVERY * wanted.every + MUTED * wanted.muted
        return label, encode(SetHearing(group.id, wants, wanted.hours))

    if heard.muted:
        return rows([[button(labels.UNMUTE, heard._replace(muted=False))]])
    own = f"{labels.MY_TALKS}: {labels.OFF if heard.own else labels.ON}"
    every = f"{labels.EVERY_MEETING}: {labels.OFF if heard.every else labels.ON}"
    leads = [
        button(labels.LEADS[hours], heard._replace(hours=hours))
        for hours in LEADS
        if hours != heard.hours
    ]
    return rows(
        [
            [button(own, heard._replace(own=not heard.own))],
            [button(every, heard._replace(every=not heard.every))],
            leads,
            [button(labels.MUTE, heard._replace(muted=True))],
        ]
    )


def label_of(name: str, value: Any) -> str:
    """What is chosen for this of `ReminderRules`."""
    match value:
        case None:
            return labels.AS_THE_MEETING if name == "tell_at" else labels.NONE
        case int():
            return f"{value} {labels.UNITS[name]}"
        case Weekday():
            return value.value.capitalize()
        case time():
            return f"{value:%H:%M}"
        case Quiet():
            spans = f"{value.begins:%H:%M} to {value.ends:%H:%M}"
            return spans if value.begins != value.ends else labels.NEVER
    raise LookupError(f"{name} is no choice")
