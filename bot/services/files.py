"""Slides that were sent to the bot: which file is which talk's."""

from collections.abc import Callable
from datetime import datetime
from itertools import count
from typing import NamedTuple, Protocol

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from bot.domain.names import slides_in, slides_link, slides_name
from bot.domain.papers import is_web_url
from bot.domain.views import Actor, FoundTalk, MeetingView, SlidesView
from bot.services import changes, link_talks, links, queries
from bot.services.audit import Action, note
from bot.services.links import Posted
from storage.enums import LinkKind
from storage.models import File, Group, Link


class Sent(NamedTuple):
    """What was sent: its size in bytes and its SHA-256 in hexadecimal digits. Telegram's id of it
    is not kept: under that it would be given back with the sender's name for it."""

    size: int
    sha256: str


class Shelf(Protocol):
    """Where the file that was sent waits for its name."""

    def is_taken(self, name: str) -> bool: ...

    def place(self, name: str) -> None: ...


def keep(
    session: Session,
    actor: Actor,
    meeting_id: int,
    slot_id: int,
    sent: Sent,
    shelf: Shelf,
    now: datetime,
    *,
    told: bool = False,
) -> Posted:
    """Keep the slides of the talk in this slot under the group's naming, in place of those that the
    talk had, and link them. The same file again changes nothing.

    Raises `DomainError` like `links.post`, and `OSError` when it cannot be kept.
    """
    found = link_talks.wanted(session, actor, LinkKind.SLIDES, meeting_id, slot_id, now)[0]
    # Two who send at once queue here instead of meeting under one name.
    session.execute(select(Group.id).where(Group.id == actor.group_id).with_for_update())
    linked = next((link.url for link in found.talk.links if slides_in(link.url)), None)
    row, name = _kept_as(session, actor.group_id, found, linked)
    name = name or _free_name(session, actor.group_id, found, shelf)
    is_there = row is not None and row.sha256 == sent.sha256 and shelf.is_taken(name)
    if not is_there:
        shelf.place(name)
    before = {"name": name, "sha256": row.sha256} if row else {"name": name}
    _note(session, actor, row, name, found, sent, now)
    url = slides_link(name)
    entry = links.put(session, actor, LinkKind.SLIDES, found, url, now, replaces=linked, told=told)
    is_new = entry is not None
    if not is_new and not is_there:
        after = {"name": name, "sha256": sent.sha256}
        note(session, actor, Action.FILE_REPLACE, found.talk.id, now, before=before, after=after)
        changes.touch(session, [found.slot.id])
    after_all = queries.of_slot(session, actor.group_id, slot_id, now) or found
    return Posted(LinkKind.SLIDES, url, (after_all,), is_new or not is_there)


def slides_of(
    session: Session, group_id: int, meeting: MeetingView, position: int | None = None
) -> tuple[SlidesView, ...]:
    """The slides of the meeting's talks, or of the one in this slot."""
    linked = [
        (FoundTalk(meeting, slot), link.url)
        for slot in meeting.slots
        if slot.talk is not None and position in (None, slot.position)
        for link in slot.talk.links
        if link.kind is LinkKind.SLIDES and (is_web_url(link.url) or slides_in(link.url))
    ]
    names = [name for _, url in linked if (name := slides_in(url))]
    rows = session.execute(
        select(File.name, File.telegram_file_id).where(
            File.group_id == group_id, File.name.in_(names)
        )
    )
    ids = {row.name: row.telegram_file_id for row in rows}
    return tuple(
        SlidesView(found, url, slides_in(url), ids.get(slides_in(url))) for found, url in linked
    )


def remember(session: Session, group_id: int, name: str, telegram_file_id: str) -> None:
    """Telegram gives the file back for this id from now on."""
    session.execute(
        update(File)
        .where(File.group_id == group_id, File.name == name)
        .values(telegram_file_id=telegram_file_id)
    )


def drop(session: Session, group_id: int, url: str, remove: Callable[[str], None]) -> None:
    """`remove` the file of this link, if it was sent to the bot and nothing links it any more: what
    was taken back is to be found nowhere. Raises `OSError`."""
    name = slides_in(url)
    linked = select(Link.id).where(Link.group_id == group_id, Link.url == url).limit(1)
    row = session.scalars(
        select(File).where(File.group_id == group_id, File.name == name)
    ).one_or_none()
    if row is not None and session.scalar(linked) is None:
        session.delete(row)
        remove(row.name)


def _kept_as(
    session: Session, group_id: int, found: FoundTalk, linked: str | None
) -> tuple[File | None, str | None]:
    """The file that the talk has already, and its name: what was sent, or what only the page
    links. A file that is another talk's too stays that one's."""
    name = slides_in(linked) if linked else None
    rows = session.scalars(
        select(File)
        .where(File.group_id == group_id, or_(File.talk_id == found.talk.id, File.name == name))
        .order_by(File.id.desc())
    ).all()
    own = next((row for row in rows if row.talk_id in (None, found.talk.id)), None)
    if own is not None:
        return own, own.name
    return None, name if not rows else None


def _free_name(session: Session, group_id: int, found: FoundTalk, shelf: Shelf) -> str:
    known = session.scalars(select(File.name).where(File.group_id == group_id))
    taken = {name.casefold() for name in known}
    names = (slides_name(found.meeting.date, found.talk.title, number) for number in count(1))
    return next(name for name in names if name.casefold() not in taken and not shelf.is_taken(name))


def _note(
    session: Session,
    actor: Actor,
    row: File | None,
    name: str,
    found: FoundTalk,
    sent: Sent,
    now: datetime,
) -> None:
    if row is None:
        row = File(group_id=actor.group_id, name=name, created_at=now)
        session.add(row)
    row.talk_id, row.member_id = found.talk.id, actor.member_id
    row.size, row.sha256, row.telegram_file_id = sent.size, sent.sha256, None
    session.flush()
