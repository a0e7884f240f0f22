"""What a button carries: a version, a word and short ids, at most 64 bytes.

A payload is a request, not a right: whoever forges one meets the same checks in the services.
"""

import re
from dataclasses import astuple, dataclass

VERSION = "c1"
MAX_BYTES = 64
"""Telegram's limit for callback data."""

LARGEST = 2**31 - 1
"""The largest id in a table of PostgreSQL; four of them fit a button."""


@dataclass(frozen=True, slots=True)
class ShowSchedule:
    group_id: int
    offset: int


@dataclass(frozen=True, slots=True)
class Book:
    """Take this slot for the paper in the draft."""

    group_id: int
    draft_id: int
    slot_id: int


@dataclass(frozen=True, slots=True)
class Take:
    """Take this open slot; the paper is named later. `below` is 1 where the button's message stays
    as it is and the answer comes below it."""

    group_id: int
    slot_id: int
    below: int


@dataclass(frozen=True, slots=True)
class Sure:
    """Book the draft although its paper was there before."""

    group_id: int
    draft_id: int
    slot_id: int


@dataclass(frozen=True, slots=True)
class NeverMind:
    """Forget the draft."""

    group_id: int
    draft_id: int


@dataclass(frozen=True, slots=True)
class Edit:
    """Ask for another title or link for the talk in this slot."""

    group_id: int
    slot_id: int
    talk_id: int


@dataclass(frozen=True, slots=True)
class Support:
    """Join the talk in this slot as a supporter."""

    group_id: int
    slot_id: int
    talk_id: int


@dataclass(frozen=True, slots=True)
class ShowTalk:
    """Show what its presenter can do with the talk in this slot."""

    group_id: int
    slot_id: int
    talk_id: int


@dataclass(frozen=True, slots=True)
class ShowSupporters:
    group_id: int
    slot_id: int


@dataclass(frozen=True, slots=True)
class RemoveSupporter:
    group_id: int
    slot_id: int
    member_id: int


@dataclass(frozen=True, slots=True)
class MakeMain:
    """Let this supporter and the main presenter change roles."""

    group_id: int
    slot_id: int
    member_id: int


@dataclass(frozen=True, slots=True)
class SwapWith:
    """Ask for this other slot in exchange; for `other_id` 0, offer those there are."""

    group_id: int
    slot_id: int
    other_id: int


@dataclass(frozen=True, slots=True)
class HandOverTo:
    """Ask this member to take the talk over; for `member_id` 0, offer those there are."""

    group_id: int
    slot_id: int
    member_id: int


@dataclass(frozen=True, slots=True)
class Identify:
    """Say that one is the member of this name."""

    group_id: int
    name_id: int


@dataclass(frozen=True, slots=True)
class AssignTo:
    """Give the draft's slot to this member; for `member_id` 0, to a new one of the draft's name."""

    group_id: int
    draft_id: int
    member_id: int


@dataclass(frozen=True, slots=True)
class Undo:
    """Take back the change in this audit entry."""

    group_id: int
    entry_id: int


@dataclass(frozen=True, slots=True)
class ShowLog:
    group_id: int
    offset: int


@dataclass(frozen=True, slots=True)
class SetRule:
    """Switch the selection rule on or off."""

    group_id: int
    on: int


@dataclass(frozen=True, slots=True)
class SetSupporters:
    group_id: int
    most: int


@dataclass(frozen=True, slots=True)
class SetFillDays:
    """Fill open slots by turn so many days before a meeting; 0 for never."""

    group_id: int
    days: int


@dataclass(frozen=True, slots=True)
class ShowReminder:
    """The choices for one of the group's messages, by its place; the whole page for -1."""

    group_id: int
    place: int


@dataclass(frozen=True, slots=True)
class SetReminder:
    """One of the choices, by its place."""

    group_id: int
    place: int
    choice: int


@dataclass(frozen=True, slots=True)
class SetHearing:
    """What a member hears in private, so many `hours` before: the sum of `OWN`, `EVERY` and
    `MUTED`."""

    group_id: int
    wants: int
    hours: int


OWN, EVERY, MUTED = 1, 2, 4


@dataclass(frozen=True, slots=True)
class ShowDeliveries:
    """A page of the ledger: what is to come from 0 on, what was due from -1 back."""

    group_id: int
    offset: int


@dataclass(frozen=True, slots=True)
class PostMessage:
    """Post what the draft says at this time, in minutes since 1970; 0 for now."""

    group_id: int
    draft_id: int
    minute: int


@dataclass(frozen=True, slots=True)
class TakeBackMessage:
    """Do not post it after all."""

    group_id: int
    delivery_id: int


@dataclass(frozen=True, slots=True)
class WaitFor:
    """Join the slot's waiting list, or the term's for `slot_id` 0."""

    group_id: int
    slot_id: int


@dataclass(frozen=True, slots=True)
class StopWaiting:
    """Leave a waiting list."""

    group_id: int
    wait_id: int


@dataclass(frozen=True, slots=True)
class Release:
    """Give this slot back."""

    group_id: int
    slot_id: int


@dataclass(frozen=True, slots=True)
class Agree:
    """Yes to a request."""

    group_id: int
    request_id: int


@dataclass(frozen=True, slots=True)
class Decline:
    """No to a request."""

    group_id: int
    request_id: int


@dataclass(frozen=True, slots=True)
class Withdraw:
    """The asker takes a request back."""

    group_id: int
    request_id: int


@dataclass(frozen=True, slots=True)
class AcceptOffer:
    group_id: int
    offer_id: int


@dataclass(frozen=True, slots=True)
class RefuseOffer:
    group_id: int
    offer_id: int


@dataclass(frozen=True, slots=True)
class CancelMeeting:
    """Cancel the meeting, as long as it is at this revision."""

    group_id: int
    meeting_id: int
    revision: int


@dataclass(frozen=True, slots=True)
class RestoreMeeting:
    """Hold the cancelled meeting after all, as long as it is at this revision."""

    group_id: int
    meeting_id: int
    revision: int


@dataclass(frozen=True, slots=True)
class ShowMeeting:
    """The meeting, with what an organizer can do with it."""

    group_id: int
    meeting_id: int


@dataclass(frozen=True, slots=True)
class AskCancel:
    """Ask whether to cancel the meeting."""

    group_id: int
    meeting_id: int


@dataclass(frozen=True, slots=True)
class MoveMeeting:
    """Hold the meeting on this day instead, by its ordinal; for `day` 0, offer some."""

    group_id: int
    meeting_id: int
    day: int


@dataclass(frozen=True, slots=True)
class PlaceMeeting:
    """Ask where the meeting is; for `usual` 1 it is where the group always meets."""

    group_id: int
    meeting_id: int
    usual: int


@dataclass(frozen=True, slots=True)
class NameMeeting:
    """Make the meeting one of the special ones, by its place from 1 on, or regular for -1; for
    `choice` 0, offer them."""

    group_id: int
    meeting_id: int
    choice: int


@dataclass(frozen=True, slots=True)
class AddSlot:
    """One more slot, where there are still so many as were `seen`."""

    group_id: int
    meeting_id: int
    seen: int


@dataclass(frozen=True, slots=True)
class DropSlot:
    """Be rid of this open slot; for `slot_id` 0, offer those there are."""

    group_id: int
    meeting_id: int
    slot_id: int


@dataclass(frozen=True, slots=True)
class AskNewMeeting:
    """Ask when one more meeting is."""

    group_id: int


@dataclass(frozen=True, slots=True)
class NewTerm:
    """Begin to plan a term."""

    group_id: int


@dataclass(frozen=True, slots=True)
class PlanTerm:
    """The answer to a step of the draft's term, as `services.term_drafts.choose` reads it."""

    group_id: int
    draft_id: int
    step: int
    choice: int


@dataclass(frozen=True, slots=True)
class MakeTerm:
    """Make the draft's term."""

    group_id: int
    draft_id: int


@dataclass(frozen=True, slots=True)
class AskClose:
    """Ask whether to close the term that is on."""

    group_id: int


@dataclass(frozen=True, slots=True)
class CloseTerm:
    group_id: int
    term_id: int


@dataclass(frozen=True, slots=True)
class PostLink:
    """Put the draft's link beside one slot of the meeting, or beside all for `slot_id` 0."""

    group_id: int
    draft_id: int
    meeting_id: int
    slot_id: int


@dataclass(frozen=True, slots=True)
class ShowHelp:
    """A chapter of `/help`, by its place."""

    group_id: int
    place: int


@dataclass(frozen=True, slots=True)
class KnowHost:
    """Post like `PostLink`, and ask no more about the link's site."""

    group_id: int
    draft_id: int
    meeting_id: int
    slot_id: int


@dataclass(frozen=True, slots=True)
class KeepFile:
    """The draft's file holds the slides of the talk in this slot."""

    group_id: int
    draft_id: int
    meeting_id: int
    slot_id: int


@dataclass(frozen=True, slots=True)
class GiveSlides:
    """Send the slides of the talk in this slot."""

    group_id: int
    slot_id: int


@dataclass(frozen=True, slots=True)
class ShowHosts:
    group_id: int


@dataclass(frozen=True, slots=True)
class RemoveHost:
    """Ask again before a link to the site of this number is posted."""

    group_id: int
    number: int


@dataclass(frozen=True, slots=True)
class ChooseGroup:
    group_id: int


@dataclass(frozen=True, slots=True)
class ShowStats:
    """The statistics of one term, or of all for `term_id` 0."""

    group_id: int
    term_id: int


@dataclass(frozen=True, slots=True)
class Arrived:
    group_id: int
    delivery_id: int


@dataclass(frozen=True, slots=True)
class SendAgain:
    group_id: int
    delivery_id: int


@dataclass(frozen=True, slots=True)
class TakePage:
    """The page is right, not the schedule, in what this delivery asks about."""

    group_id: int
    delivery_id: int


@dataclass(frozen=True, slots=True)
class KeepSchedule:
    """The schedule is right, not the page."""

    group_id: int
    delivery_id: int


Callback = (
    ShowSchedule
    | AcceptOffer
    | AddSlot
    | Agree
    | Arrived
    | AskCancel
    | AskClose
    | AskNewMeeting
    | AssignTo
    | Book
    | CancelMeeting
    | ChooseGroup
    | CloseTerm
    | Decline
    | DropSlot
    | Edit
    | GiveSlides
    | HandOverTo
    | Identify
    | KeepFile
    | KnowHost
    | KeepSchedule
    | MakeMain
    | MakeTerm
    | MoveMeeting
    | NameMeeting
    | NeverMind
    | NewTerm
    | PlaceMeeting
    | PlanTerm
    | PostLink
    | PostMessage
    | RefuseOffer
    | Release
    | RemoveHost
    | RemoveSupporter
    | RestoreMeeting
    | SendAgain
    | SetFillDays
    | SetHearing
    | SetReminder
    | SetRule
    | SetSupporters
    | ShowDeliveries
    | ShowHosts
    | ShowHelp
    | ShowLog
    | ShowMeeting
    | ShowReminder
    | ShowStats
    | ShowSupporters
    | ShowTalk
    | StopWaiting
    | Support
    | Sure
    | SwapWith
    | Take
    | TakeBackMessage
    | TakePage
    | Undo
    | WaitFor
    | Withdraw
)

_WORDS: dict[str, type[Callback]] = {
    "page": ShowSchedule,
    "agree": Agree,
    "decline": Decline,
    "withdraw": Withdraw,
    "accept": AcceptOffer,
    "refuse": RefuseOffer,
    "book": Book,
    "edit": Edit,
    "assign": AssignTo,
    "fill": SetFillDays,
    "handover": HandOverTo,
    "iam": Identify,
    "log": ShowLog,
    "most": SetSupporters,
    "deliveries": ShowDeliveries,
    "hear": SetHearing,
    "post": PostMessage,
    "unpost": TakeBackMessage,
    "remind": SetReminder,
    "reminders": ShowReminder,
    "rule": SetRule,
    "undo": Undo,
    "main": MakeMain,
    "never": NeverMind,
    "release": Release,
    "remove": RemoveSupporter,
    "stats": ShowStats,
    "stop": StopWaiting,
    "support": Support,
    "supporters": ShowSupporters,
    "swap": SwapWith,
    "talk": ShowTalk,
    "sure": Sure,
    "take": Take,
    "wait": WaitFor,
    "cancel": CancelMeeting,
    "restore": RestoreMeeting,
    "meeting": ShowMeeting,
    "cancelling": AskCancel,
    "move": MoveMeeting,
    "place": PlaceMeeting,
    "special": NameMeeting,
    "slot": AddSlot,
    "unslot": DropSlot,
    "meet": AskNewMeeting,
    "newterm": NewTerm,
    "plan": PlanTerm,
    "make": MakeTerm,
    "closing": AskClose,
    "close": CloseTerm,
    "video": PostLink,
    "know": KnowHost,
    "keep": KeepFile,
    "give": GiveSlides,
    "hosts": ShowHosts,
    "unknow": RemoveHost,
    "help": ShowHelp,
    "group": ChooseGroup,
    "arrived": Arrived,
    "again": SendAgain,
    "takepage": TakePage,
    "keepschedule": KeepSchedule,
}
_TO_WORD = {made: word for word, made in _WORDS.items()}


def encode(callback: Callback) -> str:
    numbers = ":".join(str(number) for number in astuple(callback))
    return f"{VERSION}:{_TO_WORD[type(callback)]}:{numbers}"


def decode(data: str) -> Callback | None:
    """What the button asks for; `None` for one of another version, and for nonsense."""
    version, _, rest = data.partition(":")
    word, *numbers = rest.split(":")
    made = _WORDS.get(word)
    if version != VERSION or made is None or len(numbers) != len(made.__slots__):
        return None
    if not all(_is_id(number) for number in numbers):
        return None
    return made(*(int(number) for number in numbers))


def _is_id(number: str) -> bool:
    return re.fullmatch(r"-?[0-9]{1,10}", number) is not None and abs(int(number)) <= LARGEST
