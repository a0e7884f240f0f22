"""Two talks of two members, which can change places and hands."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from bot.domain.views import Actor
from storage.models import Member
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


class Scene:
    """Ann gives a talk on 13 January and Bo one on 20 January; Cy gives none."""

    def __init__(self, session: Session, **of_group: Any) -> None:
        self.group = make_group(session, **of_group)
        term = make_term(session, self.group)
        self.meetings = [make_meeting(session, term, date=date(2026, 1, day)) for day in (13, 20)]
        self.ann, self.bo, self.cy = (
            make_actor(session, self.group, n) for n in ("Ann", "Bo", "Cy")
        )
        self.slots = [make_slot(session, meeting) for meeting in self.meetings]
        self.open = make_slot(session, self.meetings[1])
        for slot, who in zip(self.slots, (self.ann, self.bo), strict=True):
            talk = make_talk(session, slot, title=f"Talk of {who.name}")
            make_presenter(session, talk, session.get_one(Member, who.member_id))
            make_link(session, talk, url=f"https://slides.example/{who.name}")

    @property
    def first(self) -> int:
        return self.slots[0].id

    @property
    def second(self) -> int:
        return self.slots[1].id


def id_of(actor: Actor) -> int:
    assert actor.member_id is not None
    return actor.member_id
