"""Buttons as text and back, and the word for each."""

import re
from dataclasses import astuple

from bot.domain.callbacks.links import GiveSlides, KeepFile, KnowHost, PostLink
from bot.domain.callbacks.meetings import (
    AddSlot,
    AskCancel,
    AskNewMeeting,
    CancelMeeting,
    DropSlot,
    MoveMeeting,
    NameMeeting,
    PlaceMeeting,
    RestoreMeeting,
    ShowMeeting,
)
from bot.domain.callbacks.people import (
    AcceptOffer,
    Agree,
    AssignTo,
    Decline,
    Identify,
    RefuseOffer,
    StopWaiting,
    WaitFor,
    Withdraw,
)
from bot.domain.callbacks.record import (
    Arrived,
    KeepSchedule,
    PostMessage,
    SendAgain,
    ShowDeliveries,
    ShowLog,
    TakeBackMessage,
    TakePage,
    Undo,
)
from bot.domain.callbacks.schedule import ChooseGroup, ShowHelp, ShowSchedule, ShowStats
from bot.domain.callbacks.settings import (
    RemoveHost,
    SetFillDays,
    SetHearing,
    SetReminder,
    SetRule,
    SetSupporters,
    ShowHosts,
    ShowReminder,
)
from bot.domain.callbacks.talks import (
    Book,
    Edit,
    HandOverTo,
    MakeMain,
    NeverMind,
    Release,
    RemoveSupporter,
    ShowSupporters,
    ShowTalk,
    Support,
    Sure,
    SwapWith,
    Take,
)
from bot.domain.callbacks.terms import AskClose, CloseTerm, MakeTerm, NewTerm, PlanTerm

VERSION = "c1"
MAX_BYTES = 64
"""Telegram's limit for callback data."""

LARGEST = 2**31 - 1
"""The largest id in a table of PostgreSQL; four of them fit a button."""

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
