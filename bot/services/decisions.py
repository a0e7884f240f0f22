"""What becomes of a request once it is answered."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.views import Actor, RequestView
from bot.services import choices, handovers, identities, requests, swaps
from storage.enums import RequestKind
from storage.models import Request

EFFECTS: dict[RequestKind, Callable[[Session, Actor, Request, datetime], None]] = {
    RequestKind.BEND: choices.bend,
    RequestKind.IDENTITY: identities.identify,
    RequestKind.HAND_OVER: handovers.hand_over,
    RequestKind.SWAP: swaps.swap,
}
"""What agreeing does, in the same transaction; it may still refuse."""


def agree(session: Session, actor: Actor, request_id: int, now: datetime) -> RequestView:
    request = requests.settle(session, actor, request_id, now, agreed=True)
    EFFECTS[request.kind](session, actor, request, now)
    return requests.view(session, request, now)


def decline(session: Session, actor: Actor, request_id: int, now: datetime) -> RequestView:
    request = requests.settle(session, actor, request_id, now, agreed=False)
    return requests.view(session, request, now)
