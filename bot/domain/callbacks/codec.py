"""Buttons as text and back, and the word for each."""

import re

from bot.domain.callbacks import links, meetings, people, record, schedule, settings, talks, terms

VERSION = "c1"
MAX_BYTES = 64
"""Telegram's limit for callback data."""

LARGEST = 2**31 - 1
"""The largest id in a table of PostgreSQL; four of them fit a button."""

Callback = (
    schedule.ShowSchedule
    | people.AcceptOffer
    | meetings.AddSlot
    | people.Agree
    | record.Arrived
    | meetings.AskCancel
    | terms.AskClose
    | meetings.AskNewMeeting
    | people.AssignTo
    | talks.Book
    | meetings.CancelMeeting
    | schedule.ChooseGroup
    | terms.CloseTerm
    | people.Decline
    | meetings.DropSlot
    | talks.Edit
    | links.GiveSlides
    | talks.HandOverTo
    | people.Identify
    | links.KeepFile
    | links.KnowHost
    | record.KeepSchedule
    | talks.MakeMain
    | terms.MakeTerm
    | meetings.MoveMeeting
    | meetings.NameMeeting
    | talks.NeverMind
    | terms.NewTerm
    | meetings.PlaceMeeting
    | terms.PlanTerm
    | links.PostLink
    | record.PostMessage
    | people.RefuseOffer
    | talks.Release
    | settings.RemoveHost
    | talks.RemoveSupporter
    | meetings.RestoreMeeting
    | record.SendAgain
    | settings.SetFillDays
    | settings.SetHearing
    | settings.SetReminder
    | settings.SetRule
    | settings.SetSupporters
    | record.ShowDeliveries
    | settings.ShowHosts
    | schedule.ShowHelp
    | record.ShowLog
    | meetings.ShowMeeting
    | settings.ShowReminder
    | schedule.ShowStats
    | talks.ShowSupporters
    | talks.ShowTalk
    | people.StopWaiting
    | talks.Support
    | talks.Sure
    | talks.SwapWith
    | talks.Take
    | record.TakeBackMessage
    | record.TakePage
    | record.Undo
    | people.WaitFor
    | people.Withdraw
)

_WORDS: dict[str, type[Callback]] = {
    "page": schedule.ShowSchedule,
    "agree": people.Agree,
    "decline": people.Decline,
    "withdraw": people.Withdraw,
    "accept": people.AcceptOffer,
    "refuse": people.RefuseOffer,
    "book": talks.Book,
    "edit": talks.Edit,
    "assign": people.AssignTo,
    "fill": settings.SetFillDays,
    "handover": talks.HandOverTo,
    "iam": people.Identify,
    "log": record.ShowLog,
    "most": settings.SetSupporters,
    "deliveries": record.ShowDeliveries,
    "hear": settings.SetHearing,
    "post": record.PostMessage,
    "unpost": record.TakeBackMessage,
    "remind": settings.SetReminder,
    "reminders": settings.ShowReminder,
    "rule": settings.SetRule,
    "undo": record.Undo,
    "main": talks.MakeMain,
    "never": talks.NeverMind,
    "release": talks.Release,
    "remove": talks.RemoveSupporter,
    "stats": schedule.ShowStats,
    "stop": people.StopWaiting,
    "support": talks.Support,
    "supporters": talks.ShowSupporters,
    "swap": talks.SwapWith,
    "talk": talks.ShowTalk,
    "sure": talks.Sure,
    "take": talks.Take,
    "wait": people.WaitFor,
    "cancel": meetings.CancelMeeting,
    "restore": meetings.RestoreMeeting,
    "meeting": meetings.ShowMeeting,
    "cancelling": meetings.AskCancel,
    "move": meetings.MoveMeeting,
    "place": meetings.PlaceMeeting,
    "special": meetings.NameMeeting,
    "slot": meetings.AddSlot,
    "unslot": meetings.DropSlot,
    "meet": meetings.AskNewMeeting,
    "newterm": terms.NewTerm,
    "plan": terms.PlanTerm,
    "make": terms.MakeTerm,
    "closing": terms.AskClose,
    "close": terms.CloseTerm,
    "video": links.PostLink,
    "know": links.KnowHost,
    "keep": links.KeepFile,
    "give": links.GiveSlides,
    "hosts": settings.ShowHosts,
    "unknow": settings.RemoveHost,
    "help": schedule.ShowHelp,
    "group": schedule.ChooseGroup,
    "arrived": record.Arrived,
    "again": record.SendAgain,
    "takepage": record.TakePage,
    "keepschedule": record.KeepSchedule,
}
_TO_WORD = {made: word for word, made in _WORDS.items()}


def encode(callback: Callback) -> str:
    numbers = ":".join(str(number) for number in callback)
    return f"{VERSION}:{_TO_WORD[type(callback)]}:{numbers}"


def decode(data: str) -> Callback | None:
    """What the button asks for; `None` for one of another version, and for nonsense."""
    version, _, rest = data.partition(":")
    word, *numbers = rest.split(":")
    made = _WORDS.get(word)
    if version != VERSION or made is None or len(numbers) != len(made._fields):
        return None
    if not all(_is_id(number) for number in numbers):
        return None
    return made(*(int(number) for number in numbers))


def _is_id(number: str) -> bool:
    return re.fullmatch(r"-?[0-9]{1,10}", number) is not None and abs(int(number)) <= LARGEST
