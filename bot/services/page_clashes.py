"""Pages that were edited by hand and clash with the schedule: organizers say who is right."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.views import Actor, PageClashView
from bot.errors import DomainError, Refusal
from bot.services import groups, ledger, notices, publications
from bot.services.audit import Action, note
from bot.services.members import require_organizer
from storage.enums import DeliveryKind, DeliveryState, PageChoice
from storage.models import Delivery, Term, TermPage

ASKED_FOR = timedelta(days=7)
"""How long organizers are asked; the file is left alone until they answer, however long."""

MOST_TOLD = 8
"""Clashes in one message; more of them fill no phone."""

_DIGITS = 16
"""Of the digest, in the key of a question: the next edit is another question."""


def ask(
    session: Session,
    group_id: int,
    term_id: int,
    digest: str,
    clashes: Sequence[str],
    now: datetime,
    *,
    takable: bool,
) -> bool:
    """Ask the organizers about the file of this digest, once. Returns whether that is news: where
    the file was edited once more and the same does not fit, the question is there already."""
    page = session.scalars(select(TermPage).where(TermPage.term_id == term_id)).one_or_none()
    if page is None:
        page = TermPage(group_id=group_id, term_id=term_id, written="")
        session.add(page)
    if page.conflict == digest and page.takable == takable and page.choice is None:
        return False
    told = list(clashes[:MOST_TOLD])
    if len(clashes) > MOST_TOLD:
        told.append(f"And {len(clashes) - MOST_TOLD} more.")
    subject = _subject(term_id, digest, takable=takable)
    asked = page.conflict is not None and page.takable == takable and page.choice is None
    before = _subject(term_id, page.conflict or "", takable=takable)
    page.conflict, page.takable, page.choice = digest, takable, None
    session.flush()
    if asked and _is_about_the_same(session, group_id, before, subject, "\n".join(told)):
        return False
    notices.to_organizers(
        session,
        DeliveryKind.PAGE,
        group_id,
        now,
        now + ASKED_FOR,
        subject=subject,
        text="\n".join(told),
    )
    return True


def _subject(term_id: int, digest: str, *, takable: bool) -> str:
    return f"page:{term_id}:{digest[:_DIGITS]}:{'any' if takable else 'mend'}"


def _is_about_the_same(
    session: Session, group_id: int, before: str, subject: str, text: str
) -> bool:
    """Whether the questions that bore the subject `before` said just this, and were not in vain;
    then they bear the new one, unless another bears that already."""
    questions, others = _bearing(session, group_id, before), _bearing(session, group_id, subject)
    asked = any(one.state in (DeliveryState.PLANNED, *ledger.TOLD) for one in questions)
    if others or not asked or any(one.text != text for one in questions):
        return False
    for one in questions:
        one.key = subject + one.key.removeprefix(before)
    return True


def _bearing(session: Session, group_id: int, subject: str) -> Sequence[Delivery]:
    of_group = Delivery.group_id == group_id, Delivery.kind == DeliveryKind.PAGE
    bears = Delivery.key.startswith(f"{subject}:", autoescape=True)
    return session.scalars(select(Delivery).where(*of_group, bears)).all()


def choose(
    session: Session, actor: Actor, delivery_id: int, choice: PageChoice, now: datetime
) -> PageChoice | None:
    """An organizer says which side is right; the first answer counts. Returns what counts now, or
    `None` when nothing is asked any more. Raises `DomainError` for anybody but an organizer, and
    when the page was edited once more and is in question as it is now."""
    require_organizer(actor)
    delivery = groups.own(session, Delivery, delivery_id, actor.group_id)
    page = _asked_about(session, delivery)
    if page is None:
        newer = _page_of(session, delivery)
        if newer is not None and newer.conflict is not None and newer.choice is None:
            raise DomainError(Refusal.ASKED_ANEW)
        return None
    if choice is PageChoice.PAGE and not page.takable:
        raise DomainError(Refusal.OLD_BUTTON)
    if page.choice is None:
        page.choice = choice
        action = Action.PAGE_TAKE if choice is PageChoice.PAGE else Action.PAGE_KEEP
        title = session.get_one(Term, page.term_id).title
        note(session, actor, action, page.term_id, now, after={"term": title})
        publications.ask_for(session, actor.group_id, now)
    return page.choice


def is_settled(session: Session, delivery: Delivery) -> bool:
    """Whether this asks about an edit that is not in question any more."""
    return delivery.key.startswith("page:") and _asked_about(session, delivery) is None


def view(session: Session, delivery: Delivery) -> PageClashView | None:
    """What this delivery asks about; `None` for one that asks nothing."""
    page = _asked_about(session, delivery)
    if page is None:
        return None
    return PageClashView(session.get_one(Term, page.term_id).title, page.takable)


def _asked_about(session: Session, delivery: Delivery) -> TermPage | None:
    page = _page_of(session, delivery)
    if page is None or page.conflict is None:
        return None
    digest = delivery.key.split(":")[2]
    return page if page.conflict.startswith(digest) else None


def _page_of(session: Session, delivery: Delivery) -> TermPage | None:
    about, _, rest = delivery.key.partition(":")
    if delivery.kind is not DeliveryKind.PAGE or about != "page":
        return None
    term_id = int(rest.partition(":")[0])
    return session.scalars(
        select(TermPage).where(TermPage.term_id == term_id, TermPage.group_id == delivery.group_id)
    ).one_or_none()
