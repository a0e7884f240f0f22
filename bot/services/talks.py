"""Talks: the paper they are on, and what is linked."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.domain import papers
from bot.domain.page import PageLink, PageTalk
from storage.models import Link, Paper
from storage.queries import among, in_parts, new_row, new_rows, rows_of, table

MAX_TITLE = 300
"""Characters in a claimed paper's title; the longest that dblp lists stay well below."""


_paper = Paper.__table__.c
_KNOWN = select(Paper.__table__).where(
    _paper.group_id == bindparam("of_group"), _paper.identity == bindparam("of_identity")
)
_NEW = insert(table(Paper))
_KNOWN_AMONG = select(table(Paper)).where(
    _paper.group_id == bindparam("of_group"), _paper.identity.in_(among("identities"))
)
_SAID = (
    update(table(Paper))
    .where(_paper.id == bindparam("of_id"))
    .values({column: bindparam(f"of_{column}") for column in ("title", "venue", "year", "url")})
)
_NEW_LINKS = insert(table(Link))


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


def papers_of(session: Session, group_id: int, said: Sequence[PageTalk]) -> list[int]:
    """As `paper_of`, for what a page says of many papers, in its order."""
    identities = [papers.identity(one.url, one.title) for one in said]
    known = {
        row.identity: row
        for part in in_parts(list(dict.fromkeys(identities)))
        for row in rows_of(session, _KNOWN_AMONG, of_group=group_id, identities=part)
    }
    last: dict[str, dict[str, Any]] = {}
    for identity, one in zip(identities, said, strict=True):
        row = last.get(identity) or {
            column: getattr(known.get(identity), column, None) for column in ("venue", "year")
        }
        named = {"venue": one.venue, "year": one.year} if one.venue is not None else {}
        last[identity] = {**row, **named, "title": one.title, "url": one.url}
    other = [
        {"of_id": row.id, **{f"of_{column}": value for column, value in last[identity].items()}}
        for identity, row in known.items()
        if any(getattr(row, column) != value for column, value in last[identity].items())
    ]
    if other:
        session.connection().execute(_SAID, other)
    new = [
        {"group_id": group_id, "identity": identity, **said_last}
        for identity, said_last in last.items()
        if identity not in known
    ]
    ids = {identity: row.id for identity, row in known.items()}
    ids |= new_rows(session, Paper, new, "identity")
    return [ids[identity] for identity in identities]


def set_links(
    session: Session,
    group_id: int,
    said: Mapping[int, Sequence[PageLink]],
    target: InstrumentedAttribute[int | None],
    known: Sequence[int] = (),
) -> set[int]:
    """Add what is not linked yet to talks or to meetings, of which `target` is the column, and
    correct what links are called. Those that are not `known` are new, and have no links. Returns
    the ids of those of which that changed anything."""
    there = {
        (getattr(link, target.key), link.kind, link.url): link
        for part in in_parts(known)
        for link in session.scalars(select(Link).where(target.in_(part)))
    }
    changed: set[int] = set()
    new: list[dict[str, Any]] = []
    for one, links in said.items():
        # A page that lists a link twice says one thing.
        for (kind, url), label in {(link.kind, link.url): link.label for link in links}.items():
            link = there.get((one, kind, url))
            if link is None:
                row = {"group_id": group_id, "kind": kind, "url": url, "label": label}
                new.append({**row, target.key: one})
            elif link.label != label:
                link.label = label
            else:
                continue
            changed.add(one)
    if new:
        session.flush()
        session.connection().execute(_NEW_LINKS, new)
    return changed


def drop_links(
    session: Session,
    gone: Iterable[PageLink],
    target: InstrumentedAttribute[int | None],
    target_id: int,
) -> None:
    """Take these links away from a talk or from a meeting; `target` is as for `set_links`."""
    for link in gone:
        session.execute(
            delete(Link).where(target == target_id, Link.kind == link.kind, Link.url == link.url)
        )
