"""Buttons for one's own talk."""

from collections.abc import Callable, Iterable, Sequence
from itertools import islice

from telegram import InlineKeyboardMarkup

from bot.domain.callbacks import (
    Book,
    Callback,
    Edit,
    HandOverTo,
    MakeMain,
    Release,
    RemoveSupporter,
    ShowSupporters,
    ShowTalk,
    Support,
    SwapWith,
    encode,
)
from bot.domain.views import FoundTalk, GroupView, MemberView
from bot.telegram.keyboards import MAX_BUTTONS, column, rows, talks, told_apart
from bot.text import labels
from bot.text.render import day, slot_name


def own_talks(group: GroupView, found: Iterable[FoundTalk]) -> InlineKeyboardMarkup | None:
    """One's coming talks, each with what can be done with it behind a tap."""
    return _few(found, lambda one: ShowTalk(group.id, one.slot.id, one.talk.id))


def talks_to_release(group: GroupView, found: Iterable[FoundTalk]) -> InlineKeyboardMarkup | None:
    return talks(found, lambda one: Release(group.id, one.slot.id, one.talk.id))


def talks_to_edit(
    group: GroupView, found: Iterable[FoundTalk], draft_id: int | None
) -> InlineKeyboardMarkup | None:
    """Which talk the paper in the draft is for; without one it is asked for next."""
    if draft_id is not None:
        return talks(found, lambda one: Book(group.id, draft_id, one.slot.id))
    return talks(found, lambda one: Edit(group.id, one.slot.id, one.talk.id))


def menu(group: GroupView, found: FoundTalk, member_id: int, *, mine: bool) -> InlineKeyboardMarkup:
    slot_id = found.slot.id
    if not mine:
        leave = encode(RemoveSupporter(group.id, slot_id, member_id))
        return rows([[(labels.STOP_SUPPORTING, leave)]])
    return rows(
        [
            [
                (labels.EDIT, encode(Edit(group.id, slot_id, found.talk.id))),
                (labels.SUPPORTERS, encode(ShowSupporters(group.id, slot_id))),
            ],
            [
                (labels.SWAP, encode(SwapWith(group.id, slot_id, 0))),
                (labels.HAND_OVER, encode(HandOverTo(group.id, slot_id, 0))),
            ],
            [(labels.GIVE_BACK, encode(Release(group.id, slot_id, found.talk.id)))],
        ]
    )


def supporters(group: GroupView, found: FoundTalk) -> InlineKeyboardMarkup:
    """What can be done with each of them, and the way back."""
    slot_id = found.slot.id
    choices = [
        [
            (
                f"{labels.LET_GO}: {person.name}",
                encode(RemoveSupporter(group.id, slot_id, person.member_id)),
            ),
            (
                f"{labels.MAKE_MAIN}: {person.name}",
                encode(MakeMain(group.id, slot_id, person.member_id)),
            ),
        ]
        for person in found.talk.supporters
    ]
    back = [(labels.BACK, encode(ShowTalk(group.id, slot_id, found.talk.id)))]
    return rows([*choices, back])


def talks_to_support(group: GroupView, found: Iterable[FoundTalk]) -> InlineKeyboardMarkup | None:
    return _few(found, lambda one: Support(group.id, one.slot.id, one.talk.id))


def talks_to_swap(
    group: GroupView, mine: Iterable[FoundTalk], other_id: int
) -> InlineKeyboardMarkup | None:
    """One's own talks, to swap with the one in the slot `other_id`; 0 where that is asked next."""
    return _few(mine, lambda one: SwapWith(group.id, one.slot.id, other_id))


def talks_to_swap_with(
    group: GroupView, slot_id: int, others: Sequence[FoundTalk]
) -> InlineKeyboardMarkup | None:
    """The others by day and name; whoever has two of one day is told apart by their slots."""
    said = [(found.meeting.date, found.talk.main and found.talk.main.name) for found in others]
    buttons = []
    for found, (date, name) in zip(others, said, strict=True):
        slot = f" · {slot_name(found.slot)}" if said.count((date, name)) > 1 else ""
        other = encode(SwapWith(group.id, slot_id, found.slot.id))
        buttons.append((f"{day(date)}{slot}: {name or ''}", other))
    return column(buttons[:MAX_BUTTONS]) if buttons else None


def talks_to_hand_over(
    group: GroupView, mine: Iterable[FoundTalk], to_id: int
) -> InlineKeyboardMarkup | None:
    """One's own talks, to hand over to the member `to_id`; 0 where that is asked next."""
    return _few(mine, lambda one: HandOverTo(group.id, one.slot.id, to_id))


def members_to_hand_over_to(
    group: GroupView, slot_id: int, members: Sequence[MemberView]
) -> InlineKeyboardMarkup | None:
    buttons = [
        (label, encode(HandOverTo(group.id, slot_id, member.id)))
        for label, member in zip(told_apart(members), members, strict=True)
    ]
    return column(buttons[:MAX_BUTTONS]) if buttons else None


def _few(
    found: Iterable[FoundTalk], asks: Callable[[FoundTalk], Callback]
) -> InlineKeyboardMarkup | None:
    return talks(islice(found, MAX_BUTTONS), asks)
