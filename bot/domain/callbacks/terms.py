"""A term, from its plan to its end."""

from typing import NamedTuple


class NewTerm(NamedTuple):
    """Begin to plan a term."""

    group_id: int


class PlanTerm(NamedTuple):
    """The answer to a step of the draft's term, as `services.term_drafts.choose` reads it."""

    group_id: int
    draft_id: int
    step: int
    choice: int


class MakeTerm(NamedTuple):
    """Make the draft's term."""

    group_id: int
    draft_id: int


class AskClose(NamedTuple):
    """Ask whether to close the term that is on."""

    group_id: int


class CloseTerm(NamedTuple):
    group_id: int
    term_id: int
