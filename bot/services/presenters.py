"""Who gives a talk, as pages say it: names, and perhaps an affiliation."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from bot.domain.page import PagePresenter
from storage.models import Member, Presenter
from storage.prepared import AnyRow
from storage.queries import among, in_parts, new_rows, table
from storage.queries import schedule as rows

Given = Mapping[int, Sequence[AnyRow]]
"""Who gives each talk, by its id, the main presenter first."""

_members, _presenters = table(Member), table(Presenter)
_member = _members.c
_NAMED = (
    select(_member.id, _member.name, _member.affiliation)
    .where(_member.group_id == bindparam("of_group"), _member.name.in_(among("names")))
    # Anybody may call their account what they like: with two of one name the page means the one
    # that organizers agreed to, else the one that the page brought.
    .order_by(_member.keeps_name.desc(), _member.telegram_id.is_not(None), _member.id)
)
_AFFILIATED = (
    update(_members).where(_member.id == bindparam("of_member")).values(affiliation=bindparam("of"))
)
_GIVEN = insert(_presenters)
_TAKEN = delete(_presenters).where(_presenters.c.talk_id.in_(among("talk_ids")))


def of_talks(session: Session, talk_ids: Sequence[int]) -> Given:
    given: dict[int, list[AnyRow]] = defaultdict(list)
    for part in in_parts(talk_ids):
        for row in rows.presenters(session, part):
            given[row.talk_id].append(row)
    return given


def set_presenters(
    session: Session,
    group_id: int,
    said: Mapping[int, Sequence[PagePresenter]],
    given: Given | None = None,
) -> set[int]:
    """Make these the presenters of talks, the main one first, where `given` says who gives them
    now. Returns the ids of the talks of which that changed anything. A name that the group does not
    know becomes a member without an account; one that stands there twice counts once."""
    given = given or {}
    changed: dict[int, list[PagePresenter]] = {}
    for talk_id, people in said.items():
        once: dict[str, PagePresenter] = {}
        for person in people:
            once.setdefault(person.name, person)
        now = [(row.name, row.role, row.affiliation) for row in given.get(talk_id, ())]
        if now != [(person.name, person.role, person.affiliation) for person in once.values()]:
            changed[talk_id] = list(once.values())
    for part in in_parts([talk_id for talk_id in changed if talk_id in given]):
        session.connection().execute(_TAKEN, {"talk_ids": part})
    everybody = [person for people in changed.values() for person in people]
    ids = _members_named(session, group_id, everybody)
    values = [
        {
            "group_id": group_id,
            "talk_id": talk_id,
            "member_id": ids[person.name],
            "role": person.role,
            "position": position,
            "affiliation": person.affiliation,
        }
        for talk_id, people in changed.items()
        for position, person in enumerate(people, 1)
    ]
    if values:
        session.connection().execute(_GIVEN, values)
    return set(changed)


def left_out(given: Iterable[AnyRow], said: Iterable[PagePresenter]) -> list[str]:
    """The presenters with an account whom a page does not name: those took the talk in the chat."""
    named = {person.name for person in said}
    return [row.name for row in given if row.telegram_id is not None and row.name not in named]


def _members_named(
    session: Session, group_id: int, people: Sequence[PagePresenter]
) -> dict[str, int]:
    """The ids of the group's members with these names. They get the affiliation said last."""
    said: dict[str, str | None] = {}
    for person in people:
        if person.affiliation is not None or person.name not in said:
            said[person.name] = person.affiliation
    known: dict[str, AnyRow] = {}
    for part in in_parts(list(said)):
        for row in session.connection().execute(_NAMED, {"of_group": group_id, "names": part}):
            known.setdefault(row.name, row)
    other = [
        {"of_member": row.id, "of": said[name]}
        for name, row in known.items()
        if said[name] not in (None, row.affiliation)
    ]
    if other:
        session.connection().execute(_AFFILIATED, other)
    new = [
        {"group_id": group_id, "name": name, "affiliation": affiliation}
        for name, affiliation in said.items()
        if name not in known
    ]
    ids = {name: row.id for name, row in known.items()}
    return ids | new_rows(session, Member, new, "name")
