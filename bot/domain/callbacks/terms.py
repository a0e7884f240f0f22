"""A term, from its plan to its end."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NewTerm:
    """Begin to plan a term."""

    group_id: int


@dataclass(frozen=True, slots=True)
class PlanTerm:
    """The answer to a step of the draft's term, as `services.term_drafts.choose` reads it."""

    group_id: int
    draft_id: int
    step: int
    choice: int


@dataclass(frozen=True, slots=True)
class MakeTerm:
    """Make the draft's term."""

    group_id: int
    draft_id: int


@dataclass(frozen=True, slots=True)
class AskClose:
    """Ask whether to close the term that is on."""

    group_id: int


@dataclass(frozen=True, slots=True)
class CloseTerm:
    group_id: int
    term_id: int
