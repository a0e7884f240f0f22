"""What belongs to a talk besides its paper: slides, a video, a summary."""

from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain import web_links
from bot.domain.papers import check_link
from bot.domain.views import Actor, FoundTalk, GroupView
from bot.errors import DomainError, Refusal
from bot.services import changes, link_talks, online, queries
from bot.services.audit import Action, note, note_undone
from storage.enums import LinkKind
from storage.models import AuditEntry, Link, Talk


class Posted(NamedTuple):
    """The link as it stands now, and the talks that have it. `new` is false when all of them had
    it already. `starts` are the seconds at which the talks begin in one recording, where that was
    said."""

    kind: LinkKind
    url: str
    talks: tuple[FoundTalk, ...]
    new: bool
    starts: tuple[int, ...] = ()

    @property
    def lacks_starts(self) -> bool:
        """Whether several talks have one recording, and nobody said where each begins."""
        is_shared = self.kind is LinkKind.VIDEO and len(self.talks) > 1
        return is_shared and not self.starts and not web_links.starts_somewhere(self.url)


def unknown_host(group: GroupView, url: str) -> str | None:
    """The site of the link if the group does not know it, so that somebody is asked first."""
    return None if web_links.is_known(url, group.link_hosts) else web_links.host_of(url)


def post(
    session: Session,
    actor: Actor,
    kind: LinkKind,
    meeting_id: int,
    slot_id: int | None,
    url: str,
    now: datetime,
    *,
    starts: tuple[int, ...] = (),
    told: bool = False,
) -> Posted:
    """Put the link beside the talk in this slot of the meeting, or for `None` beside all talks for
    which the actor may: one recording may hold several, and `starts` are the seconds at which they
    begin, one for each. Posting it again changes nothing; a video takes the place of the same one
    that begins elsewhere. The group is told, unless it was `told` already.

    Raises `DomainError` for a link that is none, for talks that are not the actor's, for a slot
    without a talk, for too many starts or too few, and before the meeting has begun, except for
    slides.
    """
    check_link(url)
    url = web_links.tidied(url)
    there = link_talks.wanted(session, actor, kind, meeting_id, slot_id, now)
    meeting = there[0].meeting
    if starts and len(starts) != len(there):
        raise DomainError(Refusal.START_FOR_EACH, meeting=meeting, talks=len(there))
    urls = [web_links.starting_at(url, at) for at in starts] or [url] * len(there)
    for link in urls:
        check_link(link)  # as it is kept it may be longer than as it was written
    act: int | None = None
    for one, link in zip(there, urls, strict=True):
        entry = put(session, actor, kind, one, link, now, told=told, act=act)
        act = act or entry
    after = queries.meeting(session, actor.group_id, meeting_id, now) or meeting
    slot_ids = [one.slot.id for one in there]
    talks = tuple(FoundTalk(after, slot) for slot in after.slots if slot.id in slot_ids)
    return Posted(kind, url, talks, act is not None, starts)


def put(
    session: Session,
    actor: Actor,
    kind: LinkKind,
    found: FoundTalk,
    url: str,
    now: datetime,
    *,
    replaces: str | None = None,
    told: bool = False,
    act: int | None = None,
) -> int | None:
    """Put this link beside the talk, in place of the one that it `replaces` or that is the same
    video. Returns the entry of the log, `None` where nothing changed. `act` is that of the first
    talk beside which it was put at once; what was done at once is taken back at once."""
    # Two who post at once queue here instead of meeting in the constraint.
    talk_id = found.talk.id
    session.execute(select(Talk.id).where(Talk.id == talk_id).with_for_update())
    there = session.scalars(
        select(Link).where(Link.talk_id == talk_id, Link.kind == kind).order_by(Link.id)
    ).all()
    if any(_says_it_all(link, url) for link in there):
        return None
    old = next((link for link in there if link.url == replaces or _is_same(link, url)), None)
    before = _noted(found, kind, old.url) if old else {}
    if old is not None:
        old.url = url
    else:
        session.add(Link(group_id=actor.group_id, talk_id=talk_id, kind=kind, url=url))
    session.flush()
    after = _noted(found, kind, url) | ({"told": True} if told else {})
    after |= {"act": act} if act is not None else {}
    entry = note(session, actor, Action.LINK_POST, talk_id, now, before=before, after=after)
    changes.touch(session, [found.slot.id])
    if not told:
        online.tell(session, actor.group, entry, now)
    return entry


def _noted(found: FoundTalk, kind: LinkKind, url: str) -> dict[str, Any]:
    return {"kind": kind.value, "url": url, "slot": found.slot.id}


def _says_it_all(link: Link, url: str) -> bool:
    """Whether this link is there already, perhaps with more: where in the video the talk begins."""
    if web_links.tidied(link.url) == url:
        return True
    return _is_same(link, url) and not web_links.starts_somewhere(url)


def _is_same(link: Link, url: str) -> bool:
    return link.kind is LinkKind.VIDEO and web_links.same_video(link.url, url)


def put_back(session: Session, actor: Actor, entry: AuditEntry, now: datetime) -> None:
    """The link is gone, or the one that it replaced is back; likewise beside the other talks beside
    which it was put at once, but where that was changed since. Raises `DomainError` when it is gone
    already, or the talk is another since."""
    _put_back(session, actor, entry, now)
    for one in _done_with(session, entry):
        with suppress(DomainError):
            _put_back(session, actor, one, now)


def _done_with(session: Session, entry: AuditEntry) -> list[AuditEntry]:
    """What was done at once with this and not taken back since."""
    posted = session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.group_id == entry.group_id,
            AuditEntry.action == Action.LINK_POST,
            AuditEntry.at == entry.at,
            AuditEntry.id.not_in(
                select(AuditEntry.undoes_id).where(
                    AuditEntry.group_id == entry.group_id, AuditEntry.undoes_id.is_not(None)
                )
            ),
        )
        .order_by(AuditEntry.id)
    )
    return [one for one in posted if _act_of(one) == _act_of(entry)]


def _act_of(entry: AuditEntry) -> int:
    act: int = (entry.after or {}).get("act", entry.id)
    return act


def _put_back(session: Session, actor: Actor, entry: AuditEntry, now: datetime) -> None:
    before, after = entry.before or {}, entry.after or {}
    # A talk that was away and came back has another number.
    link = session.scalars(
        select(Link)
        .join(Talk, Talk.id == Link.talk_id)
        .where(
            Talk.slot_id == after.get("slot"),
            Link.group_id == actor.group_id,
            Link.kind == LinkKind(after["kind"]),
            Link.url == after["url"],
        )
    ).one_or_none()
    if link is None:
        raise DomainError(Refusal.CHANGED_SINCE)
    if before:
        link.url = before["url"]
    else:
        session.delete(link)
    session.flush()
    note_undone(session, actor, Action.LINK_UNDO, entry, now)
    changes.touch(session, [int(after["slot"])])
