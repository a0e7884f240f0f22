"""Planning a term step by step, making it, and taking it back, on both databases."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from bot.clock import MovableClock
from bot.domain.moves import MAX_PLACE
from bot.domain.term_plans import Step
from bot.errors import DomainError
from bot.services import (
    closings,
    groups,
    history,
    meeting_changes,
    new_terms,
    term_drafts,
)
from bot.services.new_terms import Made
from bot.services.term_drafts import SHOW, Planning
from storage.enums import DeliveryKind, DeliveryState, Weekday
from storage.models import Delivery, Group, Meeting, Slot, Term
from storage.store import Store
from tests.factories import (
    make_actor,
    make_chat,
    make_group,
    make_meeting,
    make_term,
    make_term_page,
    make_wait,
)
from tests.services.terms_desk import Desk

MARCH_3, MARCH_31 = date(2026, 3, 3), date(2026, 3, 31)


def _begin(desk: Desk, title: str = "2026 Spring") -> Planning:
    return term_drafts.begin(desk.session, desk.ada, title, desk.now)


def _tap(desk: Desk, planning: Planning, step: Step, choice: int) -> Planning:
    return term_drafts.choose(desk.session, desk.ada, planning.draft_id, step, choice, desk.now)


def _say(desk: Desk, planning: Planning, words: str, reply_id: int = 0) -> Planning:
    number = reply_id or hash((planning.step, words)) % 10_000
    return term_drafts.answer(desk.session, desk.ada, planning.draft_id, words, number, desk.now)


def _make(desk: Desk, planning: Planning) -> Made:
    return new_terms.make(desk.session, desk.ada, planning.draft_id, desk.now)


def _march(desk: Desk) -> Made:
    planning = _begin(desk)
    planning = _tap(desk, planning, Step.LAST, MARCH_31.toordinal())
    return _make(desk, planning)


def test_every_step_has_a_default_and_a_tap_is_enough(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        planning = _begin(desk, "")
        assert (planning.step, planning.plan.title) == (Step.TITLE, "2026 Spring")
        asked = []
        choices = {Step.TITLE: 1, Step.FIRST: MARCH_3.toordinal(), Step.LAST: MARCH_31.toordinal()}
        choices |= {Step.WEEKDAY: 1, Step.TIME: 19 * 60, Step.PLACE: 1, Step.TOPICS: 2}
        choices |= {Step.COUNTRY: 1, Step.SKIPS: 0}
        while planning.step is not Step.PLAN:
            asked.append(planning.step)
            planning = _tap(desk, planning, planning.step, choices[planning.step])
        assert asked == list(Step)[:-1]
        assert [day.date.day for day in planning.days] == [3, 10, 17, 24, 31]
        assert planning.plan.country == "CN"  # by the group's time zone
        assert (planning.plan.topics, planning.last) == (2, "2025 Fall")
        # As long as the last term, from its season's beginning on.
        defaults = _begin(desk, "2026 Fall").plan
        assert (defaults.first, defaults.ends) == (date(2026, 9, 1), date(2027, 1, 12))


def test_every_step_takes_words_as_well(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        planning = _begin(desk, "")
        said = (
            "Summer school",
            "mar 2",
            "mar 31",
            "thursdays",
            "18:30",
            "Room 301, https://meet.example/1",
            "3",
        )
        for words in (*said, "germany"):
            planning = _say(desk, planning, words)
        assert (planning.step, planning.country) == (Step.SKIPS, "DE")
        planning = _say(desk, planning, "mar 5, 3月12日")
        plan = planning.plan
        assert (plan.title, plan.first, plan.ends) == ("Summer school", date(2026, 3, 2), MARCH_31)
        assert (plan.weekday, plan.start_time) == (Weekday.THURSDAY, time(18, 30))
        assert (plan.place, plan.topics, plan.country) == ("Room 301", 3, "DE")
        assert plan.online_url == "https://meet.example/1"
        held = [day.date.day for day in planning.days if day.left_out is None]
        assert held == [19, 26]
        planning = _say(desk, planning, "mar 5")  # named once more: it meets all the same
        held = [day.date.day for day in planning.days if day.left_out is None]
        assert held == [5, 19, 26]


def test_the_link_to_join_is_kept_apart_from_the_place_which_everybody_may_read(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        desk.group.online_url = "https://meet.example/usual"
        session.flush()
        desk.ada = desk.ada._replace(group=groups.by_id(session, desk.group.id))

        def made(title: str, first: str, where: str) -> tuple[str | None, str | None]:
            planning = _say(desk, _tap(desk, _begin(desk, title), Step.FIRST, SHOW), first)
            planning = _say(desk, _tap(desk, planning, Step.PLACE, SHOW), where)
            term = _make(desk, planning)
            meeting = session.scalars(
                select(Meeting).where(Meeting.term_id == term.term.id)
            ).first()
            assert meeting is not None
            return meeting.place, meeting.online_url

        spring = made("2026 Spring", "mar 3", "Room 7, https://meet.example/1")
        assert spring == ("Room 7", "https://meet.example/1")
        assert made("2027 Spring", "mar 2 2027", "https://meet.example/usual")[1] is None


def test_a_day_that_was_this_year_is_meant_near_the_term(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        desk = Desk(session, clock)
        planning = _tap(desk, _begin(desk, "2026 Fall"), Step.LAST, SHOW)
        assert _say(desk, planning, "jan 5").plan.ends == date(2027, 1, 5)


def test_what_the_group_is_like_is_suggested(sqlite_store: Store, clock: MovableClock) -> None:
    with sqlite_store.writing() as session:
        desk = Desk(session, clock)
        desk.group.country = "DE"
        session.flush()
        assert (_begin(desk).country, _begin(desk).plan.country) == ("DE", "DE")
        longest = "x" * MAX_PLACE
        planning = _say(desk, _tap(desk, _begin(desk), Step.PLACE, SHOW), longest)
        assert planning.plan.place == longest


def test_making_the_term_plans_its_meetings_slots_and_reminders_in_one_entry(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        planning = _begin(desk)
        for step, choice in (
            (Step.LAST, MARCH_31.toordinal()),
            (Step.WEEKDAY, 3),
            (Step.TIME, 18 * 60 + 30),
            (Step.SKIPS, date(2026, 3, 12).toordinal()),
        ):
            planning = _tap(desk, planning, step, choice)
        planning = _tap(desk, planning, Step.PLACE, SHOW)
        planning = _say(desk, planning, "Room 301")
        made = _make(desk, planning)
        assert (made.meetings, made.slots) == (3, 6)
        term = session.get_one(Term, made.term.id)
        assert (term.requirements, term.other_information) == (
            desk.term.requirements,
            desk.term.other_information,
        )
        assert (term.first_date, term.last_date) == (planning.plan.first, MARCH_31)
        meetings = session.scalars(
            select(Meeting).where(Meeting.term_id == term.id).order_by(Meeting.date)
        ).all()
        assert [meeting.date.day for meeting in meetings] == [5, 19, 26]
        assert {meeting.starts_at.hour for meeting in meetings} == {10}  # 18:30 in Shanghai
        assert {meeting.place for meeting in meetings} == {"Room 301"}
        assert desk.slots(meetings[0].id) == [(1, "Topic I"), (2, "Topic II")]
        for meeting in meetings:
            kinds = {key.split(":")[3] for key in desk.planned(Delivery.meeting_id == meeting.id)}
            assert kinds == {"announcement", "day_before", "starting_soon"}
        group = session.get_one(Group, desk.group.id)
        assert (group.weekday, group.start_time) == (Weekday.THURSDAY, time(18, 30))
        assert group.country == "CN"
        (entry,) = desk.entries()
        assert (entry.action, entry.subject_id) == ("term:create", term.id)


def test_a_second_tap_makes_no_second_term(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        planning = _begin(desk)
        made = _make(desk, planning)
        assert _make(desk, planning) == made
        assert len(session.scalars(select(Term)).all()) == 2
        places = session.scalars(select(Meeting.place).where(Meeting.term_id == made.term.id))
        assert set(places) == {None}  # the group's own, whatever that will be
        with pytest.raises(DomainError, match="draft_gone"):
            _tap(desk, planning, Step.TOPICS, 3)


def test_a_reply_that_comes_twice_counts_once(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        planning = _say(desk, _begin(desk), "mar 2", 7)
        assert _say(desk, planning, "mar 2", 7) == planning
        assert planning.step is Step.LAST


def test_holidays_are_left_out_and_can_be_held_all_the_same(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        planning = _tap(desk, _begin(desk), Step.LAST, date(2026, 5, 12).toordinal())
        labour = date(2026, 5, 5)

        def out(shown: Planning) -> list[date]:
            return [day.date for day in shown.days if day.left_out is not None]

        assert out(planning) == [labour]
        held = _tap(desk, planning, Step.SKIPS, -labour.toordinal())
        assert (held.step, out(held)) == (Step.SKIPS, [])
        assert out(_tap(desk, planning, Step.SKIPS, -labour.toordinal())) == []
        assert out(_tap(desk, planning, Step.SKIPS, labour.toordinal())) == [labour]
        assert out(_tap(desk, planning, Step.COUNTRY, 0)) == [labour]  # left out by hand
        assert session.get_one(Group, desk.group.id).country is None  # nothing is made yet


def _draft(desk: Desk, **steps: int | str) -> Callable[[], Planning]:
    """Answer these steps of a new plan, and show it."""

    def act() -> Planning:
        planning = _begin(desk)
        for name, said in steps.items():
            step = Step[name]
            if isinstance(said, int):
                planning = _tap(desk, planning, step, said)
            else:
                planning = _say(desk, _tap(desk, planning, step, SHOW), said)
        return _tap(desk, planning, Step.PLAN, SHOW)

    return act


@pytest.mark.parametrize(
    ("steps", "refusal"),
    [
        ({"FIRST": "jan 2 2026"}, "term_is_past"),
        ({"FIRST": "9999-12-31"}, "day_is_far"),
        ({"FIRST": "soon"}, "not_a_date"),
        ({"LAST": "jan 30"}, "term_ends_first"),
        ({"LAST": "mar 31 2028"}, "term_too_long"),
        ({"WEEKDAY": "whenever"}, "not_a_weekday"),
        ({"TIME": "25:00"}, "not_a_time"),
        ({"PLACE": "x" * 201}, "place_too_long"),
        ({"TOPICS": "7"}, "topics_how_many"),
        ({"TOPICS": "many"}, "topics_how_many"),
        ({"COUNTRY": "Atlantis"}, "country_unknown"),
        ({"SKIPS": "mar 4"}, "not_in_plan"),
        ({"LAST": MARCH_3.toordinal(), "SKIPS": MARCH_3.toordinal()}, "term_is_empty"),
        ({"FIRST": "jan 12"}, "term_overlaps"),
        ({"FIRST": 10**9}, "old_button"),
        ({"WEEKDAY": 7}, "old_button"),
        ({"TIME": 24 * 60}, "old_button"),
    ],
)
def test_what_makes_no_term_is_refused_and_changes_nothing(
    store: Store, clock: MovableClock, steps: dict[str, int | str], refusal: str
) -> None:
    with store.writing() as session:
        with pytest.raises(DomainError, match=refusal) as caught:
            _draft(Desk(session, clock), **steps)()
        if refusal == "term_is_empty":
            assert caught.value.params == {"first": MARCH_3, "last": MARCH_3}
        assert len(session.scalars(select(Term)).all()) == 1


def test_a_meeting_on_the_day_of_another_terms_is_named(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        with pytest.raises(DomainError) as caught:
            _draft(desk, FIRST="jan 12")()
        assert caught.value.params["title"] == "2025 Fall"
        assert caught.value.params["meeting"].date == date(2026, 1, 13)
        skipping = _draft(desk, FIRST="jan 12", LAST="jan 27", SKIPS="jan 13, jan 20")()
        assert [day.date.day for day in skipping.days if day.left_out is None] == [27]
        other = make_term(session, desk.group, title="Winter school")
        make_meeting(session, other, date=date(2026, 1, 27))
        with pytest.raises(DomainError) as caught:
            _draft(desk, FIRST="jan 21")()
        assert caught.value.params["title"] == "Winter school"


def test_a_title_is_the_groups_only_once(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        with pytest.raises(DomainError, match="term_title_taken"):
            _begin(desk, "2025 Fall")
        with pytest.raises(DomainError, match="title_too_long"):
            _begin(desk, "x" * 101)
        with pytest.raises(DomainError, match="term_title_taken"):
            _say(desk, _begin(desk, ""), "2025 Fall")
        one, other = _begin(desk), _begin(desk)
        _make(desk, one)
        assert _tap(desk, other, Step.TOPICS, 3).plan.topics == 3
        with pytest.raises(DomainError, match="term_title_taken"):
            _make(desk, other)
        make_term(session, make_group(session), title="Elsewhere")
        assert _begin(desk, "Elsewhere").step is Step.FIRST


def test_only_the_organizer_who_began_goes_on(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        planning = _begin(desk)
        bea = make_actor(session, desk.group, "Bea", organizer=True)
        stranger = make_actor(session, make_group(session), "Zoe", organizer=True)
        for actor, refusal in (
            (desk.ann, "organizers_only"),
            (bea, "somebody_elses_button"),
            (stranger, "draft_gone"),
        ):
            tries: tuple[Callable[[], object], ...] = (
                lambda a=actor: term_drafts.choose(  # type: ignore[misc]
                    session, a, planning.draft_id, Step.TOPICS, 1, desk.now
                ),
                lambda a=actor: term_drafts.answer(  # type: ignore[misc]
                    session, a, planning.draft_id, "mar 2", 1, desk.now
                ),
                lambda a=actor: new_terms.make(  # type: ignore[misc]
                    session, a, planning.draft_id, desk.now
                ),
            )
            for attempt in tries:
                with pytest.raises(DomainError, match=refusal):
                    attempt()
        with pytest.raises(DomainError, match="organizers_only"):
            term_drafts.begin(session, desk.ann, "X", desk.now)
        clock.move(timedelta(days=8))
        with pytest.raises(DomainError, match="draft_gone"):
            _make(desk, planning)


def test_a_group_without_a_term_and_a_chat_can_plan_one(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        group = make_group(session, timezone="UTC", place=None)
        ada = make_actor(session, group, "Ada", organizer=True)
        planning = term_drafts.begin(session, ada, "First", clock.now())
        assert (planning.country, planning.last) == (None, None)
        made = new_terms.make(session, ada, planning.draft_id, clock.now())
        assert (made.meetings, made.slots) == (16, 32)
        assert session.scalars(select(Delivery)).all() == []
        term = session.get_one(Term, made.term.id)
        assert (term.requirements, term.other_information) == ("", "")


def test_a_term_is_taken_back_whole(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        planning = _tap(desk, _begin(desk), Step.WEEKDAY, 3)
        made = _make(desk, planning)
        term = session.get_one(Term, made.term.id)
        make_term_page(session, term)
        slot = session.scalars(
            select(Slot).join(Meeting).where(Meeting.term_id == term.id).order_by(Slot.id)
        ).first()
        assert slot is not None
        make_wait(session, slot)
        make_wait(session, slot, slot_id=None, term_id=term.id)
        before = desk.planned(Delivery.meeting_id == desk.first)
        assert desk.undo() == "term:create"
        session.flush()
        entry, undone = desk.entries()
        assert (undone.action, undone.subject_id) == ("term:undo", made.term.id)
        assert (undone.undoes_id, undone.before, undone.after) == (
            entry.id, entry.after, entry.before,
        )  # fmt: skip
        assert session.scalars(select(Term.title)).all() == ["2025 Fall"]
        assert session.scalars(select(Meeting.date)).all() == [
            meeting.date for meeting in desk.meetings
        ]
        assert session.get_one(Group, desk.group.id).weekday is Weekday.TUESDAY
        assert desk.planned(Delivery.meeting_id.is_not(None)) >= before
        kinds = [DeliveryKind.ANNOUNCEMENT, DeliveryKind.DAY_BEFORE, DeliveryKind.STARTING_SOON]
        left = select(Delivery.id).where(
            Delivery.meeting_id.is_(None),
            Delivery.kind.in_(kinds),
            Delivery.state == DeliveryState.PLANNED,
        )
        assert session.scalars(left).all() == []
        with pytest.raises(DomainError, match="draft_gone"):
            _make(desk, planning)
        again = _march(desk)
        assert again.term.id != made.term.id  # an old button does not mean the new term's


@pytest.mark.parametrize("since", ["claimed", "moved", "renamed", "closed", "begun anew"])
def test_a_term_that_somebody_works_with_is_not_taken_back(
    store: Store, clock: MovableClock, since: str
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        made = _march(desk)
        meeting_id = session.scalars(
            select(Meeting.id).where(Meeting.term_id == made.term.id).order_by(Meeting.date)
        ).first()
        assert meeting_id is not None
        if since == "claimed":
            desk.claim(desk.slot_ids(meeting_id)[0])
        elif since == "moved":
            day = date(2026, 3, 4)
            meeting_changes.move(session, desk.ada, meeting_id, day, None, desk.now)
        elif since == "renamed":
            session.get_one(Term, made.term.id).title = "Spring"
        elif since == "closed":
            clock.set(datetime(2026, 4, 1, tzinfo=UTC))
            closings.close(session, desk.ada, made.term.id, desk.now)
        else:
            history.undo(session, desk.ada, made.entry_id, desk.now)
        with pytest.raises(DomainError, match="changed_since"):
            history.undo(session, desk.ada, made.entry_id, desk.now)


def test_another_groups_meetings_are_no_hindrance(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        other = make_group(session)
        make_chat(session, other)
        make_meeting(session, make_term(session, other), date=MARCH_3)
        assert _march(desk).meetings == 5
        outsider = desk.ada._replace(group=groups.by_id(session, other.id))
        with pytest.raises(DomainError, match="old_button"):
            history.undo(session, outsider, desk.entries()[-1].id, desk.now)
