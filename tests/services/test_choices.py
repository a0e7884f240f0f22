"""Choosing a paper: what speaks against one, and what an organizer may allow."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import MovableClock
from bot.domain.views import FoundTalk, RequestView
from bot.errors import DomainError, Refusal
from bot.services import bookings, choices, decisions, groups, objections, queries
from bot.services.choices import Seen
from bot.services.claims import Claimed
from storage.enums import DeliveryKind, MeetingKind, MeetingStatus, RequestState
from storage.models import Delivery, Meeting, Member, Request, Slot, Talk, Term
from storage.store import Store
from tests.factories import (
    make_actor,
    make_group,
    make_lookup,
    make_meeting,
    make_paper,
    make_presenter,
    make_slot,
    make_talk,
    make_term,
)

ARXIV = "https://arxiv.org/abs/2504.15465"
REFRAG = "https://arxiv.org/abs/2509.01092"


class Scene:
    """A meeting on 13 January with REFRAG in its first slot, of Bo's; the second is open."""

    def __init__(self, session: Session, **of_group: Any) -> None:
        self.group = make_group(session, **of_group)
        self.term = make_term(session, self.group)
        self.meeting = make_meeting(session, self.term)
        self.first, self.second = (make_slot(session, self.meeting) for _ in range(2))
        self.bo = make_actor(session, self.group, "Bo")
        self.ann = make_actor(session, self.group, "Ann")
        self.chief = make_actor(session, self.group, "Chief", organizer=True)
        paper = make_paper(session, self.group, identity="arxiv:2509.01092", title="REFRAG")
        talk = make_talk(
            session,
            self.first,
            paper_id=paper.id,
            title="REFRAG: Rethinking RAG based Decoding",
            venue="arXiv",
            year=None,
            url=REFRAG,
        )
        make_presenter(session, talk, session.get_one(Member, self.bo.member_id))


def another_slot(session: Session, term: Term) -> Slot:
    return make_slot(session, make_meeting(session, term, date=date(2026, 1, 20)))


def test_a_fitting_paper_is_claimed_at_once(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        on = Scene(session)
        done = choices.claim(session, on.ann, on.second.id, "[SOSP'25] DiffKV", None, clock.now())
        assert isinstance(done, Claimed)
        assert (done.new, done.found.talk.venue, done.found.talk.year) == (True, "SOSP", 2025)


@pytest.mark.parametrize(
    ("title", "url"),
    [
        ("Something else", "https://www.alphaxiv.org/abs/2509.01092v4"),
        ("REFRAG - rethinking RAG-based decoding", None),
        ("REFRAG: Rethinking RAG based Decoding.", "https://example.org/refrag"),
    ],
)
def test_a_paper_that_was_there_before_is_told_with_who_and_when(
    store: Store, clock: MovableClock, title: str, url: str | None
) -> None:
    with store.writing() as session:
        on = Scene(session)
        slot = another_slot(session, on.term)
        seen = choices.claim(session, on.ann, slot.id, title, url, clock.now())
        assert isinstance(seen, Seen)
        assert [talk.slot.id for talk in seen.before] == [on.first.id]
        sure = choices.claim(session, on.ann, slot.id, title, url, clock.now(), sure=True)
        assert isinstance(sure, Claimed)


def test_of_many_talks_on_a_paper_the_three_newest_are_told(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        on = Scene(session)
        paper_id = session.scalars(select(Talk.paper_id)).one()
        first, newest = (make_meeting(session, on.term, date=date(2026, 1, day)) for day in (6, 20))
        slots = [on.second, *(make_slot(session, day) for day in (first, newest, newest))]
        for slot in slots:
            make_talk(session, slot, title="Rethinking", url=REFRAG, paper_id=paper_id)
        later = make_slot(session, make_meeting(session, on.term, date=date(2026, 1, 27)))
        seen = choices.claim(session, on.ann, later.id, "REFRAG", REFRAG, clock.now())
        assert isinstance(seen, Seen)
        told = [(talk.meeting.date.day, talk.slot.position) for talk in seen.before]
        assert told == [(20, 1), (20, 2), (13, 1)]


def test_a_paper_of_a_cancelled_meeting_or_of_another_group_was_not_there(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        on, other = Scene(session), Scene(session)
        on.meeting.status = MeetingStatus.CANCELLED
        slot = another_slot(session, on.term)
        done = choices.claim(session, on.ann, slot.id, "REFRAG", REFRAG, clock.now())
        assert isinstance(done, Claimed)
        assert other.group.id != on.group.id


def test_a_second_paper_of_one_kind_is_put_to_the_organizers(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        on = Scene(session)
        asked = choices.claim(session, on.ann, on.second.id, "LithOS", ARXIV, clock.now())
        assert isinstance(asked, RequestView)
        assert (asked.asker.name, asked.asked, asked.title) == ("Ann", None, "[arXiv] LithOS")
        assert asked.found is not None
        assert asked.found.slot.talk is None
        agreed = decisions.agree(session, on.chief, asked.id, clock.now())
        assert agreed.state is RequestState.AGREED
        assert agreed.found is not None
        assert (agreed.found.talk.title, agreed.found.talk.presenters[0].name) == ("LithOS", "Ann")
        assert session.scalars(select(Delivery)).all() == []  # nobody can be written to


@pytest.mark.parametrize("days", [0, 6])
def test_who_asked_is_told_the_answer_while_it_is_of_use(
    sqlite_store: Store, clock: MovableClock, days: int
) -> None:
    with sqlite_store.writing() as session:
        on = Scene(session)
        ann = session.get_one(Member, on.ann.member_id)
        ann.reachable = True
        asked = choices.claim(session, on.ann, on.second.id, "LithOS", ARXIV, clock.now())
        assert isinstance(asked, RequestView)
        row = session.get_one(Request, asked.id)
        row.expires_at = clock.now() + timedelta(days=7)
        now = clock.move(timedelta(days=days))
        decisions.decline(session, on.chief, asked.id, now)
        told = session.scalars(select(Delivery)).one()
        assert (told.kind, told.member_id, told.request_id, told.due_at) == (
            DeliveryKind.ANSWER, ann.id, asked.id, now,
        )  # fmt: skip
        assert told.expires_at == max(row.expires_at, now + timedelta(days=2))


def test_who_is_no_organizer_allows_nothing(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        on = Scene(session)
        asked = choices.claim(session, on.ann, on.second.id, "LithOS", ARXIV, clock.now())
        assert isinstance(asked, RequestView)
        with pytest.raises(DomainError) as caught:
            decisions.agree(session, on.ann, asked.id, clock.now())
        assert caught.value.code is Refusal.ORGANIZERS_ONLY


def test_what_was_allowed_too_late_is_void(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        on = Scene(session)
        asked = choices.claim(session, on.ann, on.second.id, "LithOS", ARXIV, clock.now())
        assert isinstance(asked, RequestView)
        choices.claim(session, on.bo, on.second.id, "[SOSP'25] DiffKV", None, clock.now())
        with pytest.raises(DomainError) as caught:
            decisions.agree(session, on.chief, asked.id, clock.now())
        assert caught.value.code is Refusal.CHANGED_SINCE


def test_a_declined_question_is_settled_for_good(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        on = Scene(session)
        asked = choices.claim(session, on.ann, on.second.id, "LithOS", ARXIV, clock.now())
        assert isinstance(asked, RequestView)
        assert decisions.decline(session, on.chief, asked.id, clock.now()).found is not None
        with pytest.raises(DomainError, match="request_settled"):
            decisions.agree(session, on.chief, asked.id, clock.now())
        clock.move(timedelta(days=5))
        with pytest.raises(DomainError, match="request_settled"):
            decisions.agree(session, on.chief, asked.id, clock.now())


@pytest.mark.parametrize("free", ["no rule", "special meeting", "organizer", "unknown venue"])
def test_nothing_speaks_against_a_second_arxiv_paper_where_the_rule_does_not_hold(
    store: Store, clock: MovableClock, free: str
) -> None:
    with store.writing() as session:
        on = Scene(session, **({"selection_rule": None} if free == "no rule" else {}))
        if free == "special meeting":
            session.get_one(Meeting, on.meeting.id).kind = MeetingKind.SPECIAL
        session.flush()
        who = on.chief if free == "organizer" else on.ann
        url = None if free == "unknown venue" else ARXIV
        done = choices.claim(session, who, on.second.id, "LithOS", url, clock.now())
        assert isinstance(done, Claimed)


def test_a_slot_without_a_paper_is_edited_to_one(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        on = Scene(session, selection_rule=None)
        make_lookup(session, identity="arxiv:2504.15465", title="LithOS: An Operating System")
        taken = choices.claim(session, on.ann, on.second.id, None, None, clock.now())
        assert isinstance(taken, Claimed)
        assert taken.found.talk.title == "To be announced"
        done = choices.edit(session, on.ann, on.second.id, None, ARXIV, clock.now())
        assert isinstance(done, FoundTalk)
        assert (done.talk.title, done.talk.venue, done.talk.url) == (
            "LithOS: An Operating System",
            "arXiv",
            ARXIV,
        )
        for title, venue in (
            ("[SOSP 25] Lith", "SOSP"),
            ("Another title", "SOSP"),
            ("[arXiv] X", "arXiv"),
        ):
            renamed = choices.edit(session, on.ann, on.second.id, title, None, clock.now())
            assert isinstance(renamed, FoundTalk)
            assert (renamed.talk.venue, renamed.talk.url) == (venue, ARXIV)


def test_a_venue_alone_is_put_to_the_title_that_is_known(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        on, now = Scene(session, selection_rule=None), clock.now()
        make_lookup(session, identity="arxiv:2504.15465", title="LithOS: An Operating System")
        choices.claim(session, on.ann, on.second.id, None, None, now)
        for nothing in (None, "[SOSP 25]"):
            with pytest.raises(DomainError, match="title_missing"):
                choices.edit(session, on.ann, on.second.id, nothing, None, now)
        for title, url, becomes in (
            ("Jenga", None, ("Jenga", None)),
            ("[SOSP 25]", None, ("Jenga", "SOSP")),
            ("[NSDI 25]", "https://papers.example/jenga", ("Jenga", "NSDI")),
            ("[OSDI 25]", ARXIV, ("LithOS: An Operating System", "OSDI")),
        ):
            edited = choices.edit(session, on.ann, on.second.id, title, url, now)
            assert isinstance(edited, FoundTalk)
            assert (edited.talk.title, edited.talk.venue) == becomes


def test_a_link_alone_keeps_the_title_unless_a_catalogue_has_another(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        on, now = Scene(session, selection_rule=None), clock.now()
        make_lookup(session, identity="arxiv:2504.15465", title="LithOS: An Operating System")
        choices.claim(session, on.ann, on.second.id, "Jenga", None, now)
        for url, title in (
            ("https://papers.example/jenga", "Jenga"),
            (ARXIV, "LithOS: An Operating System"),
        ):
            edited = choices.edit(session, on.ann, on.second.id, None, url, now)
            assert isinstance(edited, FoundTalk)
            assert (edited.talk.title, edited.talk.url) == (title, url)


def test_claiming_ones_own_slot_names_the_paper_that_it_waits_for(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        on, now = Scene(session), clock.now()
        choices.claim(session, on.ann, on.second.id, None, None, now)
        with pytest.raises(DomainError, match="slot_taken"):
            choices.claim(session, on.bo, on.second.id, "DiffKV", None, now)
        asked = choices.claim(session, on.ann, on.second.id, "[arXiv] LithOS", None, now)
        assert isinstance(asked, RequestView)
        named = choices.claim(session, on.ann, on.second.id, "[SOSP'25] LithOS", None, now)
        assert isinstance(named, FoundTalk)
        assert (named.talk.title, named.talk.venue) == ("LithOS", "SOSP")
        with pytest.raises(DomainError, match="slot_is_yours"):
            choices.claim(session, on.ann, on.second.id, "DiffKV", None, now)


def test_a_venue_alone_is_said_of_the_paper_that_is_known(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        on, now = Scene(session), clock.now()
        make_lookup(session, identity="arxiv:2504.15465", title="LithOS: An OS")
        assert bookings.title_for(session, "[SOSP 25]", ARXIV) == "[SOSP'25] LithOS: An OS"
        assert bookings.title_for(session, "[SOSP 25]", "https://x.example/1") is None
        with pytest.raises(DomainError, match="title_missing"):
            choices.claim(session, on.ann, on.second.id, "[SOSP 25]", None, now)
        choices.claim(session, on.ann, on.second.id, "DiffKV", None, now)
        done = choices.edit(session, on.ann, on.second.id, "[OSDI 26]", None, now)
        assert isinstance(done, FoundTalk)
        assert (done.talk.title, done.talk.venue, done.talk.year) == ("DiffKV", "OSDI", 2026)


@pytest.mark.parametrize("title", ["TBD", "tba.", "待定"])
def test_what_stands_for_no_paper_yet_is_none(sqlite_store: Store, title: str) -> None:
    with sqlite_store.writing() as session:
        assert bookings.name_paper(session, title, None) == bookings.NOT_YET_NAMED


def test_a_longer_title_of_the_same_paper_keeps_its_venue(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        on, now = Scene(session), clock.now()
        choices.claim(session, on.ann, on.second.id, "[SOSP'25] DiffKV", None, now)
        venues = []
        for title in ("DiffKV: Memory for LLMs", "LithOS"):
            done = choices.edit(session, on.ann, on.second.id, title, None, now)
            assert isinstance(done, FoundTalk)
            venues.append((done.talk.venue, done.talk.year))
        assert venues == [("SOSP", 2025), (None, None)]


def test_an_edit_that_bends_the_rule_waits_for_an_organizer(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        on = Scene(session)
        choices.claim(session, on.ann, on.second.id, None, None, clock.now())
        asked = choices.edit(session, on.ann, on.second.id, "LithOS", ARXIV, clock.now())
        assert isinstance(asked, RequestView)
        assert asked.found is not None
        assert asked.found.talk.title == "To be announced"
        agreed = decisions.agree(session, on.chief, asked.id, clock.now())
        assert agreed.found is not None
        assert (agreed.found.talk.title, agreed.found.talk.url) == ("LithOS", ARXIV)
        with pytest.raises(DomainError, match="title_missing"):
            choices.edit(session, on.ann, on.second.id, None, None, clock.now())


def test_only_the_main_presenter_edits_a_talk(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        on = Scene(session)
        with pytest.raises(DomainError) as caught:
            choices.edit(session, on.ann, on.first.id, "Mine now", None, clock.now())
        assert caught.value.code is Refusal.NOT_YOUR_TALK
        for slot_id in (on.second.id, 999):
            with pytest.raises(DomainError, match="open_already"):
                choices.edit(session, on.ann, slot_id, "Mine now", None, clock.now())


def test_the_catalogues_title_replaces_its_short_form_and_no_other(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        on = Scene(session, selection_rule=None)
        make_lookup(session, identity="arxiv:2504.15465", title="LithOS: An Operating System")
        done = choices.claim(session, on.ann, on.second.id, "lithos", ARXIV, clock.now())
        assert isinstance(done, Claimed)
        assert done.found.talk.title == "LithOS: An Operating System"
        other = choices.edit(session, on.ann, on.second.id, "GPU talk", ARXIV, clock.now())
        assert isinstance(other, FoundTalk)
        assert other.talk.title == "GPU talk"


def test_what_the_rule_still_wants_is_said_for_a_regular_meeting(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        on = Scene(session)

        def expected() -> tuple[str, ...]:
            group = groups.by_id(session, on.group.id)
            meeting = queries.meeting(session, group.id, on.meeting.id, clock.now())
            assert meeting is not None
            return objections.expected(group, meeting)

        assert expected() == ("SOSP/OSDI",)
        make_talk(session, on.second, venue="OSDI")
        assert expected() == ()
        make_slot(session, on.meeting)
        make_slot(session, on.meeting)
        on.group.selection_rule = None
        assert expected() == ()
        on.group.selection_rule = "NSDI"
        assert expected() == ("NSDI",)
        on.meeting.kind = MeetingKind.SPECIAL
        session.flush()
        assert expected() == ()


@pytest.mark.parametrize(
    ("title", "url", "expected"),
    [
        ("[SOSP'25]  Jenga ", None, "[SOSP'25] Jenga"),
        (None, None, "To be announced"),
        (None, "https://nobody.example/1", None),
        (None, ARXIV, "[SOSP'25] LithOS"),
        ("Jenga", "https://nobody.example/1", "Jenga"),
    ],
)
def test_a_papers_title_is_known_or_to_be_asked_for(
    sqlite_store: Store, title: str | None, url: str | None, expected: str | None
) -> None:
    with sqlite_store.writing() as session:
        make_lookup(session, identity="arxiv:2504.15465", title="LithOS", venue="SOSP", year=2025)
        make_lookup(session, identity="url:nobody.example/1", title="Nobody", found=False)
        assert bookings.title_for(session, title, url) == expected
        assert bookings.is_known(session, ARXIV)
        assert not bookings.is_known(session, "https://nobody.example/1")


def test_a_link_that_is_none_is_refused_before_its_title_is_asked_for(sqlite_store: Store) -> None:
    with sqlite_store.writing() as session, pytest.raises(DomainError) as caught:
        bookings.title_for(session, None, "nobody.example")
    assert caught.value.params == {"url": "nobody.example"}
