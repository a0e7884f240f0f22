"""Buttons for planning a term, and for the one that is on."""

from datetime import date, timedelta

from telegram import InlineKeyboardMarkup

from bot.delivery.outcomes import Button
from bot.domain import public_holidays
from bot.domain.calendar import WEEKDAYS
from bot.domain.callbacks import (
    AskClose,
    AskNewMeeting,
    CloseTerm,
    MakeTerm,
    NeverMind,
    NewTerm,
    PlanTerm,
    Undo,
    encode,
)
from bot.domain.term_plans import WEEK, Step
from bot.domain.views import GroupView, TermView
from bot.services.new_terms import Made
from bot.services.term_drafts import SHOW, Planning
from bot.telegram.keyboards import rows
from bot.telegram.keyboards_meetings import Buttons
from bot.text import labels
from bot.text.render import day, month, weekday

MOST_DAYS = 32
"""Days that are offered to be left out, four in a line; later ones can be written."""

Choice = tuple[str, int]
"""What a button says, and what it chooses."""


def of_step(group: GroupView, planning: Planning) -> InlineKeyboardMarkup:
    """The answers that are offered, and the way back and ahead."""
    draft_id, step = planning.draft_id, planning.step
    never_mind = (labels.RATHER_NOT, encode(NeverMind(group.id, draft_id)))

    def go_to(label: str, to: Step) -> Button:
        return label, encode(PlanTerm(group.id, draft_id, int(to), SHOW))

    if step is Step.PLAN:
        make = (labels.MAKE_IT, encode(MakeTerm(group.id, draft_id)))
        return rows([[make], [go_to(labels.CHANGE_IT, Step.FIRST), never_mind]])
    offered = [
        (label, encode(PlanTerm(group.id, draft_id, int(step), to)))
        for label, to in _choices(group, planning)
    ]
    way = [go_to(labels.SHOW_PLAN, Step.PLAN)] if step is not Step.SKIPS else []
    if step > Step.FIRST:
        way.insert(0, go_to(labels.BACK, Step(step - 1)))
    if step is Step.SKIPS:
        done = PlanTerm(group.id, draft_id, int(step), 0)
        way.append((labels.THAT_IS_ALL, encode(done)))
    return rows([offered, way, [never_mind]])


def _choices(group: GroupView, planning: Planning) -> list[Choice]:
    """What is offered at a step."""
    plan = planning.plan
    match planning.step:
        case Step.TITLE:
            return [(plan.title, 1)]
        case Step.FIRST:
            return [_day(plan.first + weeks * WEEK) for weeks in range(4)]
        case Step.LAST:
            ends = [plan.ends + weeks * WEEK for weeks in (-4, -2, 0, 2)]
            return [_day(one) for one in ends if one >= plan.first]
        case Step.WEEKDAY:
            monday = date(2024, 1, 1)
            names = [weekday(monday + timedelta(days=n)) for n in range(len(WEEKDAYS))]
            chosen = WEEKDAYS.index(plan.weekday)
            return [(_marked(name, chosen=n == chosen), n) for n, name in enumerate(names)]
        case Step.TIME:
            at = plan.start_time.hour * 60 + plan.start_time.minute
            times = [at + more for more in (-60, 0, 60) if 0 <= at + more < 24 * 60]
            return [(_marked(f"{n // 60:02}:{n % 60:02}", chosen=n == at), n) for n in times]
        case Step.PLACE:
            usual = [(group.place, 0)] if group.place and group.place != plan.place else []
            return [(plan.place or labels.NO_PLACE, 1), *usual]
        case Step.TOPICS:
            return [(_marked(str(n), chosen=n == plan.topics), n) for n in range(1, 5)]
        case Step.COUNTRY:
            country = planning.country
            known = [(public_holidays.name_of(country), 1)] if country else []
            return [*known, (labels.NO_HOLIDAYS, 0)]
        case Step.SKIPS:
            return [
                _to_leave_out(one.date, left_out=one.left_out is not None)
                for one in planning.days[:MOST_DAYS]
            ]
    return []


def _day(one: date) -> Choice:
    return day(one), one.toordinal()


def _marked(label: str, *, chosen: bool) -> str:
    return f"{labels.CHOSEN} {label}" if chosen else label


def _to_leave_out(one: date, *, left_out: bool) -> Choice:
    label = f"{month(one)[:3]} {one.day}"
    if left_out:
        return f"{labels.LEFT_OUT} {label}", -one.toordinal()
    return label, one.toordinal()


def of_made(group: GroupView, made: Made) -> InlineKeyboardMarkup:
    return rows([[(labels.UNDO, encode(Undo(group.id, made.entry_id)))]])


def of_term(group: GroupView, *, runs: bool) -> InlineKeyboardMarkup:
    """What organizers can do about terms."""
    buttons: Buttons = [[(labels.NEW_TERM, encode(NewTerm(group.id)))]]
    if runs:
        buttons.insert(0, [(labels.ADD_MEETING, encode(AskNewMeeting(group.id)))])
        buttons.append([(labels.CLOSE_TERM, encode(AskClose(group.id)))])
    return rows(buttons)


def closing(group: GroupView, term: TermView) -> InlineKeyboardMarkup:
    return rows([[(labels.CLOSE_IT, encode(CloseTerm(group.id, term.id)))]])


def opening(group: GroupView, entry_id: int) -> InlineKeyboardMarkup:
    return rows([[(labels.OPEN_AGAIN, encode(Undo(group.id, entry_id)))]])
