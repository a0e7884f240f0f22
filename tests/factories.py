"""Rows with sensible values: `make_talk(session)` makes all that a talk needs.

The group meets on Tuesdays at 19:00 in Shanghai. Whatever the defaults say is overridden by
name: `make_member(session, group=other, name="Bo")`. Each function adds its row and flushes.
"""

from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.domain.views import Actor, GroupView
from bot.services import groups
from storage.base import Base
from storage.enums import (
    ChatKind,
    DeliveryKind,
    DeliveryState,
    DraftKind,
    LinkKind,
    MeetingKind,
    MeetingStatus,
    OfferKind,
    OfferState,
    RequestKind,
    RequestState,
    Role,
    Weekday,
)
from storage.models import (
    AuditEntry,
    Chat,
    Delivery,
    Draft,
    File,
    Group,
    Lease,
    Link,
    Lookup,
    Meeting,
    Member,
    Offer,
    Paper,
    Presenter,
    Publication,
    Request,
    Slot,
    Talk,
    Term,
    TermPage,
    Wait,
)

WHEN = datetime(2026, 1, 9, 1, tzinfo=UTC)
TUESDAY = date(2026, 1, 13)

Row = TypeVar("Row", bound=Base)
_numbers = count(1)


def _add(session: Session, row: Row, values: dict[str, Any]) -> Row:
    for name, value in values.items():
        if not hasattr(row, name):
            raise AttributeError(f"{type(row).__name__} has no {name}")
        setattr(row, name, value)
    session.add(row)
    session.flush()
    return row


def make_group(session: Session, **values: Any) -> Group:
    """A group; the database's first is the "Systems reading group"."""
    others = session.query(Group).count()
    row = Group(
        name=f"Systems reading group {others + 1}" if others else "Systems reading group",
        timezone="Asia/Shanghai",
        weekday=Weekday.TUESDAY,
        start_time=time(19),
        duration_minutes=120,
        place="Room 204",
        online_url="https://meet.example/reading",
        selection_rule="SOSP/OSDI + arXiv",
        announcement_days=3,
        soon_minutes=30,
        open_slots_day=Weekday.FRIDAY,
        created_at=WHEN,
    )
    return _add(session, row, values)


def make_chat(session: Session, group: Group | None = None, **values: Any) -> Chat:
    group = group or make_group(session)
    row = Chat(
        group_id=group.id,
        telegram_id=-1_000_000_000_000 - next(_numbers),
        kind=ChatKind.SUPERGROUP,
        title=group.name,
    )
    return _add(session, row, values)


def make_member(session: Session, group: Group | None = None, **values: Any) -> Member:
    """A member with an account, whom the bot may not yet write to in private."""
    group = group or make_group(session)
    number = next(_numbers)
    row = Member(group_id=group.id, name=f"Member {number}", telegram_id=10_000_000_000 + number)
    return _add(session, row, values)


def make_actor(session: Session, group: Group, name: str, *, organizer: bool = False) -> Actor:
    """A new member of the group with an account, as who acts."""
    return as_actor(session, make_member(session, group, name=name, organizer=organizer))


def as_actor(session: Session, member: Member) -> Actor:
    """Who acts, in the group as it is now."""
    group = groups.by_id(session, member.group_id)
    return Actor(group, member.name, member.organizer, member.id, member.telegram_id)


def make_view(session: Session) -> GroupView:
    """A new group, as services are given it."""
    return groups.by_id(session, make_group(session).id)


def make_term(session: Session, group: Group | None = None, **values: Any) -> Term:
    group = group or make_group(session)
    row = Term(
        group_id=group.id,
        title="2025 Fall",
        requirements="One paper from SOSP or OSDI and one from arXiv.",
        other_information="Everybody is welcome.",
        first_date=date(2025, 9, 9),
        last_date=date(2026, 1, 20),
    )
    return _add(session, row, values)


def make_meeting(session: Session, term: Term | None = None, **values: Any) -> Meeting:
    """A planned meeting from 19:00 to 21:00 in Shanghai on `date`, by default the Tuesday
    after the tests' clock begins."""
    term = term or make_term(session)
    starts_at = datetime.combine(
        values.get("date", TUESDAY), time(19), ZoneInfo("Asia/Shanghai")
    ).astimezone(UTC)
    row = Meeting(
        group_id=term.group_id,
        term_id=term.id,
        date=TUESDAY,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        kind=MeetingKind.REGULAR,
        status=MeetingStatus.PLANNED,
        revision=1,
    )
    return _add(session, row, values)


def make_slot(session: Session, meeting: Meeting | None = None, **values: Any) -> Slot:
    """A slot behind the ones that the meeting has; it is open until it has a talk."""
    meeting = meeting or make_meeting(session)
    position = session.query(Slot).filter_by(meeting_id=meeting.id).count() + 1
    row = Slot(
        group_id=meeting.group_id,
        meeting_id=meeting.id,
        position=position,
        topic=f"Topic {'I' * position}",
    )
    return _add(session, row, values)


def make_paper(session: Session, group: Group | None = None, **values: Any) -> Paper:
    group = group or make_group(session)
    number = f"2509.{next(_numbers):05}"
    row = Paper(
        group_id=group.id,
        identity=f"arxiv:{number}",
        title="How to read a paper",
        venue="arXiv",
        url=f"https://arxiv.org/abs/{number}",
    )
    return _add(session, row, values)


def make_talk(session: Session, slot: Slot | None = None, **values: Any) -> Talk:
    """A talk without presenters; see `make_presenter`."""
    slot = slot or make_slot(session)
    row = Talk(
        group_id=slot.group_id,
        slot_id=slot.id,
        title="How to read a paper",
        venue="SOSP",
        year=2025,
        url="https://papers.example/how-to-read",
        created_at=WHEN,
    )
    return _add(session, row, values)


def make_presenter(
    session: Session, talk: Talk | None = None, member: Member | None = None, **values: Any
) -> Presenter:
    """A presenter behind the talk's others: the main one if there is none yet."""
    talk = talk or make_talk(session)
    member = member or make_member(session, session.get_one(Group, talk.group_id))
    position = session.query(Presenter).filter_by(talk_id=talk.id).count()
    row = Presenter(
        group_id=talk.group_id,
        talk_id=talk.id,
        member_id=member.id,
        role=Role.SUPPORTER if position else Role.MAIN,
        position=position,
    )
    return _add(session, row, values)


def make_link(session: Session, talk: Talk | None = None, **values: Any) -> Link:
    talk = talk or make_talk(session)
    row = Link(
        group_id=talk.group_id,
        talk_id=talk.id,
        kind=LinkKind.SLIDES,
        url="https://slides.example/how-to-read.pdf",
    )
    return _add(session, row, values)


def make_delivery(
    session: Session,
    chat: Chat | None = None,
    member: Member | None = None,
    meeting: Meeting | None = None,
    **values: Any,
) -> Delivery:
    """A planned delivery to `chat`, or to `member` in private; by default to a new group's chat."""
    if chat is None and member is None:
        chat = make_chat(session)
    row = Delivery(
        group_id=chat.group_id if chat else member.group_id if member else None,
        key=f"delivery:{next(_numbers)}",
        kind=DeliveryKind.DAY_BEFORE,
        state=DeliveryState.PLANNED,
        chat_id=chat.id if chat else None,
        member_id=member.id if member else None,
        meeting_id=meeting.id if meeting else None,
        due_at=WHEN + timedelta(days=3),
        try_at=values.get("due_at", WHEN + timedelta(days=3)),
        expires_at=WHEN + timedelta(days=4),
        attempts=0,
        changed_at=WHEN,
    )
    return _add(session, row, values)


def make_draft(session: Session, member: Member | None = None, **values: Any) -> Draft:
    member = member or make_member(session)
    row = Draft(
        group_id=member.group_id,
        member_id=member.id,
        kind=DraftKind.CLAIM,
        title="How to read a paper",
        created_at=WHEN,
    )
    return _add(session, row, values)


def make_audit_entry(session: Session, member: Member | None = None, **values: Any) -> AuditEntry:
    member = member or make_member(session)
    row = AuditEntry(
        group_id=member.group_id,
        at=WHEN,
        member_id=member.id,
        actor_name=member.name,
        action="talk:claim",
        subject_id=1,
        after={"title": "How to read a paper"},
    )
    return _add(session, row, values)


def make_wait(
    session: Session, slot: Slot | None = None, member: Member | None = None, **values: Any
) -> Wait:
    """A place on the waiting list of `slot`."""
    slot = slot or make_slot(session)
    member = member or make_member(session, session.get_one(Group, slot.group_id))
    row = Wait(group_id=slot.group_id, member_id=member.id, slot_id=slot.id, since=WHEN)
    return _add(session, row, values)


def make_offer(
    session: Session, slot: Slot | None = None, member: Member | None = None, **values: Any
) -> Offer:
    """The slot, offered for a day to the first of its waiting list."""
    slot = slot or make_slot(session)
    member = member or make_member(session, session.get_one(Group, slot.group_id))
    row = Offer(
        group_id=slot.group_id,
        slot_id=slot.id,
        member_id=member.id,
        kind=OfferKind.WAITING,
        state=OfferState.OPEN,
        made_at=WHEN,
        expires_at=WHEN + timedelta(days=1),
    )
    return _add(session, row, values)


def make_request(session: Session, asker: Member | None = None, **values: Any) -> Request:
    """A question to the organizers."""
    asker = asker or make_member(session)
    row = Request(
        group_id=asker.group_id,
        kind=RequestKind.BEND,
        state=RequestState.OPEN,
        asker_id=asker.id,
        title="How to read a paper",
        created_at=WHEN,
        expires_at=WHEN + timedelta(days=7),
    )
    return _add(session, row, values)


def make_lookup(session: Session, **values: Any) -> Lookup:
    """What arXiv says of one paper."""
    row = Lookup(
        identity=f"arxiv:2509.{next(_numbers):05}",
        title="How to read a paper",
        authors=["Ann Bo"],
        venue="arXiv",
        year=2025,
        found=True,
        asked_at=WHEN,
    )
    return _add(session, row, values)


def make_file(session: Session, talk: Talk, **values: Any) -> File:
    row = File(
        group_id=talk.group_id,
        talk_id=talk.id,
        name=f"250916_Talk-{next(_numbers)}.pdf",
        size=1000,
        sha256="0" * 64,
        telegram_file_id="file-1",
        created_at=WHEN,
    )
    return _add(session, row, values)


def make_publication(session: Session, group: Group, **values: Any) -> Publication:
    return _add(session, Publication(group_id=group.id, audit_id=0), values)


def make_term_page(session: Session, term: Term, **values: Any) -> TermPage:
    row = TermPage(group_id=term.group_id, term_id=term.id, written="# 2025 Fall\n")
    return _add(session, row, values)


def make_lease(session: Session, **values: Any) -> Lease:
    row = Lease(
        name="bot",
        host="reader.example",
        process=4242,
        since=WHEN,
        expires_at=WHEN + timedelta(minutes=1),
    )
    return _add(session, row, values)


def fill_every_table(session: Session) -> Group:
    """At least one row in each table, all of them of one group."""
    group = make_group(session)
    chat = make_chat(session, group)
    member = make_member(session, group)
    meeting = make_meeting(session, make_term(session, group))
    make_publication(session, group)
    make_term_page(session, session.get_one(Term, meeting.term_id))
    slot = make_slot(session, meeting)
    make_slot(session, meeting)
    talk = make_talk(session, slot, paper_id=make_paper(session, group).id)
    make_presenter(session, talk, member)
    make_link(session, talk)
    make_file(session, talk, member_id=member.id)
    make_link(session, talk, talk_id=None, meeting_id=meeting.id)
    delivery = make_delivery(session, chat, meeting=meeting)
    make_delivery(session, member=member, about_id=delivery.id)
    make_draft(session, member, slot_id=slot.id)
    entry = make_audit_entry(session, member)
    make_audit_entry(session, member, undoes_id=entry.id)
    other = make_member(session, group)
    request = make_request(
        session, member, asked_id=other.id, name_id=other.id, slot_id=slot.id, other_slot_id=slot.id
    )
    make_wait(session, slot, member)
    make_wait(session, slot, member, slot_id=None, term_id=meeting.term_id)
    offer = make_offer(session, slot, member)
    make_delivery(session, member=member, request_id=request.id)
    make_delivery(session, member=member, offer_id=offer.id)
    make_delivery(session, member=member, audit_id=entry.id)
    make_member(session, group)
    make_lookup(session)
    if session.get(Lease, "bot") is None:
        make_lease(session)
    return group
