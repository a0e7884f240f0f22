"""Questions that nobody can answer any more: too old, asked of somebody who left, or about talks
that are others' by now. Whoever asked need not wait."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.domain.views import RequestView
from bot.services import groups, notices, requests
from bot.services.audit import Action
from storage.enums import RequestKind, RequestState, Role
from storage.models import AuditEntry, Member, Presenter, Request, Talk
from storage.queries import table

MOST = 50
"""Questions looked at in one transaction; the next tick takes the rest."""


def _gives(
    talk_id: InstrumentedAttribute[int | None],
    slot_id: InstrumentedAttribute[int | None],
    member_id: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
) -> ColumnElement[bool]:
    """Whether the member is the main presenter of this talk in this slot."""
    return (
        exists()
        .where(
            Talk.id == talk_id,
            Talk.slot_id == slot_id,
            Presenter.talk_id == Talk.id,
            Presenter.member_id == member_id,
            Presenter.role == Role.MAIN,
        )
        .correlate(Request)
    )


_OWN = and_(
    Request.talk_id.is_not(None),
    ~_gives(Request.talk_id, Request.slot_id, Request.asker_id),
)
"""Whether the talk that the asker had is theirs no more."""

_TAKEN = and_(
    Request.kind == RequestKind.BEND,
    Request.talk_id.is_(None),
    exists().where(Talk.slot_id == Request.slot_id).correlate(Request),
)
_OTHERS = and_(
    Request.kind == RequestKind.SWAP,
    ~_gives(Request.other_talk_id, Request.other_slot_id, Request.asked_id),
)
_newer = table(Request).alias("newer").c  # of the model, it would be made ready at each start
_SUPERSEDED = or_(
    exists()
    .where(
        _newer.id > Request.id,
        _newer.asker_id == Request.asker_id,
        _newer.kind == Request.kind,
        _newer.slot_id.is_not_distinct_from(Request.slot_id),
    )
    .correlate(Request),
    and_(
        Request.kind == RequestKind.BEND,
        exists()
        .where(
            AuditEntry.group_id == Request.group_id,
            AuditEntry.at > Request.created_at,
            AuditEntry.action == Action.TALK_EDIT,
            AuditEntry.subject_id == Request.slot_id,
            AuditEntry.member_id == Request.asker_id,
        )
        .correlate(Request),
    ),
)
"""Whether the asker has asked for, or done, something else since."""

_NAMELESS = and_(Request.kind == RequestKind.IDENTITY, Request.name_id.is_(None))
"""Whether the name became another account's."""

_LEFT = exists().where(Member.id == Request.asked_id, Member.gone).correlate(Request)
_LAPSED = (
    select(Request, _OWN, _SUPERSEDED)
    .where(
        Request.state == RequestState.OPEN,
        Request.created_at < bindparam("now"),
        or_(Request.expires_at <= bindparam("now"), _OWN, _TAKEN, _OTHERS, _LEFT, _NAMELESS),
    )
    .order_by(Request.id)
    .limit(MOST)
)


class Lapsed(NamedTuple):
    """A question that is not asked any more, and the messages that ask it: Telegram's chat id and
    message id of each."""

    request: RequestView
    copies: tuple[tuple[int, int], ...]


def look(session: Session, now: datetime) -> tuple[Lapsed, ...]:
    """Withdraw what lapsed, and tell the asker, who knows already where it is because of their own
    talk or of what they did since. Safe to call at any time."""
    found = []
    for request, own, superseded in session.execute(_LAPSED, {"now": now}).all():
        request.state = RequestState.WITHDRAWN
        request.expires_at = min(request.expires_at, now)
        session.flush()
        notices.settle(session, now, request_id=request.id)
        if not own and not superseded:
            requests.tell_asker(session, request, now)
        group = groups.by_id(session, request.group_id)
        copies = requests.copies(session, group, request.id)
        view = requests.view(session, request, now)._replace(lapsed=not superseded)
        found.append(Lapsed(view, copies))
    return tuple(found)
