from sqlalchemy.orm import Session

from tests.factories import make_lease
from tests.refusals import refused_by


def test_a_lease_has_one_holder(session: Session) -> None:
    make_lease(session)
    session.expunge_all()
    refusal = refused_by(session, lambda session: make_lease(session, host="other.example"))
    assert refusal == "pk_leases"
