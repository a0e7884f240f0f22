"""Asking the organizers which side is right where a page and the schedule clash."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import MovableClock
from bot.domain.views import Actor, PageClashView
from bot.errors import DomainError
from bot.services import ledger, owed, page_clashes, publications
from storage.enums import DeliveryKind, DeliveryState, PageChoice
from storage.models import AuditEntry, Delivery, Publication, TermPage
from storage.store import Store
from tests.factories import make_actor, make_chat, make_delivery, make_group, make_term

DIGEST = "0123456789abcdef0123456789abcdef"
KEY = "page:{}:0123456789abcdef:{}:page:chat:{}"


class Scene:
    """A group in whose chat it is asked, since the bot may write to no organizer."""

    def __init__(self, session: Session, clock: MovableClock) -> None:
        self.session, self.clock = session, clock
        self.group = make_group(session)
        self.chat = make_chat(session, self.group)
        self.term = make_term(session, self.group)
        self.ada = make_actor(session, self.group, "Ada", organizer=True)

    def ask(self, *clashes: str, digest: str = DIGEST, takable: bool = True) -> bool:
        now = self.clock.now()
        return page_clashes.ask(
            self.session, self.group.id, self.term.id, digest, clashes, now, takable=takable
        )

    def choose(self, choice: PageChoice, delivery: Delivery, who: Actor | None = None) -> object:
        now = self.clock.now()
        return page_clashes.choose(self.session, who or self.ada, delivery.id, choice, now)

    @property
    def asked(self) -> Delivery:
        """The question that was put last."""
        rows = self.session.scalars(select(Delivery).order_by(Delivery.id.desc()))
        return rows.first() or pytest.fail("nothing was asked")


def test_the_first_answer_counts_and_is_written_down(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        here = Scene(session, clock)
        assert here.ask("“LithOS” is not on the page any more.")
        question = here.asked
        assert question.key == KEY.format(here.term.id, "any", here.chat.id)
        assert question.text == "“LithOS” is not on the page any more."
        assert question.expires_at == clock.now() + timedelta(days=7)
        assert page_clashes.view(session, question) == PageClashView("2025 Fall", takable=True)
        assert not page_clashes.is_settled(session, question)
        assert not here.ask("“LithOS” is not on the page any more.")

        assert here.choose(PageChoice.PAGE, question) is PageChoice.PAGE
        assert here.choose(PageChoice.SCHEDULE, question) is PageChoice.PAGE
        entry = session.scalars(select(AuditEntry)).one()
        assert (entry.actor_name, entry.action, entry.subject_id, entry.at, entry.after) == (
            "Ada",
            "page:take",
            here.term.id,
            clock.now(),
            {"term": "2025 Fall"},
        )
        assert session.scalars(select(Publication.try_at)).one() == clock.now()
        # The same edit is asked about anew, should the answer not have settled it.
        assert here.ask("“LithOS” is not on the page any more.")
        assert session.scalars(select(TermPage.choice)).one() is None


def test_the_schedule_may_be_right_as_well(sqlite_store: Store, clock: MovableClock) -> None:
    with sqlite_store.writing() as session:
        here = Scene(session, clock)
        here.ask("It differs.", takable=False)
        assert here.asked.key == KEY.format(here.term.id, "mend", here.chat.id)
        assert page_clashes.view(session, here.asked) == PageClashView("2025 Fall", takable=False)
        with pytest.raises(DomainError, match="old_button"):
            here.choose(PageChoice.PAGE, here.asked)
        assert here.choose(PageChoice.SCHEDULE, here.asked) is PageChoice.SCHEDULE
        assert session.scalars(select(AuditEntry.action)).all() == ["page:keep"]


def test_what_can_be_taken_after_all_is_asked_anew(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        here = Scene(session, clock)
        assert here.ask("It differs.", takable=False)
        assert here.ask("It differs.", takable=True)
        assert session.query(Delivery).count() == 2


def test_another_edit_takes_the_place_of_the_question(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        here = Scene(session, clock)
        here.ask("It differs.")
        first = here.asked
        assert here.ask("It differs otherwise.", digest="f" * 32)
        assert page_clashes.is_settled(session, first)
        assert page_clashes.view(session, first) is None
        with pytest.raises(DomainError, match="asked_anew"):
            here.choose(PageChoice.PAGE, first)
        assert not page_clashes.is_settled(session, here.asked)
        due = owed.take(session, clock.now())
        assert due is not None
        assert (due.id, due.page) == (here.asked.id, PageClashView("2025 Fall", takable=True))
        assert (first.state, first.reason) == (DeliveryState.CANCELLED, ledger.CHANGED)

        publications.wrote(session, {here.term.id: "text"})
        assert page_clashes.is_settled(session, here.asked)
        assert here.choose(PageChoice.PAGE, first) is None


def test_an_edit_that_changes_nothing_of_what_is_asked_is_not_asked_about_again(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        here = Scene(session, clock)
        here.ask("It differs.")
        question = here.asked
        assert not here.ask("It differs.", digest="e" * 32)
        assert here.asked == question
        assert not page_clashes.is_settled(session, question)
        assert not here.ask("It differs.", digest="e" * 32)

        assert here.ask("It differs.", digest="e" * 32, takable=False)
        assert here.ask("It differs otherwise.", digest="f" * 32, takable=False)
        assert session.query(Delivery).count() == 3
        assert here.choose(PageChoice.SCHEDULE, here.asked) is PageChoice.SCHEDULE
        # What was chosen did not settle it: that is another question, if in the same words.
        assert here.ask("It differs otherwise.", digest="0" * 32, takable=False)


def test_a_question_that_nobody_read_is_put_again_and_none_takes_anothers_place(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        here = Scene(session, clock)
        here.ask("It differs.")
        here.asked.state = DeliveryState.EXPIRED
        session.flush()
        assert here.ask("It differs.", digest="1" * 32)

        here.ask("It differs otherwise.", digest="2" * 32)
        # Back to a file that was asked about, though other words are to be said of it by now.
        assert here.ask("It differs otherwise.", digest="1" * 32)
        assert session.query(Delivery).count() == 3


def test_only_the_groups_organizers_answer(sqlite_store: Store, clock: MovableClock) -> None:
    with sqlite_store.writing() as session:
        here = Scene(session, clock)
        here.ask("It differs.")
        with pytest.raises(DomainError, match="organizers_only"):
            here.choose(PageChoice.PAGE, here.asked, make_actor(session, here.group, "Ann"))
        elsewhere = make_actor(session, make_group(session), "Ada", organizer=True)
        with pytest.raises(DomainError, match="old_button"):
            here.choose(PageChoice.PAGE, here.asked, elsewhere)
        with pytest.raises(DomainError, match="old_button"):
            page_clashes.choose(session, here.ada, 999, PageChoice.PAGE, clock.now())
        assert session.query(AuditEntry).count() == 0


def test_other_messages_ask_nothing_about_a_page(sqlite_store: Store, clock: MovableClock) -> None:
    with sqlite_store.writing() as session:
        here = Scene(session, clock)
        here.ask("It differs.")
        trouble = make_delivery(session, here.chat, kind=DeliveryKind.PAGE, key="publication:1:2")
        other_kind = make_delivery(
            session, here.chat, kind=DeliveryKind.TROUBLE, key=f"{here.asked.key}:x"
        )
        for delivery in (trouble, other_kind):
            assert page_clashes.view(session, delivery) is None
        assert not page_clashes.is_settled(session, trouble)


def test_of_many_clashes_eight_are_told(sqlite_store: Store, clock: MovableClock) -> None:
    with sqlite_store.writing() as session:
        here = Scene(session, clock)
        here.ask(*(str(number) for number in range(8)))
        assert here.asked.text == "0\n1\n2\n3\n4\n5\n6\n7"
        here.ask(*(str(number) for number in range(10)), digest="f" * 32)
        assert here.asked.text == "0\n1\n2\n3\n4\n5\n6\n7\nAnd 2 more."
