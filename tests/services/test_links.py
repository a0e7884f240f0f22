"""Posting slides, videos and summaries, on both databases."""

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.clock import MovableClock
from bot.domain.papers import MAX_URL_LENGTH, check_link
from bot.domain.views import Actor, FoundTalk, GroupView, MeetingView
from bot.errors import DomainError, Refusal
from bot.services import (
    changes,
    groups,
    history,
    link_talks,
    links,
    queries,
)
from bot.services.links import Posted
from storage.enums import DeliveryKind, DeliveryState, LinkKind, MeetingStatus
from storage.models import AuditEntry, Group, Link, Meeting, Member, Term
from storage.store import Store
from tests.factories import (
    make_actor,
    make_chat,
    make_delivery,
    make_link,
    make_meeting,
    make_presenter,
    make_slot,
    make_talk,
    make_term,
    make_view,
)

FILM, SLIDES, SUMMARY = LinkKind.VIDEO, LinkKind.SLIDES, LinkKind.SUMMARY
VIDEO = "https://www.youtube.com/watch?v=1"


def _held(
    session: Session, clock: MovableClock, day: int = 6, talks: int = 2, term: Term | None = None
) -> MeetingView:
    """A meeting of that day in January with so many talks and one open slot."""
    row = make_meeting(session, term or make_term(session), date=date(2026, 1, day))
    for number in range(talks):
        make_talk(session, make_slot(session, row), title=f"Talk {number}")
    make_slot(session, row)
    found = queries.meeting(session, row.group_id, row.id, clock.now())
    assert found is not None
    return found


def _group_of(session: Session) -> GroupView:
    return groups.by_id(session, session.scalars(select(Term.group_id)).one())


def _days(found: tuple[FoundTalk, ...]) -> list[date]:
    return [one.meeting.date for one in found]


def _presenter(session: Session, term: Term, *talks: tuple[int, LinkKind | None]) -> Actor:
    """Ann, with a talk on each of these days in January that has such a link, beside another's."""
    ann = make_actor(session, session.get_one(Group, term.group_id), "Ann")
    for day, kind in talks:
        row = make_meeting(session, term, date=date(2026, 1, day))
        make_talk(session, make_slot(session, row), title="Another's")
        talk = make_talk(session, make_slot(session, row), title=f"Of {day}")
        make_presenter(session, talk)
        make_presenter(session, talk, session.get_one(Member, ann.member_id))
        if kind is not None:
            make_link(session, talk, kind=kind)
    return ann


def test_one_video_goes_beside_both_talks_and_only_once(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        meeting = _held(session, clock)
        organizer = Actor(_group_of(session), "Ann Bo", organizer=True)
        posted = links.post(session, organizer, FILM, meeting.id, None, VIDEO, clock.now())
        assert posted.new
        assert [found.talk.title for found in posted.talks] == ["Talk 0", "Talk 1"]
        assert all(found.talk.has(FILM) for found in posted.talks)
        again = links.post(session, organizer, FILM, meeting.id, None, VIDEO + "&si=x", clock.now())
        assert (again.new, again.talks) == (False, posted.talks)
        assert session.scalar(select(func.count(Link.id))) == 2
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert [(one.action, one.actor_name, one.before, one.after) for one in entries] == [
            ("link:post", "Ann Bo", {}, noted)
            for noted in (
                {"kind": "video", "url": VIDEO, "slot": posted.talks[0].slot.id},
                {
                    "kind": "video",
                    "url": VIDEO,
                    "slot": posted.talks[1].slot.id,
                    "act": entries[0].id,
                },
            )
        ]


def test_what_was_posted_beside_several_talks_at_once_is_taken_back_at_once(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        meeting = _held(session, clock, talks=3)
        ada, now = Actor(_group_of(session), "Ada", organizer=True), clock.now()
        first, second, third = (slot.id for slot in meeting.slots[:3])

        def have(kind: LinkKind) -> list[int]:
            there = queries.meeting(session, ada.group_id, meeting.id, now)
            return [s.id for s in there.slots if s.talk and s.talk.has(kind)] if there else []

        def last() -> int:
            return history.last_change(session, ada, None, now).id

        links.post(session, ada, SLIDES, meeting.id, first, VIDEO, now)
        links.post(session, ada, FILM, meeting.id, None, VIDEO, now, starts=(10, 20, 30))
        links.post(session, ada, SUMMARY, meeting.id, None, VIDEO, now)
        history.undo(session, ada, last(), now)
        assert (have(SLIDES), have(FILM), have(SUMMARY)) == ([first], [first, second, third], [])
        history.undo(session, ada, last(), now)
        assert (have(SLIDES), have(FILM)) == ([first], [])
        history.undo(session, ada, last(), now)
        assert have(SLIDES) == []
        with pytest.raises(DomainError, match="nothing_to_undo"):
            last()


def test_what_shows_a_link_is_out_of_date_once_it_is_taken_back(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        meeting = _held(session, clock)
        ada, slot = Actor(_group_of(session), "Ada", organizer=True), meeting.slots[0].id
        links.post(session, ada, SLIDES, meeting.id, slot, VIDEO, clock.now())
        posted = history.last_change(session, ada, None, clock.now()).id
    with store.writing() as session:
        history.undo(session, ada, posted, clock.now())
        assert changes.touched(session) == {slot}


def test_what_was_changed_since_beside_one_of_the_talks_stays_there(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        meeting = _held(session, clock)
        ada, now = Actor(_group_of(session), "Ada", organizer=True), clock.now()
        links.post(session, ada, FILM, meeting.id, None, VIDEO, now)
        first = session.scalars(select(Link).order_by(Link.id).limit(1)).one()
        first.url = f"{VIDEO}&t=90"  # as somebody wrote into the page
        session.flush()
        entry = history.last_change(session, ada, None, now)
        history.undo(session, ada, entry.id, now)
        assert session.scalars(select(Link.url)).all() == [f"{VIDEO}&t=90"]


def test_one_slot_alone_can_get_its_video(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        meeting = _held(session, clock)
        organizer = Actor(_group_of(session), "Ann Bo", organizer=True)
        only = meeting.slots[1].id
        posted = links.post(session, organizer, FILM, meeting.id, only, VIDEO, clock.now())
        after = posted.talks[0].meeting
        assert [slot.talk.has(FILM) for slot in after.slots if slot.talk] == [False, True]


def test_a_link_that_is_too_long_as_it_would_be_kept_is_refused(
    store: Store, clock: MovableClock
) -> None:
    # Each may be kept as it was written, but not as it would be.
    short = "https://youtu.be/abcdefghijk?x="
    urls = ("https://v.example/".ljust(MAX_URL_LENGTH, "a"), short.ljust(MAX_URL_LENGTH, "a"))
    with store.writing() as session:
        meeting = _held(session, clock)
        ada = Actor(_group_of(session), "Ada", organizer=True)
        for url, starts in ((urls[0], (90, 300)), (urls[1], ())):
            check_link(url)
            with pytest.raises(DomainError, match="link_too_long"):
                links.post(session, ada, FILM, meeting.id, None, url, clock.now(), starts=starts)
        assert session.scalars(select(Link)).all() == []
        assert links.post(session, ada, FILM, meeting.id, None, urls[0], clock.now()).new


@pytest.mark.parametrize(
    ("case", "refusal"),
    [
        ("no organizer", Refusal.NOT_YOURS_TO_POST),
        ("no link", Refusal.LINK_IS_NO_LINK),
        ("not begun", Refusal.NOT_YET_HELD),
        ("open slot", Refusal.NO_TALK_THERE),
        ("other group", Refusal.NO_SUCH_SLOT),
    ],
)
def test_a_video_is_refused(store: Store, clock: MovableClock, case: str, refusal: Refusal) -> None:
    with store.writing() as session:
        meeting = _held(session, clock, day=13 if case == "not begun" else 6)
        group = _group_of(session)
        if case == "other group":
            group = make_view(session)
        actor = Actor(group, "Ann Bo", organizer=case != "no organizer")
        slot_id = meeting.slots[2].id if case == "open slot" else None
        url = "ftp://video.example" if case == "no link" else VIDEO
        with pytest.raises(DomainError) as caught:
            links.post(session, actor, FILM, meeting.id, slot_id, url, clock.now())
        assert caught.value.code is refusal
        assert session.scalar(select(func.count(Link.id))) == 0


def test_the_last_meeting_that_lacks_a_video_is_found_however_long_ago(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        term = make_term(session)
        organizer = Actor(_group_of(session), "Ann Bo", organizer=True)
        lacking = _held(session, clock, day=1, term=term)
        for day in (2, 3, 4, 5, 6):
            row = make_meeting(session, term, date=date(2026, 1, day))
            make_link(session, make_talk(session, make_slot(session, row)), kind=FILM)
        _held(session, clock, day=13, term=term)
        whole = _held(session, clock, day=8, term=term)
        session.add(Link(group_id=term.group_id, meeting_id=whole.id, kind=FILM, url=VIDEO))
        cancelled = make_meeting(
            session, term, date=date(2026, 1, 7), status=MeetingStatus.CANCELLED
        )
        make_talk(session, make_slot(session, cancelled))
        assert _days(link_talks.places(session, organizer, FILM, clock.now())) == [lacking.date] * 2


def test_slides_are_no_video_and_no_talk_needs_none(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        term = make_term(session)
        organizer = Actor(_group_of(session), "Ann Bo", organizer=True)
        _held(session, clock, day=5, talks=0, term=term)
        assert link_talks.places(session, organizer, FILM, clock.now()) == ()
        row = make_meeting(session, term)
        make_link(session, make_talk(session, make_slot(session, row)), kind=SLIDES)
        assert _days(link_talks.places(session, organizer, FILM, row.starts_at)) == [row.date]
        session.add(Link(group_id=term.group_id, meeting_id=row.id, kind=FILM, url=VIDEO))
        assert link_talks.places(session, organizer, FILM, row.starts_at) == ()


@pytest.mark.parametrize(
    ("kind", "talks", "found"),
    [
        (SLIDES, [(6, None)], ["Of 6"]),
        (SLIDES, [(13, None), (20, None)], ["Of 13"]),
        (SLIDES, [(6, None), (13, None)], ["Of 6", "Of 13"]),
        (SLIDES, [(6, SLIDES), (13, None)], ["Of 13"]),
        (SLIDES, [(6, SLIDES), (13, SLIDES)], []),
        (FILM, [(5, None), (6, SLIDES), (13, None)], ["Of 6"]),
        (SUMMARY, [(6, SUMMARY), (13, None)], []),
    ],
)
def test_a_presenters_link_is_for_their_own_talk_that_lacks_one(
    store: Store,
    clock: MovableClock,
    kind: LinkKind,
    talks: list[tuple[int, LinkKind | None]],
    found: list[str],
) -> None:
    with store.writing() as session:
        term = make_term(session)
        ann = _presenter(session, term, *talks)
        for day in (7, 12):  # nearer, and of others only
            row = make_meeting(session, term, date=date(2026, 1, day))
            make_presenter(session, make_talk(session, make_slot(session, row)))
        places = link_talks.places(session, ann, kind, clock.now())
        assert [one.talk.title for one in places] == found


def test_of_several_talks_the_link_is_for_those_that_lack_it_first(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        meeting = _held(session, clock, talks=3)
        ada, now = Actor(_group_of(session), "Ada", organizer=True), clock.now()
        for position, asked in ((1, [1, 2, 0]), (2, [2]), (3, [0, 1, 2])):
            slot_id = meeting.slots[position - 1].id
            links.post(session, ada, FILM, meeting.id, slot_id, VIDEO, now)
            there = queries.meeting(session, ada.group_id, meeting.id, now)
            assert there is not None
            places = link_talks.places_on(ada, FILM, there, None, now)
            assert [one.talk.title for one in places] == [f"Talk {number}" for number in asked]


def test_an_organizer_posts_the_slides_of_what_was_held_and_of_their_own_next_talk(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        term = make_term(session)
        held, _ = (_held(session, clock, day=day, term=term) for day in (6, 13))
        ann = _presenter(session, term, (20, None))._replace(organizer=True)
        places = link_talks.places(session, ann, SLIDES, clock.now())
        titles = [(one.meeting.date, one.talk.title) for one in places]
        assert titles == [
            (held.date, "Talk 0"), (held.date, "Talk 1"), (date(2026, 1, 20), "Of 20")
        ]  # fmt: skip
        # What begins at this moment is no more to come.
        last = places[-1].meeting
        begun = link_talks.places(session, ann, SLIDES, last.starts_at)
        assert _days(begun) == [last.date, last.date]


def test_a_supporter_posts_slides_before_the_meeting_beside_their_own_talk_only(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        ann = _presenter(session, make_term(session), (13, None))
        (place,) = link_talks.places(session, ann, SLIDES, clock.now())
        anothers = place.meeting.slots[0].id
        url = "https://slides.example/1.pdf"

        def post(kind: LinkKind, slot_id: int | None) -> Posted:
            return links.post(session, ann, kind, place.meeting.id, slot_id, url, clock.now())

        for kind, slot_id, refusal in (
            (SLIDES, anothers, Refusal.NOT_YOURS_TO_POST),
            (FILM, None, Refusal.NOT_YET_HELD),
        ):
            with pytest.raises(DomainError) as caught:
                post(kind, slot_id)
            assert caught.value.code is refusal
        assert [one.talk.title for one in post(SLIDES, None).talks] == ["Of 13"]
        assert session.scalar(select(func.count(Link.id))) == 1
        assert changes.touched(session) == {place.slot.id}


def test_who_presents_nothing_posts_nothing(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        term = make_term(session)
        _presenter(session, term, (6, None))
        ben = make_actor(session, session.get_one(Group, term.group_id), "Ben")
        for actor in (ben, Actor(_group_of(session), "A channel")):
            with pytest.raises(DomainError) as caught:
                link_talks.places(session, actor, SLIDES, clock.now())
            assert caught.value.code is Refusal.NOT_YOURS_TO_POST


def test_what_was_posted_makes_the_announcement_stale(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        ann = _presenter(session, make_term(session), (13, None))
        (place,) = link_talks.places(session, ann, SLIDES, clock.now())
        chat = make_chat(session, session.get_one(Group, ann.group_id))
        told = make_delivery(
            session,
            chat,
            kind=DeliveryKind.ANNOUNCEMENT,
            meeting_id=place.meeting.id,
            state=DeliveryState.SENT,
        )
        posted = links.post(session, ann, SLIDES, place.meeting.id, None, VIDEO, clock.now())
        session.refresh(told)
        assert (posted.new, told.stale) == (True, True)


def _urls(session: Session) -> list[str]:
    return list(session.scalars(select(Link.url).order_by(Link.id)))


def test_one_recording_holds_two_talks_each_from_its_own_start(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        meeting = _held(session, clock)
        organizer = Actor(_group_of(session), "Ann Bo", organizer=True)

        def post(*starts: int, slot: int | None = None, url: str = VIDEO) -> Posted:
            slot_id = None if slot is None else meeting.slots[slot].id
            return links.post(
                session, organizer, FILM, meeting.id, slot_id, url, clock.now(), starts=starts
            )

        assert post().lacks_starts
        assert not post(90, 2830).lacks_starts
        assert _urls(session) == [f"{VIDEO}&t=90", f"{VIDEO}&t=2830"]
        assert not post().new  # it is there, and says more
        assert not post(90, 2830).new
        assert post(2900, slot=1).new
        assert _urls(session) == [f"{VIDEO}&t=90", f"{VIDEO}&t=2900"]
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert last is not None
        slot = meeting.slots[1].id
        assert last.before == {"kind": "video", "url": f"{VIDEO}&t=2830", "slot": slot}
        assert last.after == {"kind": "video", "url": f"{VIDEO}&t=2900", "slot": slot}
        post(slot=0, url="https://www.bilibili.com/video/BV1?p=2")
        assert len(_urls(session)) == 3  # another recording


@pytest.mark.parametrize(("slot", "starts"), [(None, (1, 2, 3)), (None, (1,)), (0, (1, 2))])
def test_each_talk_needs_its_own_start(
    store: Store, clock: MovableClock, slot: int | None, starts: tuple[int, ...]
) -> None:
    with store.writing() as session:
        meeting = _held(session, clock)
        organizer = Actor(_group_of(session), "Ann Bo", organizer=True)
        slot_id = None if slot is None else meeting.slots[slot].id
        with pytest.raises(DomainError) as caught:
            links.post(
                session, organizer, FILM, meeting.id, slot_id, VIDEO, clock.now(), starts=starts
            )
        assert caught.value.code is Refusal.START_FOR_EACH
        assert _urls(session) == []


def test_a_presenters_own_talks_are_the_last_and_the_next(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        term = make_term(session)
        ann = _presenter(session, term, (2, None), (6, SLIDES), (13, SLIDES), (20, None))
        assert _days(link_talks.own_talks(session, ann, clock.now())) == [
            date(2026, 1, 6),
            date(2026, 1, 13),
        ]
        for day in (6, 13):
            row = session.scalars(select(Meeting).where(Meeting.date == date(2026, 1, day))).one()
            row.status = MeetingStatus.CANCELLED
        session.flush()
        assert _days(link_talks.own_talks(session, ann, clock.now())) == [
            date(2026, 1, 2),
            date(2026, 1, 20),
        ]
        assert link_talks.own_talks(session, ann._replace(telegram_id=None), clock.now()) == ()
