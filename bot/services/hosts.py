"""The sites of a group's own whose links are posted without a question."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain import web_links
from bot.domain.views import Actor, GroupView
from bot.errors import DomainError, Refusal
from bot.services import groups, rules
from bot.services.members import require_organizer

MOST_HOSTS = 20


def add(session: Session, actor: Actor, text: str, now: datetime) -> GroupView:
    """Know this site, named by its host or by a link to it. Raises `DomainError` for anybody but an
    organizer, for what is no site, and for one too many."""
    require_organizer(actor)
    host = web_links.read_host(text)
    if host is None:
        raise DomainError(Refusal.NOT_A_HOST, text=text)
    group = groups.by_id(session, actor.group_id)
    own = group.link_hosts
    if web_links.is_known(f"https://{host}", own):
        return group
    if len(own) >= MOST_HOSTS:
        raise DomainError(Refusal.TOO_MANY_HOSTS, most=MOST_HOSTS)
    return _set(session, actor, own, {*own, host}, now)


def remove(session: Session, actor: Actor, number: int, now: datetime) -> GroupView:
    """Ask again before a link to this site is posted. `number` is what `web_links.host_number` has
    for it; removing it twice changes nothing. Raises `DomainError` for anybody but an organizer."""
    require_organizer(actor)
    own = groups.by_id(session, actor.group_id).link_hosts
    left = {host for host in own if web_links.host_number(host) != number}
    return _set(session, actor, own, left, now)


def _set(
    session: Session, actor: Actor, before: tuple[str, ...], after: set[str], now: datetime
) -> GroupView:
    written = "\n".join(sorted(after))
    rules.change(session, actor, {"link_hosts": "\n".join(before)}, {"link_hosts": written}, now)
    return groups.by_id(session, actor.group_id)
