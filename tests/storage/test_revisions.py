from pathlib import Path

import pytest
from sqlalchemy import URL

from storage.migrations import head, upgrade
from storage.revisions import is_newest, newest
from tests.conftest import START


def test_the_last_file_has_the_newest_revision() -> None:
    assert newest() == head()


def test_a_database_is_the_newest_once_it_is_upgraded(empty_database_url: URL) -> None:
    assert not is_newest(empty_database_url)
    upgrade(empty_database_url, START, to="0003")
    assert not is_newest(empty_database_url)
    upgrade(empty_database_url, START)
    assert is_newest(empty_database_url)


@pytest.mark.parametrize("content", [None, b"this is no database"])
def test_what_is_no_database_of_ours_is_not_the_newest_and_stays_as_it_is(
    tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "some.db"
    if content is not None:
        file.write_bytes(content)

    assert not is_newest(URL.create("sqlite+direct", database=str(file)))
    assert (file.read_bytes() if file.exists() else None) == content
