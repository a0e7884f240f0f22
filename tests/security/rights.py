"""Who may change what: every button and every command, once. A new one without a line here fails
`tests/security/test_rights.py`.

The people are those of `tests.fuzz.scene`. Whoever is not named as one who may, may not: nothing in
the first group's rows may differ afterwards. What only shows something is `nobody`'s to change.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.domain import callbacks as on
from bot.domain.callbacks import Callback
from bot.domain.term_plans import Step
from bot.domain.web_links import host_number
from tests.fuzz.rows import Watch
from tests.fuzz.scene import INSIDE, KNOWN_HOST, LINK, OWN_LINK

nobody: Final[frozenset[str]] = frozenset()
organizers: Final = frozenset({"admin"})
members: Final = INSIDE


def only(*names: str) -> frozenset[str]:
    return frozenset(names)


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids that the scene's rows have."""

    watch: Watch

    def __call__(self, query: str, *values: object) -> int:
        found: int = self.watch.of(query, *values)
        return found

    def slot(self, day: str, position: int) -> int:
        return self(
            "SELECT slots.id FROM slots JOIN meetings ON meetings.id = slots.meeting_id "
            "WHERE slots.group_id = 1 AND meetings.date = ? AND slots.position = ?",
            f"2026-{day}",
            position,
        )

    def talk(self, day: str, position: int) -> int:
        return self("SELECT id FROM talks WHERE slot_id = ?", self.slot(day, position))

    def meeting(self, day: str) -> int:
        return self("SELECT id FROM meetings WHERE group_id = 1 AND date = ?", f"2026-{day}")

    def member(self, name: str) -> int:
        return self("SELECT id FROM members WHERE group_id = 1 AND name = ?", name)

    def request(self, kind: str) -> int:
        return self("SELECT id FROM requests WHERE group_id = 1 AND kind = ?", kind)

    def draft(self, where: str) -> int:
        return self(f"SELECT id FROM drafts WHERE group_id = 1 AND {where}")

    def owed(self, key: str) -> int:
        return self("SELECT id FROM deliveries WHERE key = ?", key)


Button = tuple[Callable[[Ids], Callback], frozenset[str]]

MINE, OTHERS = ("01-20", 1), ("01-20", 2)
"""Pia's talk, which Sue supports, and Rita's."""

CLASH = "SELECT min(id) FROM deliveries WHERE kind = 'page'"

BUTTONS: Final[tuple[Button, ...]] = (
    (lambda _: on.ShowSchedule(1, 1), nobody),
    (lambda _: on.ShowHelp(1, 0), nobody),
    (lambda _: on.ChooseGroup(1), nobody),
    (lambda _: on.ShowLog(1, 0), nobody),
    (lambda _: on.ShowDeliveries(1, -1), nobody),
    (lambda _: on.ShowReminder(1, -1), nobody),
    (lambda i: on.ShowTalk(1, i.slot(*MINE), i.talk(*MINE)), nobody),
    (lambda i: on.ShowSupporters(1, i.slot(*MINE)), nobody),
    # A draft waits for the answer to the question that follows.
    (lambda i: on.Edit(1, i.slot(*MINE), i.talk(*MINE)), only("presenter")),
    (lambda i: on.Release(1, i.slot(*MINE), i.talk(*MINE)), only("presenter")),
    (lambda i: on.RemoveSupporter(1, i.slot(*MINE), i.member("Sue")),
     only("presenter", "supporter", "admin")),
    (lambda i: on.MakeMain(1, i.slot(*MINE), i.member("Sue")), only("presenter", "admin")),
    (lambda i: on.SwapWith(1, i.slot(*MINE), i.slot(*OTHERS)), only("presenter")),
    (lambda i: on.HandOverTo(1, i.slot(*MINE), i.member("Mia")), only("presenter")),
    (lambda i: on.Support(1, i.slot(*MINE), i.talk(*MINE)), members - {"presenter"}),
    (lambda i: on.Take(1, i.slot("02-10", 1), 1), members),
    (lambda i: on.WaitFor(1, i.slot(*OTHERS)), members - {"rival"}),
    (lambda i: on.StopWaiting(1, i("SELECT min(id) FROM waits WHERE group_id = 1")),
     only("member")),
    (lambda i: on.Book(1, i.draft("title = 'A title for any slot'"), i.slot("02-10", 1)),
     only("member")),
    (lambda i: on.Sure(1, i.draft("title = 'A title for any slot'"), i.slot("02-10", 1)),
     only("member")),
    (lambda i: on.NeverMind(1, i.draft("title = 'A title for any slot'")), only("member")),
    # The name is nobody's account: an organizer's word is enough, others ask. Pia has a name.
    (lambda i: on.Identify(1, i.member("Bosen Yang")), members - {"presenter"}),
    (lambda i: on.Agree(1, i.request("swap")), only("rival")),
    (lambda i: on.Agree(1, i.request("hand_over")), only("member")),
    (lambda i: on.Agree(1, i.request("identity")), organizers),
    (lambda i: on.Agree(1, i.request("bend")), organizers),
    (lambda i: on.Decline(1, i.request("swap")), only("rival")),
    (lambda i: on.Decline(1, i.request("identity")), organizers),
    (lambda i: on.Withdraw(1, i.request("swap")), only("presenter")),
    (lambda i: on.Withdraw(1, i.request("identity")), only("member")),
    (lambda i: on.AcceptOffer(1, i("SELECT id FROM offers WHERE state = 'open'")), only("member")),
    (lambda i: on.RefuseOffer(1, i("SELECT id FROM offers WHERE state = 'open'")), only("member")),
    (lambda i: on.PostLink(1, i.draft(f"url = '{LINK}'"), i.meeting("01-06"), 0),
     only("presenter")),
    (lambda i: on.GiveSlides(1, i.slot(*MINE)), nobody),
    (lambda i: on.KeepFile(1, i.draft("kind = 'file'"), i.meeting("01-20"), i.slot(*MINE)),
     only("presenter")),
    (lambda _: on.ShowHosts(1), nobody),
    (lambda _: on.ShowStats(1, 0), nobody),
    (lambda i: on.KnowHost(1, i.draft(f"url = '{OWN_LINK}'"), i.meeting("01-06"), 0), organizers),
    (lambda _: on.RemoveHost(1, host_number(KNOWN_HOST)), organizers),
    # What somebody hears is their own affair, each one's own; in the group it is not even asked.
    (lambda _: on.SetHearing(1, on.EVERY, 48), members),
    (lambda i: on.AssignTo(1, i.draft("title = 'Somebody New'"), 0), organizers),
    (lambda i: on.AssignTo(1, i.draft("title = 'Somebody New'"), i.member("Sue")), organizers),
    (lambda i: on.Undo(1, i("SELECT max(id) FROM audit_entries WHERE action = 'talk:claim'"
                            " AND subject_id = ?", i.slot(*OTHERS))), organizers),
    (lambda _: on.SetRule(1, 0), organizers),
    (lambda _: on.SetSupporters(1, 1), organizers),
    (lambda _: on.SetFillDays(1, 5), organizers),
    (lambda _: on.SetReminder(1, 1, 0), organizers),
    (lambda i: on.PostMessage(1, i.draft("kind = 'message'"), 0), organizers),
    (lambda i: on.TakeBackMessage(1, i.owed("scene:later")), organizers),
    (lambda i: on.CancelMeeting(1, i.meeting("01-27"), 1), organizers),
    (lambda i: on.RestoreMeeting(1, i.meeting("02-03"), 2), organizers),
    (lambda i: on.ShowMeeting(1, i.meeting("02-10")), nobody),
    (lambda i: on.AskCancel(1, i.meeting("02-10")), nobody),
    (lambda _: on.AskClose(1), nobody),
    # These keep a draft for the answer to come.
    (lambda _: on.NewTerm(1), organizers),
    (lambda _: on.AskNewMeeting(1), organizers),
    (lambda i: on.PlaceMeeting(1, i.meeting("02-10"), 0), organizers),
    (lambda i: on.PlanTerm(1, i.draft("kind = 'term'"), Step.WEEKDAY, 2), organizers),
    (lambda i: on.MakeTerm(1, i.draft("kind = 'term'")), organizers),
    # Not while there are meetings to come.
    (lambda i: on.CloseTerm(1, i("SELECT id FROM terms WHERE group_id = 1")), nobody),
    (lambda i: on.MoveMeeting(1, i.meeting("02-10"), date(2026, 2, 11).toordinal()), organizers),
    (lambda i: on.NameMeeting(1, i.meeting("02-10"), 1), organizers),
    (lambda i: on.AddSlot(1, i.meeting("02-10"), 2), organizers),
    (lambda i: on.DropSlot(1, i.meeting("02-10"), i.slot("02-10", 2)), organizers),
    (lambda i: on.TakePage(1, i(CLASH)), organizers),
    (lambda i: on.KeepSchedule(1, i(CLASH)), organizers),
    (lambda i: on.Arrived(1, i.owed("scene:uncertain")), organizers),
    (lambda i: on.SendAgain(1, i.owed("scene:uncertain")), organizers),
)  # fmt: skip

COMMANDS: Final[tuple[tuple[str, frozenset[str]], ...]] = (
    ("/start", nobody),
    ("/start g1", nobody),
    ("/help", nobody),
    ("/next", nobody),
    ("/schedule", nobody),
    ("/meeting jan 20", nobody),
    ("/open", nobody),
    ("/find diffkv", nobody),
    ("/mine", nobody),
    ("/turns", nobody),
    ("/stats", nobody),
    ("/remind", nobody),
    ("/log", nobody),
    ("/deliveries", nobody),
    ("/settings", nobody),
    ("/setup", nobody),
    ("/setup new", nobody),
    ("/undo", nobody),  # only asks
    ("/cancel jan 20", nobody),  # only asks
    ("/release", nobody),  # only asks
    ("/claim feb 10 1 [SOSP] A title", members),
    ("/edit Another title", only("presenter", "rival")),
    ("/support jan 20 1", members - {"presenter"}),
    ("/swap jan 20 2", only("presenter")),
    ("/handover Sue", only("presenter", "rival")),
    ("/wait jan 20 2", members - {"rival"}),
    ("/iam Bosen Yang", members - {"presenter"}),
    ("/slides jan 20 1 https://slides.example/1", only("presenter", "supporter", "admin")),
    ("/video jan 6 1 https://video.example/2", only("presenter", "admin")),
    ("/summary jan 6 1 https://text.example/2", only("presenter", "admin")),
    ("/mute", members),
    ("/unmute", nobody),  # nobody is muted
    ("/assign feb 10 1 Sue", organizers),
    ("/unassign jan 20 1", organizers),
    ("/announce Something", organizers),
    ("/checklist Slides", organizers),
    ("/rule off", organizers),
    ("/term", nobody),
    ("/term close", nobody),  # only asks
    ("/term new 2026 Summer", organizers),
    ("/meeting new mar 3", organizers),
    ("/hosts own.example.org", organizers),
    ("/move jan 20 jan 21", organizers),
)
