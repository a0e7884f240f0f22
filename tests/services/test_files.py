"""Slides that were sent: whose they are, what they are called, and what is noted, on both
databases."""

from dataclasses import dataclass, field
from datetime import date

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.clock import MovableClock
from bot.domain.views import Actor
from bot.errors import DomainError, Refusal
from bot.services import files, queries
from bot.services.files import Sent
from bot.services.links import Posted
from bot.services.slots import contents, put
from storage.enums import LinkKind
from storage.models import AuditEntry, File, Link, Meeting, Member, Talk
from storage.store import Store
from tests.factories import (
    make_actor,
    make_group,
    make_link,
    make_meeting,
    make_presenter,
    make_slot,
    make_talk,
    make_term,
)

ONE, OTHER = Sent(10, "1" * 64), Sent(20, "2" * 64)


@dataclass(slots=True)
class Shelf:
    """The names on the disk."""

    names: set[str] = field(default_factory=set)
    placed: list[str] = field(default_factory=list)

    def is_taken(self, name: str) -> bool:
        return name.casefold() in {one.casefold() for one in self.names}

    def place(self, name: str) -> None:
        self.names.add(name)
        self.placed.append(name)


class Desk:
    """Ann gives the first talk of January 13, Ben the second; both are called NanoFlow."""

    def __init__(self, session: Session, clock: MovableClock) -> None:
        self.session, self.clock, self.shelf = session, clock, Shelf()
        self.group = make_group(session)
        self.ann, self.ben = (make_actor(session, self.group, name) for name in ("Ann", "Ben"))
        self.row: Meeting = make_meeting(session, make_term(session, self.group))
        for actor in (self.ann, self.ben):
            talk = make_talk(session, make_slot(session, self.row), title="NanoFlow: Towards")
            make_presenter(session, talk, session.get_one(Member, actor.member_id))

    @property
    def slots(self) -> list[int]:
        found = queries.meeting(self.session, self.group.id, self.row.id, self.clock.now())
        assert found is not None
        return [slot.id for slot in found.slots]

    def send(self, actor: Actor, slot: int, sent: Sent = ONE) -> Posted:
        now, slot_id = self.clock.now(), self.slots[slot]
        return files.keep(self.session, actor, self.row.id, slot_id, sent, self.shelf, now)

    def talk(self, slot: int) -> Talk:
        return self.session.scalars(select(Talk).where(Talk.slot_id == self.slots[slot])).one()

    def given(self) -> list[tuple[str | None, str | None]]:
        now = self.clock.now()
        found = queries.meeting(self.session, self.group.id, self.row.id, now)
        assert found is not None
        slides = files.slides_of(self.session, self.group.id, found)
        return [(one.name, one.telegram_file_id) for one in slides]

    def links(self) -> list[str]:
        return list(self.session.scalars(select(Link.url).order_by(Link.talk_id, Link.id)))

    def noted(self) -> list[tuple[str, str, str | None]]:
        rows = self.session.scalars(select(File).order_by(File.id))
        return [(row.name, row.sha256[0], row.telegram_file_id) for row in rows]

    def log(self) -> list[tuple[str, object, object]]:
        rows = self.session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(row.action, row.before, row.after) for row in rows]


def test_slides_are_named_after_the_talk_and_two_of_a_name_are_told_apart(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        desk.shelf.names.add("260113_NANOFLOW-2.pdf")  # nobody knows whose it is
        assert desk.send(desk.ann, 0).url == "./slides/260113_NanoFlow.pdf"
        assert desk.send(desk.ben, 1, OTHER).url == "./slides/260113_NanoFlow-3.pdf"
        assert desk.noted() == [
            ("260113_NanoFlow.pdf", "1", None),
            ("260113_NanoFlow-3.pdf", "2", None),
        ]
        first = desk.slots[0]
        link = {"kind": "slides", "url": "./slides/260113_NanoFlow.pdf", "slot": first}
        assert desk.log()[0] == ("link:post", {}, link)


def test_a_name_that_a_talk_has_stays_its_own_though_somebody_deleted_the_file(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        desk.send(desk.ann, 0)
        desk.shelf.names.clear()
        assert desk.send(desk.ben, 1, OTHER).url == "./slides/260113_NanoFlow-2.pdf"


def test_the_same_file_again_changes_nothing_and_another_takes_its_place(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        assert desk.send(desk.ann, 0).new
        assert not desk.send(desk.ann, 0).new
        assert desk.shelf.placed == ["260113_NanoFlow.pdf"]
        assert desk.send(desk.ann, 0, OTHER).new
        assert desk.shelf.placed == ["260113_NanoFlow.pdf"] * 2
        assert desk.noted() == [("260113_NanoFlow.pdf", "2", None)]
        assert desk.links() == ["./slides/260113_NanoFlow.pdf"]
        name = "260113_NanoFlow.pdf"
        assert desk.log()[1:] == [
            (
                "file:replace",
                {"name": name, "sha256": ONE.sha256},
                {"name": name, "sha256": OTHER.sha256},
            )
        ]
        desk.shelf.names.clear()  # somebody deleted it from the disk
        assert desk.send(desk.ann, 0, OTHER).new
        assert desk.shelf.names == {name}


@pytest.mark.parametrize("linked", ["slides/260113-Nano.pdf", "./slides/260113-Nano.pdf"])
def test_what_only_the_page_links_is_replaced_under_its_own_name(
    store: Store, clock: MovableClock, linked: str
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        make_link(session, desk.talk(0), kind=LinkKind.SLIDES, url=linked)
        desk.shelf.names.add("260113-Nano.pdf")
        assert desk.send(desk.ann, 0).new
        assert desk.links() == ["./slides/260113-Nano.pdf"]
        assert desk.shelf.placed == ["260113-Nano.pdf"]
        if linked.startswith("./"):
            name = "260113-Nano.pdf"
            after = {"name": name, "sha256": ONE.sha256}
            assert desk.log() == [("file:replace", {"name": name}, after)]


def test_what_was_sent_for_a_talk_that_is_gone_is_replaced_where_it_is_linked_again(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        desk.send(desk.ann, 0)
        session.execute(update(File).values(talk_id=None))
        assert desk.send(desk.ann, 0, OTHER).new
        assert desk.noted() == [("260113_NanoFlow.pdf", "2", None)]
        row = session.scalars(select(File)).one()
        assert (row.talk_id, row.member_id, row.size) == (
            desk.talk(0).id, desk.ann.member_id, OTHER.size,
        )  # fmt: skip


def test_slides_whose_link_gave_way_to_another_are_still_the_talks(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        desk.send(desk.ann, 0)
        session.scalars(select(Link)).one().url = "https://slides.example/1.pdf"
        session.flush()
        assert desk.send(desk.ann, 0, OTHER).new
        assert desk.noted() == [("260113_NanoFlow.pdf", "2", None)]
        assert "./slides/260113_NanoFlow.pdf" in desk.links()


def test_slides_that_a_page_links_beside_two_talks_stay_those_of_who_sent_them(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        desk.send(desk.ann, 0)
        make_link(session, desk.talk(1), kind=LinkKind.SLIDES, url="./slides/260113_NanoFlow.pdf")
        assert desk.send(desk.ben, 1, OTHER).url == "./slides/260113_NanoFlow-2.pdf"
        assert desk.links() == ["./slides/260113_NanoFlow.pdf", "./slides/260113_NanoFlow-2.pdf"]
        assert [row[1] for row in desk.noted()] == ["1", "2"]


def test_another_groups_file_of_that_name_is_another(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        here, there = Desk(session, clock), Desk(session, clock)
        here.send(here.ann, 0)
        there.send(there.ann, 0, OTHER)
        name = "260113_NanoFlow.pdf"
        assert here.noted() == [(name, "1", None), (name, "2", None)]
        files.remember(session, there.group.id, name, "file-2")
        assert here.given() == [(name, None)]
        assert there.given() == [(name, "file-2")]


def test_only_the_talks_presenters_and_organizers_send_slides(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        with pytest.raises(DomainError) as caught:
            desk.send(desk.ben, 0)
        assert caught.value.code is Refusal.NOT_YOURS_TO_POST
        assert (desk.shelf.placed, desk.noted(), desk.links()) == ([], [], [])
        ada = make_actor(session, desk.group, "Ada", organizer=True)
        assert desk.send(ada, 0).new


def test_slides_follow_their_talk_when_it_moves_to_another_slot(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        desk.send(desk.ann, 0)
        files.remember(session, desk.group.id, "260113_NanoFlow.pdf", "file-1")
        one, two = desk.slots
        there = contents(session, [one, two])
        swapped = {str(one): there[str(two)], str(two): there[str(one)]}
        put(session, desk.group.id, swapped, clock.now())
        row = session.scalars(select(File)).one()
        found = queries.of_slot(session, desk.group.id, two, clock.now())
        assert found is not None
        assert row.talk_id == found.talk.id
        (given,) = files.slides_of(session, desk.group.id, found.meeting)
        assert (given.found.slot.id, given.name, given.telegram_file_id) == (
            two,
            "260113_NanoFlow.pdf",
            "file-1",
        )
        put(session, desk.group.id, {str(one): None, str(two): None}, clock.now())
        session.refresh(row)
        assert row.talk_id is None


def test_a_talk_that_is_put_back_gets_its_slides_unless_they_are_anothers_now(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        here, there = Desk(session, clock), Desk(session, clock)
        rows, before = [], []
        for desk in (here, there):
            desk.send(desk.ann, 0)
            rows.append(session.scalars(select(File).order_by(File.id.desc()).limit(1)).one())
            slot_ids = desk.slots[:1]
            before.append(contents(session, slot_ids))
            put(session, desk.group.id, {str(slot_ids[0]): None}, clock.now())
        put(session, here.group.id, before[0], clock.now())
        session.expire_all()
        assert [row.talk_id for row in rows] == [here.talk(0).id, None]
        rows[1].talk_id = there.talk(1).id
        put(session, there.group.id, before[1], clock.now())
        session.expire_all()
        assert rows[1].talk_id == there.talk(1).id


def test_slides_are_found_by_slot_and_what_is_neither_file_nor_web_link_is_not(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        group = make_group(session)
        row = make_meeting(session, make_term(session, group), date=date(2026, 1, 6))
        for url in ("https://slides.example/1.pdf", "./slides/260106_A.pdf", "./slides/"):
            talk = make_talk(session, make_slot(session, row))
            make_link(session, talk, kind=LinkKind.SLIDES, url=url)
        meeting = queries.meeting(session, group.id, row.id, clock.now())
        assert meeting is not None
        given = files.slides_of(session, group.id, meeting)
        assert [(one.found.slot.position, one.name) for one in given] == [
            (1, None),
            (2, "260106_A.pdf"),
        ]
        assert len(files.slides_of(session, group.id, meeting, 2)) == 1
        files.remember(session, group.id, "260106_A.pdf", "file-9")  # which nobody sent
        assert session.scalars(select(File)).all() == []


def test_a_file_that_nothing_links_any_more_is_taken_away_and_only_if_it_was_sent(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        url = desk.send(desk.ann, 0).url
        talk = session.scalars(select(Talk).order_by(Talk.id.desc())).first()
        make_link(session, talk, kind=LinkKind.SLIDES, url=url)
        removed: list[str] = []
        files.drop(session, desk.group.id, url, removed.append)
        assert removed == []
        for link in session.scalars(select(Link)):
            session.delete(link)
        session.flush()
        files.drop(session, desk.group.id, "./slides/by-hand.pdf", removed.append)
        files.drop(session, make_group(session).id, url, removed.append)
        assert removed == []
        files.drop(session, desk.group.id, url, removed.append)
        assert removed == ["260113_NanoFlow.pdf"]
        assert desk.noted() == []
