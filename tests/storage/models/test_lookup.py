from datetime import UTC, datetime

import pytest
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from storage.models import Lookup
from tests.factories import make_lookup
from tests.refusals import refused_by


def test_a_paper_that_a_catalogue_knows_has_a_title(session: Session) -> None:
    refusal = refused_by(session, lambda session: make_lookup(session, title=None))
    unknown = refused_by(session, lambda session: make_lookup(session, title=None, found=False))
    assert (refusal, unknown) == ("ck_lookups_found_has_title", None)


def test_a_paper_is_kept_once(session: Session) -> None:
    make_lookup(session, identity="arxiv:2509.01092")
    session.expunge_all()
    again = refused_by(session, lambda session: make_lookup(session, identity="arxiv:2509.01092"))
    assert again == "pk_lookups"


def test_without_authors_the_list_is_empty(session: Session) -> None:
    when = datetime(2026, 1, 9, tzinfo=UTC)
    row = Lookup(identity="doi:10.1145/1", found=False, asked_at=when)
    session.add(row)
    session.flush()
    session.expire(row)
    assert row.authors == []


@pytest.mark.parametrize("column", ["authors", "found", "asked_at"])
def test_what_every_answer_has_is_never_null(session: Session, column: str) -> None:
    columns = {
        found["name"]: found for found in inspect(session.connection()).get_columns("lookups")
    }
    assert not columns[column]["nullable"]
