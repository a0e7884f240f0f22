"""Talks: the paper they are on, who gives them, and what is linked."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from bot.domain import papers
from bot.domain.page import PageLink, PagePresenter
from storage.enums import Role
from storage.models import Link, Member, Paper, Presenter, Talk
from storage.queries import new_row, rows_of, table

MAX_TITLE = 300
"""Characters in a claimed paper's title; the longest that dblp lists stay well below."""


_paper = Paper.__table__.c
_KNOWN = select(Paper.__table__).where(
    _paper.group_id == bindparam("of_group"), _paper.identity == bindparam("of_identity")
)
_NEW = insert(table(Paper))


def paper_of(
    session: Session,
    group_id: int,
    title: str,
    venue: str | None,
    year: int | None,
    url: str | None,
    authors: Sequence[str] = (),
) -> int:
    """The id of the group's one row for this paper, made when it is new. The row keeps what was
    said of the paper last; talks keep their own."""
    identity = papers.identity(url, title)
    said: dict[str, Any] = {"title": title, "url": url}
    if authors:
        said["authors"] = list(authors)
    if venue is not None:
        said |= {"venue": venue, "year": year}
    known = rows_of(session, _KNOWN, of_group=group_id, of_identity=identity)
    if not known:
        return new_row(session, _NEW, group_id=group_id, identity=identity, **said)
    paper = known[0]
    if any(getattr(paper, column) != value for column, value in said.items()):
        session.execute(update(Paper).where(Paper.id == paper.id).values(**said))
    return int(paper.id)


def set_presenters(session: Session, talk: Talk, said: Sequence[PagePresenter]) -> bool:
    """Make these the talk's presenters, the main one first. Returns whether that changed
    anything. A name that the group does not know becomes a member without an account; one that
    stands there twice counts once."""
    named: dict[str, PagePresenter] = {}
    for person in said:
        named.setdefault(person.name, person)
    said = tuple(named.values())
    now = session.execute(
        select(Member.name, Presenter.role, Presenter.affiliation)
        .join(Member, Member.id == Presenter.member_id)
        .where(Presenter.talk_id == talk.id)
        .order_by(Presenter.position)
    ).all()
    if [tuple(row) for row in now] == [(p.name, p.role, p.affiliation) for p in said]:
        return False
    session.execute(delete(Presenter).where(Presenter.talk_id == talk.id))
    for position, person in enumerate(said, 1):
        session.add(
            Presenter(
                group_id=talk.group_id,
                talk_id=talk.id,
                member_id=_member_named(session, talk.group_id, person),
                role=person.role,
                position=position,
                affiliation=person.affiliation,
            )
        )
    session.flush()
    return True


def set_links(
    session: Session,
    group_id: int,
    said: Sequence[PageLink],
    *,
    talk_id: int | None = None,
    meeting_id: int | None = None,
) -> bool:
    """Add what is not linked yet, to a talk or to a meeting, and correct what links are called.
    Returns whether that changed anything."""
    target = Link.talk_id == talk_id if talk_id is not None else Link.meeting_id == meeting_id
    there = {(link.kind, link.url): link for link in session.scalars(select(Link).where(target))}
    changed = False
    # A page that lists a link twice says one thing.
    for (kind, url), said_link in {(link.kind, link.url): link for link in said}.items():
        link = there.get((kind, url))
        if link is None:
            link = Link(
                group_id=group_id, talk_id=talk_id, meeting_id=meeting_id, kind=kind, url=url
            )
            session.add(link)
        elif link.label == said_link.label:
            continue
        link.label, changed = said_link.label, True
    session.flush()
    return changed


def drop_links(
    session: Session,
    gone: Iterable[PageLink],
    *,
    talk_id: int | None = None,
    meeting_id: int | None = None,
) -> None:
    """Take these links away from a talk or from a meeting."""
    target = Link.talk_id == talk_id if talk_id is not None else Link.meeting_id == meeting_id
    for link in gone:
        session.execute(delete(Link).where(target, Link.kind == link.kind, Link.url == link.url))


def main_of(session: Session, talk: Talk) -> int | None:
    """The member id of the talk's main presenter; `None` on a page that names nobody."""
    return session.scalar(
        select(Presenter.member_id).where(Presenter.talk_id == talk.id, Presenter.role == Role.MAIN)
    )


def left_out(session: Session, talk: Talk, said: Iterable[PagePresenter]) -> list[str]:
    """The presenters with an account whom a page does not name: those took the talk in the chat."""
    return list(
        session.scalars(
            select(Member.name)
            .join(Presenter, Presenter.member_id == Member.id)
            .where(
                Presenter.talk_id == talk.id,
                Member.telegram_id.is_not(None),
                Member.name.not_in([person.name for person in said]),
            )
            .order_by(Presenter.position)
        )
    )


def _member_named(session: Session, group_id: int, person: PagePresenter) -> int:
    member = session.scalars(
        select(Member)
        .where(Member.group_id == group_id, Member.name == person.name)
        # Anybody may call their account what they like: with two of one name the page means the one
        # that organizers agreed to, else the one that the page brought.
        .order_by(Member.keeps_name.desc(), Member.telegram_id.is_not(None), Member.id)
        .limit(1)
    ).first()
    if member is None:
        member = Member(group_id=group_id, name=person.name)
        session.add(member)
    if person.affiliation is not None:
        member.affiliation = person.affiliation
    session.flush()  # for its id
    return member.id
