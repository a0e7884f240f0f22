from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from storage.store import Store


@pytest.fixture
def session(store: Store) -> Iterator[Session]:
    """A session that writes, on each kind of database; nothing is committed."""
    with store.writing() as session:
        yield session
        session.rollback()
