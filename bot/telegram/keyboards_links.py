"""Buttons for posting links, and for the sites that are known."""

from collections.abc import Iterable
from itertools import islice

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.callbacks import (
    GiveSlides,
    KeepFile,
    KnowHost,
    NeverMind,
    PostLink,
    RemoveHost,
    encode,
)
from bot.domain.names import slides_in
from bot.domain.views import DraftView, FoundTalk, GroupView, MeetingView
from bot.domain.web_links import host_number
from bot.telegram.keyboards import MAX_BUTTONS, column
from bot.text import labels
from bot.text.render import day, slot_name


def talks_of_link(
    group: GroupView, draft_id: int, found: Iterable[FoundTalk]
) -> InlineKeyboardMarkup:
    """A button for each of these talks, and one for all where they are of one meeting."""
    shown = tuple(found)
    meetings = {one.meeting.id for one in shown}

    def place(one: FoundTalk) -> str:
        return slot_name(one.slot) if len(meetings) == 1 else day(one.meeting.date)

    buttons = [
        (
            f"{place(one)}: {one.talk.title}",
            encode(PostLink(group.id, draft_id, one.meeting.id, one.slot.id)),
        )
        for one in shown[:MAX_BUTTONS]
    ]
    if len(meetings) == 1:
        everything = PostLink(group.id, draft_id, meetings.pop(), 0)
        buttons.insert(0, (labels.ALL_TOPICS, encode(everything)))
    return column(buttons)


def talks_of_file(
    group: GroupView, draft_id: int, found: Iterable[FoundTalk]
) -> InlineKeyboardMarkup:
    return column(
        (
            f"{day(one.meeting.date)}: {one.talk.title}",
            encode(KeepFile(group.id, draft_id, one.meeting.id, one.slot.id)),
        )
        for one in islice(found, MAX_BUTTONS)
    )


def place_of_link(
    group: GroupView, draft: DraftView, places: tuple[FoundTalk, ...]
) -> InlineKeyboardMarkup:
    """Post it at the one place there is, or at all of them where every talk has its start."""
    meeting_id = places[0].meeting.id
    slot_id = places[0].slot.id if len(places) == 1 and not is_for_all(draft) else 0
    return column(
        [
            (labels.POST_IT, encode(PostLink(group.id, draft.id, meeting_id, slot_id))),
            (labels.KNOW_IT, encode(KnowHost(group.id, draft.id, meeting_id, slot_id))),
            (labels.RATHER_NOT, encode(NeverMind(group.id, draft.id))),
        ]
    )


def is_for_all(draft: DraftView) -> bool:
    """Whether it was said where each of several talks begins in it."""
    return len((draft.text or "").split()) > 1


def slides_to_get(
    group: GroupView, meeting: MeetingView, below: InlineKeyboardMarkup | None
) -> InlineKeyboardMarkup | None:
    """A button for each talk's slides that the bot has as a file, and `below` them others."""
    slots = [
        slot
        for slot in meeting.slots
        if slot.talk and any(slides_in(link.url) for link in slot.talk.links)
    ]
    files = [
        InlineKeyboardButton(
            f"{labels.SLIDES} {slot_name(slot)}" if len(slots) > 1 else labels.SLIDES,
            callback_data=encode(GiveSlides(group.id, slot.id)),
        )
        for slot in slots
    ]
    others = below.inline_keyboard if below else ()
    return InlineKeyboardMarkup([files, *others]) if files else below


def of_hosts(group: GroupView) -> InlineKeyboardMarkup | None:
    buttons = [
        (f"{labels.REMOVE} {host}", encode(RemoveHost(group.id, host_number(host))))
        for host in group.link_hosts
    ]
    return column(buttons) if buttons else None
