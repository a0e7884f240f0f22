from sqlalchemy import text
from sqlalchemy.orm import Session

from storage.models import AuditEntry
from tests.factories import make_audit_entry


def test_what_a_subject_was_and_became_comes_back_as_it_went_in(session: Session) -> None:
    after = {"title": "Étude <b>\U0001f4c4</b>", "year": None, "presenters": [1, 2]}
    entry = make_audit_entry(session, after=after)
    session.expire(entry)
    assert (entry.before, entry.after) == (None, after)


def test_what_did_not_exist_is_stored_as_null(session: Session) -> None:
    make_audit_entry(session)
    assert (
        session.execute(text("SELECT count(*) FROM audit_entries WHERE before IS NULL")).scalar()
        == 1
    )


def test_an_operator_has_no_member(session: Session) -> None:
    entry = make_audit_entry(session, member_id=None, actor_name="operator")
    assert session.get_one(AuditEntry, entry.id).member_id is None
