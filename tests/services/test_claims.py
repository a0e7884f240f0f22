"""Claiming a slot, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.clock import MovableClock
from bot.domain.views import Actor
from bot.errors import DomainError, Refusal
from bot.services import bookings, claims
from storage.enums import MeetingStatus, Role
from storage.models import AuditEntry, Group, Meeting, Paper, Presenter, Slot, Talk
from storage.store import Store
from tests.factories import as_actor, make_group, make_meeting, make_member, make_slot

TITLE = "[SOSP'25] DiffKV: Parallel KV"
LINK = "https://arxiv.org/abs/2412.03131v2"


def _open_slot(session: Session) -> tuple[Actor, int]:
    """An actor with an account and an open slot of the next meeting."""
    slot = make_slot(session, make_meeting(session))
    member = make_member(session, session.get_one(Group, slot.group_id), name="Ann Bo")
    return as_actor(session, member), slot.id


def _actor(session: Session, group_id: int) -> Actor:
    member = make_member(session, session.get_one(Group, group_id))
    return as_actor(session, member)


def _refusal(session: Session, actor: Actor, slot_id: int, clock: MovableClock) -> Refusal:
    with pytest.raises(DomainError) as caught:
        claims.claim(session, actor, slot_id, TITLE, LINK, clock.now())
    return caught.value.code


def test_an_open_slot_becomes_the_claimers_talk(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        ann, slot_id = _open_slot(session)
        done = claims.claim(session, ann, slot_id, f"  {TITLE}\n", LINK, clock.now())
        talk = done.found.talk
        assert done.new
        assert (talk.title, talk.venue, talk.year, talk.url) == (
            "DiffKV: Parallel KV",
            "SOSP",
            2025,
            LINK,
        )
        assert [(p.name, p.role) for p in talk.presenters] == [("Ann Bo", Role.MAIN)]
        assert session.scalars(select(Paper.identity)).all() == ["arxiv:2412.03131"]


def test_the_link_tells_the_venue_where_the_title_does_not(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        ann, slot_id = _open_slot(session)
        talk = claims.claim(session, ann, slot_id, "[Re]thinking", LINK, clock.now()).found.talk
    assert (talk.title, talk.venue, talk.year) == ("[Re]thinking", "arXiv", None)


def test_claiming_again_answers_the_same_and_changes_nothing(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        ann, slot_id = _open_slot(session)
        first = claims.claim(session, ann, slot_id, TITLE, LINK, clock.now())
    with store.writing() as session:
        again = claims.claim(session, ann, slot_id, TITLE, LINK[:-2], clock.now())
        assert again == first._replace(new=False)
        assert session.scalar(select(func.count(AuditEntry.id))) == 1


def test_a_claim_is_written_down_in_its_own_transaction(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        ann, slot_id = _open_slot(session)

    def claim_and_fail() -> None:
        with store.writing() as session:
            claims.claim(session, ann, slot_id, TITLE, LINK, clock.now())
            raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError):
        claim_and_fail()
    with store.writing() as session:
        assert session.scalar(select(func.count(AuditEntry.id))) == 0
        claims.claim(session, ann, slot_id, TITLE, LINK, clock.now())
        paper_id = session.scalars(select(Paper.id)).one()
    with store.reading() as session:
        (entry,) = session.scalars(select(AuditEntry))
        assert (entry.action, entry.subject_id, entry.member_id, entry.at, entry.before) == (
            "talk:claim",
            slot_id,
            ann.member_id,
            clock.now(),
            {"slots": {str(slot_id): None}},
        )
        assert entry.after == {
            "slots": {
                str(slot_id): {
                    "title": "DiffKV: Parallel KV",
                    "venue": "SOSP",
                    "year": 2025,
                    "url": LINK,
                    "paper": paper_id,
                    "presenters": [[ann.member_id, "main", None]],
                    "links": [],
                }
            }
        }


def test_a_taken_slot_is_refused_with_who_has_it(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        ann, slot_id = _open_slot(session)
        claims.claim(session, ann, slot_id, TITLE, LINK, clock.now())
        bo = _actor(session, ann.group_id)
        with pytest.raises(DomainError) as caught:
            claims.claim(session, bo, slot_id, TITLE, LINK, clock.now())
        assert caught.value.code is Refusal.SLOT_TAKEN
        assert caught.value.params["found"].talk.presenters[0].name == "Ann Bo"
        with pytest.raises(DomainError, match="slot_is_yours"):
            claims.claim(session, ann, slot_id, "Another paper", None, clock.now())


def test_a_slot_that_is_not_the_groups_is_refused(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        ann, slot_id = _open_slot(session)
        stranger = _actor(session, make_group(session).id)
        assert _refusal(session, stranger, slot_id, clock) is Refusal.NO_SUCH_SLOT
        assert _refusal(session, ann, 2**31 - 1, clock) is Refusal.NO_SUCH_SLOT
        assert session.scalar(select(func.count(Talk.id))) == 0


def test_a_cancelled_meeting_is_refused(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        ann, slot_id = _open_slot(session)
        session.scalars(select(Meeting)).one().status = MeetingStatus.CANCELLED
        session.flush()
        assert _refusal(session, ann, slot_id, clock) is Refusal.MEETING_CANCELLED


def test_a_meeting_that_has_begun_is_refused(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        ann, slot_id = _open_slot(session)
        starts_at = session.scalars(select(Meeting.starts_at)).one()
        clock.set(starts_at)
        assert _refusal(session, ann, slot_id, clock) is Refusal.MEETING_IS_OVER
        clock.move(timedelta(seconds=-1))
        assert claims.claim(session, ann, slot_id, TITLE, None, clock.now()).new


def test_who_writes_as_the_group_itself_claims_nothing(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        ann, slot_id = _open_slot(session)
        nobody = Actor(ann.group, "An organizer", organizer=True)
        assert _refusal(session, nobody, slot_id, clock) is Refusal.SHOW_YOURSELF


@pytest.mark.parametrize(
    ("title", "url", "refusal"),
    [
        (None, LINK, Refusal.TITLE_MISSING),
        (" \n ", LINK, Refusal.TITLE_MISSING),
        ("x" * 301, LINK, Refusal.TITLE_TOO_LONG),
        ("x", "javascript:alert(1)", Refusal.LINK_IS_NO_LINK),
        ("x", "https://", Refusal.LINK_IS_NO_LINK),
        ("x", "https://x.example/" + "a" * 2000, Refusal.LINK_TOO_LONG),
    ],
)
def test_a_paper_needs_a_title_of_some_length_and_a_real_link(
    store: Store, title: str | None, url: str, refusal: Refusal
) -> None:
    with store.reading() as session, pytest.raises(DomainError) as caught:
        bookings.name_paper(session, title, url)
    assert caught.value.code is refusal


@pytest.mark.parametrize(
    ("title", "url"),
    [
        ("ﷺ" * 300, None),
        ("读" * 300, "https://x.example/?" + "é" * 990),
        ("x" * 300, "https://x.example/" + "a" * 1982),
    ],
)
def test_the_longest_papers_fit_the_tables(
    store: Store, clock: MovableClock, title: str, url: str | None
) -> None:
    with store.writing() as session:
        ann, slot_id = _open_slot(session)
        talk = claims.claim(session, ann, slot_id, title, url, clock.now()).found.talk
        assert (talk.title, talk.url) == (title, url)


def test_twenty_at_once_and_exactly_one_gets_the_slot(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        ann, slot_id = _open_slot(session)
        actors = [ann, *(_actor(session, ann.group_id) for _ in range(19))]

    def claim(actor: Actor) -> str:
        try:
            with store.writing() as session:
                title = f"The paper of {actor.name}"
                done = claims.claim(session, actor, slot_id, title, None, clock.now())
                return f"{actor.name} has it: {done.found.talk.presenters[0].name}"
        except DomainError as error:
            return error.code.value

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(claim, actors))
    assert answers.count("slot_taken") == 19
    with store.reading() as session:
        winner = session.scalars(select(AuditEntry.actor_name)).one()
        assert f"{winner} has it: {winner}" in answers
        assert session.scalars(select(Talk.title)).one() == f"The paper of {winner}"
        roles = session.execute(select(Presenter.talk_id, Presenter.role)).all()
        assert [role for _, role in roles] == [Role.MAIN]
        assert session.scalar(select(func.count(Slot.id))) == 1


def test_a_title_that_nobody_can_see_is_missing() -> None:
    with pytest.raises(DomainError) as refused:
        bookings.check_title("\u202e\u2066 \u200d")

    assert refused.value.code is Refusal.TITLE_MISSING
