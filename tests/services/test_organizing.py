"""What organizers do: giving slots, taking changes back, rules, and saying who is who."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import MovableClock
from bot.domain.views import Actor, RequestView
from bot.errors import DomainError, Refusal
from bot.services import (
    assignments,
    bookings,
    changes,
    claims,
    decisions,
    groups,
    history,
    identities,
    members,
    releases,
    requests,
    rules,
    slots,
    supporters,
    swaps,
)
from bot.services.identities import Identified
from storage.enums import DeliveryKind, Role
from storage.models import AuditEntry, Delivery, Member, Presenter, Slot, Talk
from storage.store import Store
from tests.factories import (
    make_actor,
    make_chat,
    make_group,
    make_lookup,
    make_meeting,
    make_member,
    make_presenter,
    make_slot,
    make_talk,
    make_term,
)


class Scene:
    """Two open slots; Ann and Bo are members, the chief is an organizer."""

    def __init__(self, session: Session) -> None:
        self.group = make_group(session)
        make_chat(session, self.group)
        term = make_term(session, self.group)
        self.slots = [
            make_slot(session, make_meeting(session, term, date=date(2026, 1, day))).id
            for day in (13, 20)
        ]
        self.chief = make_actor(session, self.group, "Chief", organizer=True)
        self.ann, self.bo = (make_actor(session, self.group, name) for name in ("Ann", "Bo"))


def id_of(actor: Actor) -> int:
    assert actor.member_id is not None
    return actor.member_id


def test_an_organizer_gives_a_slot_and_empties_it(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        on, now = Scene(session), clock.now()
        session.get_one(Member, id_of(on.ann)).reachable = True
        given = assignments.assign(
            session, on.chief, on.slots[0], id_of(on.ann), "LithOS", None, now
        )
        assert given.talk.is_given_by(id_of(on.ann))
        again = assignments.assign(session, on.chief, on.slots[0], id_of(on.ann), None, None, now)
        assert again.talk.id == given.talk.id
        with pytest.raises(DomainError, match="not_empty"):
            assignments.assign(session, on.chief, on.slots[0], id_of(on.bo), None, None, now)
        was = assignments.unassign(session, on.chief, on.slots[0], now)
        assert was.talk.title == "LithOS"
        with pytest.raises(DomainError, match="open_already"):
            assignments.unassign(session, on.chief, on.slots[0], now)
        told = session.scalars(select(Delivery).where(Delivery.kind == DeliveryKind.CHANGE)).all()
        assert [delivery.member_id for delivery in told] == [on.ann.member_id] * 2


def test_a_paper_that_a_catalogue_knows_is_given_by_its_link_alone(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        on = Scene(session)
        make_lookup(session, identity="arxiv:2504.15465", title="LithOS")
        link = "https://arxiv.org/abs/2504.15465"
        given = assignments.assign(
            session, on.chief, on.slots[0], id_of(on.ann), None, link, clock.now()
        )
        assert (given.talk.title, given.talk.url) == ("LithOS", link)


@pytest.mark.parametrize("who", ["ann", "chief"])
def test_who_has_a_talk_or_has_it_no_more_because_of_an_undo_is_told_unless_they_did_it(
    store: Store, clock: MovableClock, who: str
) -> None:
    with store.writing() as session:
        on, now = Scene(session), clock.now()
        actor = getattr(on, who)._replace(organizer=True)
        for one in (on.ann, on.bo):
            session.get_one(Member, id_of(one)).reachable = True
        claims.claim(session, on.ann, on.slots[0], "LithOS", None, now)
        claims.claim(session, on.bo, on.slots[1], "Jenga", None, now)
        change = history.last_change(session, actor, None, now)
        history.undo(session, actor, change.id, now)
        claimed = history.last_change(session, actor, None, now)
        history.undo(session, actor, claimed.id, now)
        told = session.scalars(select(Delivery).where(Delivery.kind == DeliveryKind.CHANGE)).all()
        hear = [on.bo.member_id] if who == "ann" else [on.bo.member_id, on.ann.member_id]
        assert [delivery.member_id for delivery in told] == hear


def test_who_left_is_not_told_in_the_group_that_something_is_theirs(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        on = Scene(session)
        ann = session.get_one(Member, id_of(on.ann))
        ann.reachable = ann.gone = True
        assignments.assign(session, on.chief, on.slots[0], ann.id, None, None, clock.now())
        assert session.scalars(select(Delivery.id).where(Delivery.kind == "change")).all() == []


def test_nobody_is_told_that_a_talk_of_the_past_was_put_right(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        on = Scene(session)
        session.get_one(Member, id_of(on.ann)).reachable = True
        claims.claim(session, on.ann, on.slots[0], "LithOS", None, clock.now())
        change = history.last_change(session, on.chief, None, clock.now())
        clock.move(timedelta(days=60))
        history.undo(session, on.chief, change.id, clock.now())
        assert session.scalars(select(Delivery.id).where(Delivery.kind == "change")).all() == []


def test_a_name_without_an_account_is_made_once(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        on = Scene(session)
        make_member(session, make_group(session), name="Di Da", telegram_id=None)
        made = assignments.new_member(session, on.chief, "  Di\n Da ")
        assert assignments.new_member(session, on.chief, "Di Da") == made
        row = session.get_one(Member, made)
        assert (row.group_id, row.name, row.telegram_id) == (on.group.id, "Di Da", None)
        # Whoever calls their account so is not whom the page means.
        assert assignments.new_member(session, on.chief, "Ann") != on.ann.member_id
        longest = "x" * assignments.MAX_NAME
        assert assignments.new_member(session, on.chief, longest)
        for name in ("…", f"{longest}x"):
            with pytest.raises(DomainError, match="not_a_name"):
                assignments.new_member(session, on.chief, name)


def test_what_organizers_do_nobody_else_does(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        on, now = Scene(session), clock.now()
        tries: dict[str, Callable[[], object]] = {
            "assign": lambda: assignments.assign(
                session, on.ann, on.slots[0], id_of(on.ann), None, None, now
            ),
            "unassign": lambda: assignments.unassign(session, on.ann, on.slots[0], now),
            "name": lambda: assignments.new_member(session, on.ann, "Di"),
            "log": lambda: history.page(session, on.ann, 0, now),
            "last": lambda: history.last_change(session, on.ann, None, now),
            "undo": lambda: history.undo(session, on.ann, 1, now),
            "look": lambda: rules.look(session, on.ann),
            "rule": lambda: rules.set_selection(session, on.ann, None, now),
            "supporters": lambda: rules.set_supporters(session, on.ann, 1, now),
            "fill": lambda: rules.set_fill_days(session, on.ann, 5, now),
        }
        refused = {}
        for name, attempt in tries.items():
            with pytest.raises(DomainError) as caught:
                attempt()
            refused[name] = caught.value.code
        assert refused == dict.fromkeys(tries, Refusal.ORGANIZERS_ONLY)


def test_each_change_of_a_talk_is_taken_back_in_turn(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        on, now = Scene(session), clock.now()
        states = [slots.contents(session, on.slots)]
        claims.claim(session, on.ann, on.slots[0], "LithOS", None, now)
        states.append(slots.contents(session, on.slots))
        claims.claim(session, on.bo, on.slots[1], "DiffKV", None, now)
        states.append(slots.contents(session, on.slots))
        supporters.support(session, on.bo, on.slots[0], now)
        states.append(slots.contents(session, on.slots))
        asked = swaps.ask(session, on.ann, on.slots[0], on.slots[1], now, in_group=True)
        decisions.agree(session, on.bo, asked.id, now)
        states.append(slots.contents(session, on.slots))
        releases.release(session, on.bo, on.slots[0], now)
        for before in reversed(states):
            change = history.last_change(session, on.chief, None, now)
            history.undo(session, on.chief, change.id, now)
            assert slots.contents(session, on.slots) == before
            with pytest.raises(DomainError, match="changed_since"):
                history.undo(session, on.chief, change.id, now)
        with pytest.raises(DomainError, match="nothing_to_undo"):
            history.last_change(session, on.chief, None, now)


def test_a_change_that_others_followed_is_not_taken_back(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        on, now = Scene(session), clock.now()
        claims.claim(session, on.ann, on.slots[0], "LithOS", None, now)
        change = history.last_change(
            session, on.chief, bookings.need(session, on.group.id, on.slots[0], now), now
        )
        supporters.support(session, on.bo, on.slots[0], now)
        with pytest.raises(DomainError, match="changed_since"):
            history.undo(session, on.chief, change.id, now)


def test_the_log_has_every_change_once_newest_first(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        on, now = Scene(session), clock.now()
        for number in range(7):
            claims.claim(session, on.ann, on.slots[0], f"Paper {number}", None, now)
            releases.release(session, on.ann, on.slots[0], now)
        first, older = history.page(session, on.chief, 0, now)
        second, last = history.page(session, on.chief, 1, now)
        assert (len(first), older, len(second), last) == (10, True, 4, False)
        assert [first[0].action, first[0].title, first[0].main] == [
            "talk:release",
            "Paper 6",
            "Ann",
        ]
        ids = [change.id for change in (*first, *second)]
        assert ids == sorted(ids, reverse=True)


def test_a_name_of_the_page_becomes_the_account_with_all_its_talks(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        on, now = Scene(session), clock.now()
        page = make_member(session, on.group, name="Ann Bo", telegram_id=None, affiliation="USTC")
        term = make_term(session, on.group, title="2024 Fall")
        both = make_talk(
            session, make_slot(session, make_meeting(session, term, date=date(2024, 9, 3)))
        )
        make_presenter(session, both, page)
        make_presenter(session, both, session.get_one(Member, id_of(on.ann)))
        asked = identities.ask(session, on.ann, page.id, now, in_group=True)
        assert isinstance(asked, RequestView)
        assert (asked.name, asked.title) == ("Ann Bo", "Ann Bo")
        assert asked.expires_at == now + identities.ANSWER_WITHIN
        page.name = "Ann B."  # as the page spells it by now
        assert requests.by_id(session, on.group.id, asked.id, now).name == "Ann B."
        page.name = "Ann Bo"
        decisions.agree(session, on.chief, asked.id, now)
        assert requests.by_id(session, on.group.id, asked.id, now).name == "Ann Bo"
        assert changes.touched(session) == {both.slot_id}
        ann = session.get_one(Member, id_of(on.ann))
        assert (ann.name, ann.affiliation, ann.keeps_name) == ("Ann Bo", "USTC", True)
        rows = session.execute(select(Presenter.member_id, Presenter.role)).all()
        assert [tuple(row) for row in rows] == [(ann.id, Role.MAIN)]
        assert session.get(Member, page.id) is None
        group = groups.by_id(session, on.group.id)
        members.meet(session, group, on.ann.telegram_id or 0, "ann 🐱", organizer=None)
        assert ann.name == "Ann Bo"


def test_nobody_is_two_names(sqlite_store: Store, clock: MovableClock) -> None:
    with sqlite_store.writing() as session:
        on, now = Scene(session), clock.now()
        one, other = (
            make_member(session, on.group, name=name, telegram_id=None)
            for name in ("Ann B.", "Ann Bo")
        )
        asked = identities.ask(session, on.ann, one.id, now, in_group=True)
        assert isinstance(asked, RequestView)
        # Meanwhile she organizes, and says herself who she is.
        identities.ask(session, on.ann._replace(organizer=True), other.id, now, in_group=True)
        with pytest.raises(DomainError) as caught:
            decisions.agree(session, on.chief, asked.id, now)
        assert (caught.value.code, caught.value.params) == (
            Refusal.NAMED_ALREADY, {"name": "Ann Bo"},
        )  # fmt: skip


def test_two_accounts_are_never_one_name(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        on, now = Scene(session), clock.now()
        page = make_member(session, on.group, name="Ann Bo", telegram_id=None)
        other = make_member(session, on.group, name="Di", telegram_id=None)
        mine = identities.ask(session, on.ann, page.id, now, in_group=True)
        assert isinstance(mine, RequestView)
        make_presenter(session, make_talk(session, session.get_one(Slot, on.slots[0])), page)
        done = identities.ask(session, on.chief, page.id, now, in_group=True)
        chief = members.view(session.get_one(Member, id_of(on.chief)))
        assert done == Identified(chief, 1)
        assert chief.name == "Ann Bo"
        with pytest.raises(DomainError, match="name_taken"):
            decisions.agree(session, on.chief, mine.id, now)
        for who, name_id, code in (
            (on.ann, on.chief.member_id, "name_taken"),
            (on.chief, other.id, "named_already"),
            (on.ann, 999, "old_button"),
        ):
            with pytest.raises(DomainError, match=code):
                identities.ask(session, who, name_id or 0, now, in_group=True)


def test_a_name_can_be_asked_for_that_is_nobodys_account(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        on = Scene(session)
        make_member(session, on.group, name="Di", telegram_id=None)
        make_actor(session, make_group(session), "Ed")
        for name in ("Di", "Ed", "Nobody"):
            identities.check_free(session, on.ann, name)
        for name, refusal, told in (
            ("ann", Refusal.NAMED_ALREADY, "Ann"),
            ("BO", Refusal.NAME_TAKEN, "Bo"),
        ):
            with pytest.raises(DomainError) as caught:
                identities.check_free(session, on.ann, name)
            assert (caught.value.code, caught.value.params) == (refusal, {"name": told})


def test_a_rule_is_kept_as_it_was_understood(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        on, now = Scene(session), clock.now()
        set_to = rules.set_selection(session, on.chief, "nsdi or OSDI, arXiv", now)
        assert set_to.selection_rule == "NSDI/OSDI + arXiv"
        with pytest.raises(DomainError, match="rule_unreadable"):
            rules.set_selection(session, on.chief, "[SOSP]", now)
        assert rules.set_selection(session, on.chief, None, now).selection_rule is None
        for wanted, most in ((99, 9), (-1, 0), (9, 9)):
            assert rules.set_supporters(session, on.chief, wanted, now).max_supporters == most
        set_to = rules.set_fill_days(session, on.chief, 5, now)
        assert set_to.fill_days == 5
        assert rules.look(session, on.chief) == set_to
        with pytest.raises(DomainError, match="old_button"):
            rules.set_fill_days(session, on.chief, 4, now)
        actions = session.scalars(select(AuditEntry.action)).all()
        assert actions.count("group:rules") == 6
        assert session.scalars(select(Talk.id)).all() == []
