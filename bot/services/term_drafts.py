"""The dialogue that plans a new term. It is kept in a draft, so that it survives a restart, and
every answer has a default: a tap is enough, and nothing but the plan's last tap makes the term."""

from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.domain import term_answers, term_plans
from bot.domain.calendar import instant, local
from bot.domain.term_plans import PlannedDay, Step, TermPlan
from bot.domain.views import Actor, DraftView, GroupView
from bot.errors import DomainError, Refusal
from bot.services import drafts, queries, term_defaults, terms
from bot.services.members import require_organizer
from storage.enums import DraftKind
from storage.models import Meeting, Term

MAX_TITLE = 100
"""Characters, as in the table."""

SHOW = -1
"""The choice that only shows a step."""


class Planning(NamedTuple):
    """What is planned so far, and the step that is asked now. `days` are all on which the term
    would meet; `country` is the one whose holidays are suggested, and `last` the term whose texts
    are taken over."""

    draft_id: int
    step: Step
    plan: TermPlan
    days: tuple[PlannedDay, ...]
    country: str | None
    last: str | None

    @property
    def months(self) -> tuple[tuple[date, ...], ...]:
        """The days on which it meets, month by month."""
        meets = [one.date for one in self.days if one.left_out is None]
        return tuple(tuple(month) for _, month in groupby(meets, lambda one: (one.year, one.month)))


def begin(session: Session, actor: Actor, title: str, now: datetime) -> Planning:
    """Begin to plan a term of this title; without one it is asked for first. Raises `DomainError`
    for anybody but an organizer, and for a title that is taken or too long."""
    require_organizer(actor)
    group = actor.group
    plan = term_defaults.plan(session, group, title, now)
    step = Step.TITLE
    if title:
        _check_title(session, group.id, title)
        step = Step.FIRST
    draft = drafts.keep(session, actor, DraftKind.TERM, now, plan=_written(plan, step))
    return _planning(session, group, draft.id, plan, step)


def choose(
    session: Session, actor: Actor, draft_id: int, step: Step, choice: int, now: datetime
) -> Planning:
    """The answer to a step that a button stands for: a day's ordinal, with a minus for one that is
    to be held; a weekday's number from Monday, minutes since midnight, a number of topics; 1 for
    what is suggested and 0 for none, or no more. `SHOW` goes to that step and changes nothing.

    Raises `DomainError` for anybody but the organizer who began, once the term is made, and for an
    answer that makes no term.
    """
    group, draft = actor.group, _take_up(session, actor, draft_id, now)
    plan, following = _read(draft), step
    if choice != SHOW:
        plan = _chosen(session, group, plan, step, choice)
        following = _after(step, more=choice != 0)
    return _go_on(session, group, draft, plan, step, following, now)


def answer(
    session: Session, actor: Actor, draft_id: int, words: str, reply_id: int, now: datetime
) -> Planning:
    """The answer to the step that is asked, in the organizer's own words. A reply that comes twice
    counts once. Raises `DomainError` like `choose`, and for what cannot be read."""
    group, draft = actor.group, _take_up(session, actor, draft_id, now)
    kept = draft.plan or {}
    plan, step = _read(draft), Step(kept["step"])
    if kept.get("reply") == reply_id:
        return _planning(session, group, draft_id, plan, step)
    if step is Step.TITLE:
        begins = term_defaults.plan(session, group, words, now).first
        plan = term_answers.beginning(plan, begins)._replace(title=words)
    else:
        plan = term_answers.in_words(plan, step, words, local(now, group.zone).date())
    return _go_on(session, group, draft, plan, step, _after(step), now, reply=reply_id)


def look(
    session: Session, actor: Actor, draft_id: int, now: datetime
) -> tuple[Planning, int | None]:
    """The plan as it is, checked whole, and the id of the term that it became already. Raises
    `DomainError` like `choose`."""
    group, draft = actor.group, _take_up(session, actor, draft_id, now)
    planning = _planning(session, group, draft_id, _read(draft), Step.PLAN)
    made: int | None = (draft.plan or {}).get("made")
    if made is None:
        _check(session, group, planning, now)
    return planning, made


def done(session: Session, planning: Planning, term_id: int) -> None:
    """The term is made: a second tap finds it."""
    drafts.replan(session, planning.draft_id, _written(planning.plan, Step.PLAN, made=term_id))


def _take_up(session: Session, actor: Actor, draft_id: int, now: datetime) -> DraftView:
    require_organizer(actor)
    return drafts.take_up(session, actor, draft_id, now, DraftKind.TERM)


def _after(step: Step, *, more: bool = True) -> Step:
    """Days are left out one by one, as long as there are `more`."""
    return step if step is Step.SKIPS and more else Step(min(step + 1, Step.PLAN))


def _go_on(
    session: Session,
    group: GroupView,
    draft: DraftView,
    plan: TermPlan,
    answered: Step,
    following: Step,
    now: datetime,
    **kept: int,
) -> Planning:
    if "made" in (draft.plan or {}):
        raise DomainError(Refusal.DRAFT_GONE)
    if answered is Step.TITLE and following is not Step.TITLE:
        _check_title(session, group.id, plan.title)
    if answered in (Step.FIRST, Step.LAST) and following is not answered:
        term_plans.check(plan, local(now, group.zone).date())
    planning = _planning(session, group, draft.id, plan, following)
    if following is Step.PLAN:
        _check(session, group, planning, now)
    drafts.replan(session, draft.id, _written(plan, following, **kept))
    return planning


def _chosen(
    session: Session, group: GroupView, plan: TermPlan, step: Step, choice: int
) -> TermPlan:
    if step is Step.PLACE:
        return plan if choice else plan._replace(place=group.place)
    if step is Step.COUNTRY:
        country = term_defaults.country(session, group, plan.country) if choice else None
        return plan._replace(country=country)
    return term_answers.by_choice(plan, step, choice)


def _planning(
    session: Session, group: GroupView, draft_id: int, plan: TermPlan, step: Step
) -> Planning:
    country = term_defaults.country(session, group, plan.country)
    last = terms.latest(session, group.id)
    return Planning(
        draft_id, step, plan, term_plans.laid_out(plan), country, last.title if last else None
    )


def _check_title(session: Session, group_id: int, title: str) -> None:
    if len(title) > MAX_TITLE:
        raise DomainError(Refusal.TITLE_TOO_LONG, most=MAX_TITLE)
    if session.scalar(select(Term.id).where(Term.group_id == group_id, Term.title == title)):
        raise DomainError(Refusal.TERM_TITLE_TAKEN, title=title)


def _check(session: Session, group: GroupView, planning: Planning, now: datetime) -> None:
    """Whether the term can be made as it is planned."""
    plan = planning.plan
    term_plans.check(plan, local(now, group.zone).date())
    _check_title(session, group.id, plan.title)
    meets = [day.date for day in planning.days if day.left_out is None]
    if not meets:
        raise DomainError(Refusal.TERM_IS_EMPTY, first=plan.first, last=plan.ends)
    if instant(meets[0], plan.start_time, group.zone) <= now:
        raise DomainError(Refusal.TERM_IS_PAST, date=meets[0])
    taken = session.scalar(
        select(func.min(Meeting.date)).where(Meeting.group_id == group.id, Meeting.date.in_(meets))
    )
    if taken is not None:
        there = queries.meeting_on(session, group.id, taken, now)
        of_term = select(Term.title).join(Meeting, Meeting.term_id == Term.id)
        title = session.scalar(of_term.where(Meeting.group_id == group.id, Meeting.date == taken))
        raise DomainError(Refusal.TERM_OVERLAPS, meeting=there, title=title)


def _written(plan: TermPlan, step: Step, **kept: int) -> dict[str, Any]:
    """`kept` are the reply that was read last, and the term that was made."""
    return {**term_plans.to_json(plan), "step": int(step), **kept}


def _read(draft: DraftView) -> TermPlan:
    return term_plans.from_json(draft.plan or {})
