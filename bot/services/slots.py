"""What is in a slot, as data: to write a change down, to swap two, and to put one back."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from bot.domain.names import slides_in
from bot.domain.views import Actor
from bot.errors import DomainError, Refusal
from storage.enums import DeliveryKind, LinkKind, Role
from storage.models import Delivery, File, Link, Member, Presenter, Slot, Talk
from storage.queries import among, rows_of

State = dict[str, Any]
"""A talk with its presenters and links, fit for JSON."""

Contents = dict[str, State | None]
"""What is in some slots, by slot id; `None` in an open one."""


_slot, _talk, _presenter, _link = (model.__table__.c for model in (Slot, Talk, Presenter, Link))
_TALKS = (
    select(Talk.__table__, _presenter.member_id, _presenter.role, _presenter.affiliation)
    .outerjoin(Presenter.__table__, _presenter.talk_id == _talk.id)
    .where(_talk.slot_id.in_(among("slot_ids")))
    .order_by(_presenter.position)
)
_SHOWN = select(_slot.group_id, _slot.id, _slot.message_id).where(
    _slot.id.in_(among("slot_ids")), _slot.message_id.is_not(None)
)
_LINKS = select(Link.__table__).where(_link.talk_id.in_(among("talk_ids"))).order_by(_link.id)


def lock(session: Session, group_id: int, slot_ids: Iterable[int]) -> None:
    """Changes of one slot queue here; on SQLite the transaction itself is the queue."""
    if session.get_bind().dialect.name == "sqlite":
        return
    session.execute(
        select(Slot.id)
        .where(Slot.group_id == group_id, Slot.id.in_(slot_ids))
        .order_by(Slot.id)
        .with_for_update()
    )


def contents(session: Session, slot_ids: Iterable[int]) -> Contents:
    slot_ids = sorted(slot_ids)
    found: Contents = dict.fromkeys((str(slot_id) for slot_id in slot_ids), None)
    talks: dict[int, State] = {}
    # A row for each presenter, or one for a talk that nobody gives.
    for row in rows_of(session, _TALKS, slot_ids=slot_ids):
        if row.id not in talks:
            talks[row.id] = found[str(row.slot_id)] = {
                "title": row.title,
                "venue": row.venue,
                "year": row.year,
                "url": row.url,
                "paper": row.paper_id,
                "presenters": [],
                "links": [],
            }
        if row.member_id is not None:
            person = [row.member_id, row.role.value, row.affiliation]
            talks[row.id]["presenters"].append(person)
    for link in rows_of(session, _LINKS, talk_ids=list(talks)) if talks else ():
        talks[link.talk_id]["links"].append([link.kind.value, link.url, link.label])
    return found


def show_in(session: Session, slot_id: int, message_id: int) -> int | None:
    """This message of the group's chat shows the slot from now on. Returns the one that did so
    before, if it was another."""
    before = session.scalar(select(Slot.message_id).where(Slot.id == slot_id))
    session.execute(update(Slot).where(Slot.id == slot_id).values(message_id=message_id))
    return before if before != message_id else None


def shown(session: Session, slot_ids: Iterable[int]) -> tuple[tuple[int, int, int], ...]:
    """Those of the slots that a message in their group's chat shows: group, slot, message."""
    return tuple(
        (row.group_id, row.id, row.message_id)
        for row in rows_of(session, _SHOWN, slot_ids=tuple(slot_ids))
    )


def with_cards(session: Session, slot_ids: Collection[int]) -> tuple[int, ...]:
    """Those of the slots that a message in their group's chat shows."""
    return tuple(slot_id for _, slot_id, _ in shown(session, slot_ids)) if slot_ids else ()


def waits_for_paper(
    session: Session, actor: Actor, message_id: int, *, private: bool, link: bool
) -> int | None:
    """The slot that this message of the group's chat shows, or of which it reminds the actor in
    `private`, if they are to present in it and have not said what; of a `link`, also if the talk
    has only a title."""
    reminded = select(Delivery.meeting_id).where(
        Delivery.kind == DeliveryKind.PREPARE,
        Delivery.member_id == actor.member_id,
        Delivery.message_id == message_id,
    )
    return session.scalar(
        select(Slot.id)
        .join(Talk, Talk.slot_id == Slot.id)
        .join(Presenter, Presenter.talk_id == Talk.id)
        .where(
            Slot.group_id == actor.group_id,
            Slot.meeting_id.in_(reminded) if private else Slot.message_id == message_id,
            or_(Talk.paper_id.is_(None), *([Talk.url.is_(None)] if link else [])),
            Presenter.member_id == actor.member_id,
            Presenter.role == Role.MAIN,
        )
        .order_by(Slot.position)
        .limit(1)
    )


def main_of(state: State | None) -> int | None:
    """The member id of the main presenter."""
    people = state["presenters"] if state else ()
    return next((member_id for member_id, role, _ in people if role == Role.MAIN.value), None)


def parts(state: State | None) -> set[tuple[int, str]]:
    """Who has which role: member ids and roles."""
    people = state["presenters"] if state else ()
    return {(member_id, role) for member_id, role, _ in people}


def with_member(state: State | None, old_id: int, new_id: int) -> State | None:
    """The talk if its presenter `old_id` had always been `new_id`; of one who is both, the main
    presenter stays."""
    if state is None:
        return None
    people = state["presenters"]
    if {old_id, new_id} <= {member_id for member_id, _, _ in people}:
        gone = new_id if main_of(state) == old_id else old_id
        people = [one for one in people if one[0] != gone]
    return state | {
        "presenters": [[new_id if one[0] == old_id else one[0], *one[1:]] for one in people]
    }


def clear(session: Session, slot_ids: Iterable[int]) -> None:
    talk_ids = select(Talk.id).where(Talk.slot_id.in_(list(slot_ids)))
    session.execute(update(File).where(File.talk_id.in_(talk_ids)).values(talk_id=None))
    for table in (Link, Presenter):
        session.execute(delete(table).where(table.talk_id.in_(talk_ids)))
    session.execute(delete(Talk).where(Talk.slot_id.in_(list(slot_ids))))
    session.expire_all()  # what was loaded of them is gone


def put(session: Session, group_id: int, wanted: Mapping[str, State | None], now: datetime) -> None:
    """Make this the contents of the slots. The talks get new ids, so a button that was made for
    one of them acts no more. Raises `DomainError` when somebody in them is no member any more."""
    clear(session, [int(slot_id) for slot_id in wanted])
    for slot_id, state in wanted.items():
        if state is not None:
            _add(session, group_id, int(slot_id), state, now)
    session.flush()


def _add(session: Session, group_id: int, slot_id: int, state: State, now: datetime) -> None:
    members = {member_id for member_id, _, _ in state["presenters"]}
    known = select(func.count(Member.id)).where(Member.group_id == group_id, Member.id.in_(members))
    if session.scalar(known) != len(members):
        raise DomainError(Refusal.CHANGED_SINCE)
    talk = Talk(
        group_id=group_id,
        slot_id=slot_id,
        paper_id=state["paper"],
        title=state["title"],
        venue=state["venue"],
        year=state["year"],
        url=state["url"],
        created_at=now,
    )
    session.add(talk)
    session.flush()  # for its id
    for position, (member_id, role, affiliation) in enumerate(state["presenters"], 1):
        session.add(
            Presenter(
                group_id=group_id,
                talk_id=talk.id,
                member_id=member_id,
                role=Role(role),
                position=position,
                affiliation=affiliation,
            )
        )
    for kind, url, label in state["links"]:
        session.add(
            Link(group_id=group_id, talk_id=talk.id, kind=LinkKind(kind), url=url, label=label)
        )
    files = [name for _, url, _ in state["links"] if (name := slides_in(url))]
    session.execute(
        update(File)
        .where(File.group_id == group_id, File.name.in_(files), File.talk_id.is_(None))
        .values(talk_id=talk.id)
    )
