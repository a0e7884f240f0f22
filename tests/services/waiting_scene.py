"""Two meetings that are taken, and people who may wait for them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import MovableClock
from bot.domain.views import Actor
from bot.errors import DomainError, Refusal
from bot.services import claims, offers, places, queries, releases
from storage.models import Delivery, Member, Offer, Slot, Wait
from tests.factories import (
    as_actor,
    make_chat,
    make_group,
    make_meeting,
    make_member,
    make_slot,
    make_term,
)

DAY = timedelta(days=1)
LITHOS = "https://arxiv.org/abs/2504.15465"


class Scene:
    """Meetings on 13 and 20 January with one slot each, both Ann's. Ben, Robin and Zoe may wait."""

    def __init__(self, session: Session, clock: MovableClock) -> None:
        self.session, self.clock = session, clock
        self.group = make_group(session, selection_rule=None)
        make_chat(session, self.group)
        self.term = make_term(session, self.group)
        days = (date(2026, 1, 13), date(2026, 1, 20))
        self.first, self.second = (
            make_slot(session, make_meeting(session, self.term, date=day)) for day in days
        )
        self.ann, self.ben, self.robin, self.zoe = (
            self.member(name) for name in ("Ann", "Ben", "Robin", "Zoe")
        )
        for number, slot in enumerate((self.first, self.second)):
            claims.claim(session, self.ann, slot.id, f"Paper {number}", None, clock.now())

    def member(self, name: str, *, reachable: bool = True) -> Actor:
        member = make_member(self.session, self.group, name=name, reachable=reachable)
        return as_actor(self.session, member)

    def wait(self, actor: Actor, slot: Slot | None, title: str | None = None) -> places.Place:
        slot_id = slot.id if slot else None
        return places.wait(self.session, actor, slot_id, title, None, self.clock.now())

    def release(self, slot: Slot) -> None:
        releases.release(self.session, self.ann, slot.id, self.clock.now())

    def offered(self, slot: Slot) -> str | None:
        """Who is offered the slot now."""
        found = queries.of_slot(self.session, self.group.id, slot.id, self.clock.now())
        assert found is not None
        return found.slot.held.member.name if found.slot.held else None

    def offer(self, actor: Actor) -> int:
        """The newest offer to this member."""
        mine = select(Offer.id).where(Offer.member_id == actor.member_id).order_by(Offer.id.desc())
        offer_id = self.session.scalars(mine).first()
        assert offer_id is not None
        return offer_id

    def accept(self, actor: Actor, offer_id: int | None = None) -> offers.Accepted:
        number = offer_id or self.offer(actor)
        return offers.accept(self.session, actor, number, self.clock.now())

    def refuse(self, actor: Actor, offer_id: int | None = None) -> None:
        offers.refuse(self.session, actor, offer_id or self.offer(actor), self.clock.now())

    def pass_time(self, time: timedelta) -> int:
        self.clock.move(time)
        return offers.advance(self.session, self.clock.now())

    def waiting(self) -> list[str]:
        rows = select(Member.name).join(Wait, Wait.member_id == Member.id).order_by(Wait.id)
        return list(self.session.scalars(rows))

    def told(self) -> list[tuple[str | None, str]]:
        """Who was told of an offer, and what became of that message."""
        rows = (
            select(Member.name, Delivery.state)
            .outerjoin(Member, Member.id == Delivery.member_id)
            .where(Delivery.offer_id.is_not(None))
            .order_by(Delivery.id)
        )
        return [(name, state.value) for name, state in self.session.execute(rows)]


@contextmanager
def refused(refusal: Refusal) -> Iterator[None]:
    with pytest.raises(DomainError) as caught:
        yield
    assert caught.value.code is refusal
