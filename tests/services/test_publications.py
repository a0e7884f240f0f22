"""Which groups are due to be published, and what became of it, on both databases."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.clock import MovableClock
from bot.domain.page import Page
from bot.domain.page_changes import Edit, merge
from bot.domain.reminders import pause_before_retry
from bot.publish.markdown import parse, tidy, write
from bot.services import changes, groups, page_clashes, page_edits, publications, terms
from bot.services.page_edits import Taken
from bot.services.publications import Changed
from storage.enums import PageChoice
from storage.models import (
    AuditEntry,
    Delivery,
    Group,
    Link,
    Meeting,
    Publication,
    Slot,
    Talk,
    Term,
    TermPage,
)
from storage.store import Store
from tests import statements
from tests.factories import (
    make_file,
    make_group,
    make_meeting,
    make_talk,
    make_term,
    make_term_page,
    make_wait,
)
from tests.publish.press import PAGE, Press, press
from tests.services.test_announcements import plans

MINUTE = timedelta(minutes=1)
TOO_LONG = (
    f"13 January 2026: the title “{'x' * 39}…” has 501 characters; 500 is the most. "
    "Shorten it on the page."
)


@pytest.fixture
def here(store: Store, clock: MovableClock, tmp_path: Path) -> Press:
    return press(store, clock, tmp_path)


def _newest(here: Press) -> int:
    with here.store.reading() as session:
        return session.scalar(select(func.max(AuditEntry.id))) or 0


def test_what_was_changed_since_is_read_off_the_log(here: Press, clock: MovableClock) -> None:
    first = clock.now()
    with here.store.reading() as session:
        seen, changed = publications.changed(session, None)
    assert changed == (Changed(here.group_id, first, first),)

    clock.move(MINUTE)
    here.claim()
    with here.store.reading() as session:
        newest, changed = publications.changed(session, seen)
        assert changed == (Changed(here.group_id, first + MINUTE, first + MINUTE),)
        assert publications.changed(session, newest) == (newest, ())


def test_a_new_process_knows_what_is_published_already(here: Press, clock: MovableClock) -> None:
    with here.store.writing() as session:
        publications.settle(session, here.group_id, _newest(here), None)
        assert publications.changed(session, None)[1] == ()
    here.claim()
    with here.store.reading() as session:
        (one,) = publications.changed(session, None)[1]
    assert one.group_id == here.group_id


def test_changes_that_go_on_wait_three_minutes_at_most(clock: MovableClock) -> None:
    now = clock.now()
    assert Changed(1, now, now).due_at == now + MINUTE
    assert Changed(1, now, now).then(Changed(1, now + MINUTE, now + MINUTE)).due_at == (
        now + 2 * MINUTE
    )
    assert Changed(1, now, now + 9 * MINUTE).due_at == now + 3 * MINUTE


def test_trouble_that_comes_on_top_and_does_not_pass_by_itself_is_told_once_a_day(
    here: Press, clock: MovableClock
) -> None:
    now, day = clock.now(), timedelta(days=1)
    with here.store.writing() as session:
        for trouble, passing, at in (
            ("Nobody answers.", True, now),
            ("Both changed it.", False, now),
            ("Nobody answers.", True, now),
            ("Both changed it.", False, now),
            ("Both changed it.", False, now + day),
            ("Nobody answers.", True, now + day),
            ("Both changed it.", False, now + day),
        ):
            publications.fail(session, here.group_id, trouble, at, passing=passing)
    assert [text for _, text in here.told()] == [
        "Nobody answers.",
        "Both changed it.",
        "Both changed it.",
    ]


def test_trouble_is_told_once_and_tried_more_and_more_rarely(
    here: Press, clock: MovableClock
) -> None:
    now = clock.now()
    with here.store.writing() as session:
        assert publications.fail(session, here.group_id, "No space.", now)
        assert not publications.fail(session, here.group_id, "No space.", now)
        assert publications.fail(session, here.group_id, "x" * 400, now, passing=True)
        row = session.scalars(select(Publication)).one()
        assert (row.attempts, row.trouble) == (3, "x" * 300)
        assert row.try_at is not None
        assert row.try_at == now + pause_before_retry(3)
        assert publications.due(session, row.try_at - MINUTE) == ()
        assert publications.due(session, row.try_at) == (here.group_id,)
        assert publications.troubles(session) == {here.group_id: "x" * 300}
        assert publications.settle(session, here.group_id, 7, None)
        assert publications.due(session, now + timedelta(days=9)) == ()
        assert session.scalars(select(Delivery.text).where(Delivery.kind == "page")).all() == [
            "No space."
        ]


def _edit(here: Press, *changes: tuple[str, str]) -> Edit:
    seen = terms_page(here)
    text = write(seen)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    merged = merge(tidy(seen), parse(text).page, tidy(seen))
    assert merged.clashes == ()
    return Edit(_term(here), seen, tidy(seen), merged)


def _term(here: Press) -> int:
    with here.store.reading() as session:
        return publications.state(session, here.group_id, here.clock.now()).terms[0].term_id


def _take(here: Press, edit: Edit) -> Taken:
    with here.store.writing() as session:
        group = groups.by_id(session, here.group_id)
        return page_edits.take(session, group, edit, here.clock.now())


def test_what_was_edited_is_taken_unless_the_schedule_changed_meanwhile(here: Press) -> None:
    edit = _edit(here, ("Ann\n", "Ann, Bo\n"))
    here.claim()
    assert _take(here, edit) == Taken()

    taken = _take(here, _edit(here, ("Ann\n", "Ann, Bo\n")))
    assert taken.page is not None
    assert "- 🙎‍♂️ Ann, Bo\n" in write(taken.page)
    assert here.log()[-2:] == [("Somebody", "talk:on_page"), ("Somebody", "page:edit")]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "### January 13",
            "### January 6",
            "13 January 2026 is on 6 January 2026 on the page, but what is past cannot be moved.",
        ),
        (
            "[REFRAG]",
            f"[{'x' * 501}]",
            TOO_LONG,
        ),
    ],
)
def test_what_the_schedule_must_not_take_changes_nothing(
    here: Press, old: str, new: str, told: str
) -> None:
    before = here.log()
    assert _take(here, _edit(here, (old, new))) == Taken(objections=(told,))
    assert here.log() == before


def test_who_took_a_talk_in_the_chat_and_another_terms_meeting_stay_as_they_are(
    here: Press,
) -> None:
    here.claim()
    with here.store.writing() as session:
        term = make_term(session, session.get_one(Group, here.group_id), title="Winter school")
        make_meeting(session, term, date=date(2026, 1, 27))
    assert _take(here, _edit(here, ("### January 13", "### January 27"))).objections == (
        "13 January 2026 is on 27 January 2026 on the page, where there is another meeting.",
    )
    new = "## Schedule\n\n### January 27\n\n#### Topic I\n\n- 💡 *open*\n\n<br>\n"
    assert _take(here, _edit(here, ("## Schedule\n", new))).objections == (
        "27 January 2026 belongs to another term already.",
    )
    assert _take(here, _edit(here, ("- 🙎‍♂️ Ben\n", "- 🙎‍♂️ Cy\n"))).objections == (
        "13 January 2026, Topic II: Ben took the talk; the page does not say.",
    )


def test_a_talk_that_is_corrected_on_the_page_is_the_same_talk(
    sqlite_store: Store, clock: MovableClock, tmp_path: Path
) -> None:
    here = press(sqlite_store, clock, tmp_path)
    here.claim("LithOS")

    def talks() -> list[tuple[int, str]]:
        with sqlite_store.reading() as session:
            return [(row.id, row.title) for row in session.scalars(select(Talk).order_by(Talk.id))]

    (first, _), (second, _) = talks()
    for old, new in (("REFRAG", "REFRAG again"), ("LithOS", "LithOS: A GPU OS")):
        assert _take(here, _edit(here, (old, new))).page is not None
    assert talks() == [(first, "REFRAG again"), (second, "LithOS: A GPU OS")]


def test_a_meeting_that_moves_on_the_page_may_change_besides(
    sqlite_store: Store, clock: MovableClock, tmp_path: Path
) -> None:
    here = press(sqlite_store, clock, tmp_path)
    with sqlite_store.reading() as session:
        ids = list(session.scalars(select(Meeting.id).order_by(Meeting.id)))
    edit = _edit(here, ("### January 13\n", "### January 14\n"), ("- 🙎‍♂️ Ann\n", "- 🙎‍♂️ Ann, Bo\n"))
    assert edit.merged.moves != ()
    taken = _take(here, edit)
    assert taken.page is not None
    assert tidy(taken.page) == edit.merged.page
    with sqlite_store.reading() as session:
        assert list(session.scalars(select(Meeting.id).order_by(Meeting.id))) == ids


def test_what_shows_a_meeting_is_out_of_date_once_its_page_was_edited(
    sqlite_store: Store, clock: MovableClock, tmp_path: Path
) -> None:
    here = press(sqlite_store, clock, tmp_path)
    edit = _edit(here, ("- 🙎‍♂️ Ann\n", "- 🙎‍♂️ Ann, Bo\n"))
    with sqlite_store.writing() as session:
        meeting = session.scalars(select(Meeting).order_by(Meeting.date)).first()
        assert meeting is not None
        page_edits.take(session, groups.by_id(session, here.group_id), edit, clock.now())
        touched = session.scalars(select(Slot.id).where(Slot.meeting_id == meeting.id)).all()
        assert changes.touched(session) == set(touched)


def test_a_meeting_that_is_new_on_the_page_is_one_of_the_term(
    sqlite_store: Store, clock: MovableClock, tmp_path: Path
) -> None:
    here = press(sqlite_store, clock, tmp_path)
    new = "## Schedule\n\n### January 27\n\n#### Topic I\n\n- 💡 *open*\n\n<br>\n"
    assert _take(here, _edit(here, ("## Schedule\n", new))).page is not None
    with sqlite_store.reading() as session:
        meetings = session.execute(select(Meeting.term_id, Meeting.date).order_by(Meeting.date))
        assert [tuple(row) for row in meetings] == [
            (_term(here), date(2026, 1, day)) for day in (13, 20, 27)
        ]


def test_a_meeting_moves_on_the_page_to_a_day_whose_hour_is_yet_to_come(
    sqlite_store: Store, clock: MovableClock, tmp_path: Path
) -> None:
    here = press(sqlite_store, clock, tmp_path)
    clock.set(datetime(2026, 1, 9, 10, 59, tzinfo=UTC))  # 18:59 in Shanghai
    today = ("### January 13", "### January 9")
    assert _take(here, _edit(here, today)).page is not None
    clock.set(datetime(2026, 1, 9, 11, tzinfo=UTC))
    assert _take(here, _edit(here, ("### January 9", "### January 13"))).objections == (
        "9 January 2026 is on 13 January 2026 on the page, but what is past cannot be moved.",
    )


def test_of_two_links_of_a_kind_one_is_taken_off_the_page(
    sqlite_store: Store, clock: MovableClock, tmp_path: Path
) -> None:
    here = press(sqlite_store, clock, tmp_path)
    one, two = (f"[📕 slides](https://slides.example/{number}.pdf)" for number in (1, 2))
    for old, new in (("- 🙎‍♂️ Ann\n", f"- 🙎‍♂️ Ann\n- {one}, {two}\n"), (f"{one}, ", "")):
        assert _take(here, _edit(here, (old, new))).page is not None
    with sqlite_store.reading() as session:
        urls = session.scalars(select(Link.url)).all()
    assert urls == ["https://slides.example/2.pdf"]


@pytest.mark.parametrize("dropped", [("II",), ("I", "II")])
def test_an_open_slot_that_somebody_waits_for_is_not_dropped(
    here: Press, dropped: tuple[str, ...]
) -> None:
    there = "".join(f"#### Topic {number}\n\n- 💡 *open*\n\n" for number in dropped)
    edit = _edit(here, (f"{there}<br>", "<br>"))
    with here.store.writing() as session:
        view = publications.state(session, here.group_id, here.clock.now())
        meeting = view.archive.terms[0].meetings[0]
        make_wait(session, session.get_one(Slot, meeting.slots[1].id))
    assert _take(here, edit).objections == (
        "20 January 2026, Topic II was asked for, and is not on the page any more.",
    )


def test_organizers_are_asked_once_for_each_edit(here: Press) -> None:
    term, now = _term(here), here.clock.now()

    def ask(digest: str, *, takable: bool = True) -> bool:
        with here.store.writing() as session:
            return page_clashes.ask(
                session, here.group_id, term, digest, ["a"] * 10, now, takable=takable
            )

    assert ask("a" * 64)
    assert not ask("a" * 64)
    assert not ask("b" * 64)  # the same does not fit
    assert ask("b" * 64, takable=False)
    assert len(here.told()) == 2
    assert here.told()[0][1].splitlines() == ["a"] * 8 + ["And 2 more."]
    with here.store.writing() as session:
        publications.wrote(session, {term: "# 2025 Fall\n"})
        row = session.scalars(select(TermPage)).one()
        assert (row.written, row.conflict, row.takable) == ("# 2025 Fall\n", None, True)


def test_what_is_due_is_found_by_indexes(
    sqlite_store: Store, clock: MovableClock, tmp_path: Path
) -> None:
    press(sqlite_store, clock, tmp_path)
    with sqlite_store.reading() as session, statements.noted() as said:
        publications.changed(session, 0)
        publications.due(session, clock.now())
    with sqlite_store.reading() as session:
        newest, changed, due = (
            plans(session, sql, parameters) for sql, parameters in said if sql.startswith("SELECT")
        )
    assert newest.startswith("SEARCH")
    assert "rowid>" in changed
    assert "ix_publications_try_at" in due


def test_what_was_written_is_known_by_term(sqlite_store: Store, clock: MovableClock) -> None:
    with sqlite_store.writing() as session:
        term, other = make_term(session), make_term(session)
        publications.begin(session, term.group_id, {term.id: "1" * 64})
        row = session.scalars(select(TermPage)).one()
        assert (row.group_id, row.term_id, row.written, row.writing) == (
            term.group_id,
            term.id,
            "",
            "1" * 64,
        )
        publications.begin(session, term.group_id, {term.id: "2" * 64})
        assert row.writing == "2" * 64
        row.conflict, row.choice, row.takable = "3" * 64, PageChoice.PAGE, False
        publications.wrote(session, {term.id: "# Fall", 999: "of a term that is gone"})
        session.flush()
        session.refresh(row)
        left: tuple[object, ...] = (row.writing, row.conflict, row.choice)
        assert (row.written, *left, row.takable) == ("# Fall", None, None, None, True)
        assert publications.written(session, term.group_id) == {term.id: "# Fall"}
        assert publications.written(session, other.group_id) == {}
        assert publications.pages(session) == ((term.group_id, term.id, "2025 Fall"),)


def test_a_page_that_was_imported_is_remembered_once(sqlite_store: Store) -> None:
    with sqlite_store.writing() as session:
        term, other = make_term(session), make_term(session)
        publications.remember(session, term.group_id, "2026 Spring", "text")
        assert session.query(TermPage).count() == 0
        for text in ("first", "second"):
            publications.remember(session, term.group_id, "2025 Fall", text)
        assert publications.written(session, term.group_id) == {term.id: "first"}
        assert publications.written(session, other.group_id) == {}


def test_a_groups_page_is_looked_at_when_it_is_due(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        first, second = (make_group(session).id for _ in range(2))
        now = clock.now()
        publications.ask_for(session, second, now)
        publications.advance(session, first, 7, now + MINUTE)
        row = session.scalars(select(Publication).where(Publication.group_id == first)).one()
        assert (row.audit_id, row.try_at, row.attempts, row.trouble) == (7, now + MINUTE, 0, None)
        assert publications.due(session, now - MINUTE) == ()
        assert publications.due(session, now + MINUTE) == (second, first)
        assert not publications.settle(session, first, 8, now + 2 * MINUTE)
        assert (row.audit_id, row.try_at) == (8, now + 2 * MINUTE)
        assert publications.troubles(session) == {}


def test_a_terms_file_is_known_with_what_is_asked_about_it(
    here: Press, clock: MovableClock
) -> None:
    with here.store.writing() as session:
        before = publications.state(session, here.group_id, clock.now())
        assert (before.slides, before.audit_id, len(before.changes)) == ((), 1, 1)
        (term,) = before.terms
        assert (term.written, term.writing, term.conflict, term.choice) == (None,) * 4
        page = make_term_page(
            session,
            session.get_one(Term, term.term_id),
            written="# Fall",
            writing="1" * 64,
            conflict="2" * 64,
            choice=PageChoice.SCHEDULE,
        )
        publications.settle(session, here.group_id, 1, None)
        talk = session.scalars(select(Talk)).one()
        sent = make_file(session, talk)
        make_file(session, make_talk(session))  # another group's
        after = publications.state(session, here.group_id, clock.now())
        assert after.slides == (sent.name,)
        (term,) = after.terms
        assert (term.written, term.writing, term.conflict, term.choice) == (
            page.written,
            page.writing,
            page.conflict,
            PageChoice.SCHEDULE,
        )
        assert after.changes == ()


LINK = "[📕 slides](https://slides.example/1.pdf), [🔗 code](https://code.example/1)"
EDITS = (
    ("At least 45 minutes.", "At least 30 minutes."),
    ("### January 13\n", "### January 14\n"),
    ("### January 13\n", "### January 13\n\n- ✨ *cancelled*\n"),
    ("#### Topic II\n\n- 💡 *open*\n\n<br>", "#### Discussion\n\n- 💡 *open*\n\n<br>"),
    ("#### Topic II\n\n- 💡 *open*\n\n<br>", "<br>"),
    ("<br><br>", "#### Topic III\n\n- 💡 [SOSP'25] LithOS\n- 🙎‍♂️ Cy, Di\n\n<br><br>"),
    ("REFRAG", "REFRAG: Rethinking RAG"),
    ("[arXiv] [REFRAG](https://arxiv.org/abs/2509.01092)", "[OSDI'25] Jenga"),
    ("- 🙎‍♂️ Ann\n", f"- 🙎‍♂️ Ann\n- {LINK}\n"),
)


@pytest.mark.parametrize("number", range(len(EDITS)))
def test_the_schedule_says_what_the_page_says_and_no_other_groups_changes(
    sqlite_store: Store, clock: MovableClock, tmp_path: Path, number: int
) -> None:
    other, here = (press(sqlite_store, clock, tmp_path) for _ in range(2))
    of_other = terms_page(other)
    edit = _edit(here, EDITS[number])
    taken = _take(here, edit)
    assert taken.objections == ()
    assert taken.page is not None
    assert tidy(taken.page) == edit.merged.page
    assert terms_page(here) == taken.page
    assert terms_page(other) == of_other
    assert here.log()[-1] == ("Somebody", "page:edit")
    with sqlite_store.reading() as session:
        entry = session.get_one(AuditEntry, _newest(here))
        assert (entry.after, entry.at) == ({"term": "2025 Fall"}, clock.now())


def terms_page(here: Press) -> Page:
    with here.store.reading() as session:
        terms_of_group = select(Term).where(
            Term.group_id == here.group_id, Term.title == PAGE.title
        )
        term = session.scalars(terms_of_group).one()
        return terms.page_of(session, term, here.clock.now())


@pytest.mark.parametrize("cancelled", [True, False])
def test_what_became_of_a_past_meeting_is_corrected_on_the_page(
    here: Press, clock: MovableClock, cancelled: bool
) -> None:
    edits = [("### January 13\n", "### January 13\n\n- ✨ *cancelled*\n")]
    if not cancelled:
        edits.append(edits[0][::-1])
    clock.move(timedelta(days=5))
    for old, new in edits:
        assert _take(here, _edit(here, (old, new))).page is not None
    page = terms_page(here)
    assert [meeting.cancelled for meeting in page.meetings] == [False, cancelled]
    with here.store.reading() as session:
        row = session.scalars(select(Meeting).order_by(Meeting.date)).first()
        assert row is not None
        assert row.revision == 1 + len(edits)
