"""What a member wants to hear in private of the bot's own accord, and how long before."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.reminders import LEADS
from bot.domain.views import Actor, HearingView
from bot.errors import DomainError, Refusal
from bot.services import announcements
from bot.services.members import require_member
from storage.models import Member


def look(session: Session, actor: Actor) -> HearingView:
    """Raises `DomainError` for an administrator who writes anonymously."""
    return _view(session.get_one(Member, require_member(actor)))


def choose(session: Session, actor: Actor, wanted: HearingView, now: datetime) -> HearingView:
    """Hear this from now on; what is planned for the member already follows. Raises `DomainError`
    for an hour that is not on offer."""
    member = session.get_one(Member, require_member(actor))
    if wanted.hours not in LEADS:
        raise DomainError(Refusal.OLD_BUTTON)
    if _view(member) != wanted:
        member.hears_own, member.hears_all = wanted.own, wanted.every
        member.remind_hours, member.muted = wanted.hours, wanted.muted
        session.flush()
        announcements.plan_member(session, actor.group, member.id, now)
    return wanted


def _view(member: Member) -> HearingView:
    return HearingView(member.hears_own, member.hears_all, member.remind_hours, member.muted)
