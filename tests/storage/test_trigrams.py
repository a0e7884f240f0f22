"""The index of titles beside LIKE: it may name too many talks, never too few."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import URL, text
from sqlalchemy.orm import Session

from storage.backup import back_up
from storage.engine import build_engine
from storage.queries import trigrams

AT_ONCE = 256
"""Talks that are taken into the index together."""

LETTERS = (
    "aAbBiIİıßẞsſSkK\u212aäÄéE\u0301\u0307存储\U00010400\U00010428😀\ufffd\ufffe\uffff\0 \n"
    "\"'*^():+-%_/\\"
)
TITLES = st.text(LETTERS, max_size=9) | st.sampled_from(
    ["straße", "STRASSE", "İstanbul", "istanbul", "a AND b", 'say "hi"', "abc\0def", "NEAR(a b)"]
)
STEPS = st.lists(
    st.tuples(st.just("put"), st.integers(1, 5), TITLES)
    | st.tuples(st.just("put behind many"), st.integers(AT_ONCE, 2 * AT_ONCE), TITLES)
    | st.tuples(st.just("put between"), st.integers(0, 9), TITLES)
    | st.tuples(st.just("call"), st.integers(0, 9), TITLES)
    | st.tuples(st.just("drop"), st.integers(0, 9), st.just(""))
    | st.tuples(st.sampled_from(["save", "keep", "take back"]), st.just(0), st.just("")),
    max_size=30,
)


@pytest.fixture(name="session")
def _session(sqlite_url: URL) -> Iterator[Session]:
    """Writes talks without all that belongs to one."""
    engine = build_engine(sqlite_url, "write", foreign_keys=False)
    with Session(engine) as session:
        yield session
    engine.dispose()


def put(session: Session, talk_id: int, title: str) -> None:
    session.execute(
        text(
            "INSERT INTO talks (id, group_id, slot_id, title, created_at) VALUES (:i, 1, :i, :t, 0)"
        ),
        {"i": talk_id, "t": title},
    )


def ids(session: Session) -> list[int]:
    return list(session.scalars(text("SELECT id FROM talks ORDER BY id")))


def do(session: Session, step: str, number: int, title: str) -> None:
    there = ids(session)
    if step in ("put", "put behind many"):
        put(session, max(there, default=0) + number, title)
    elif step == "put between":
        free = sorted({*range(1, max(there, default=0))} - {*there})
        if free:
            put(session, free[number % len(free)], title)
    elif step == "save":
        session.begin_nested()
    elif step in ("keep", "take back"):
        nested = session.get_nested_transaction()
        if nested is not None:
            nested.commit() if step == "keep" else nested.rollback()
    elif there:
        sql = {
            "call": "UPDATE talks SET title = :t WHERE id = :i",
            "drop": "DELETE FROM talks WHERE id = :i",
        }
        session.execute(text(sql[step]), {"t": title, "i": there[number % len(there)]})


def pattern(word: str) -> str:
    return "%" + re.sub("[%_/]", r"/\g<0>", word) + "%"


def having(session: Session, word: str) -> list[int]:
    like = text("SELECT id FROM talks WHERE title LIKE :like ESCAPE '/'")
    return list(session.scalars(like, {"like": pattern(word)}))


def likely(session: Session, *words: str) -> set[int]:
    asked = trigrams.asked([[pattern(word)] for word in words])
    return set(session.scalars(trigrams.LIKELY, {"trigrams": asked}))


@given(steps=STEPS, spellings=st.lists(TITLES, min_size=1, max_size=2))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_no_title_is_missed_whatever_was_written_and_taken_back(
    session: Session, steps: list[tuple[str, int, str]], spellings: list[str]
) -> None:
    for step in steps:
        do(session, *step)
    session.execute(text("INSERT INTO talk_titles (talk_titles) VALUES ('integrity-check')"))
    words = {title[place : place + 3] for *_, title in steps for place in range(len(title))}
    for spelled in [*([word] for word in words), spellings]:
        asked = trigrams.asked([[pattern(word) for word in spelled]])
        if asked is not None:
            may = set(session.scalars(trigrams.LIKELY, {"trigrams": asked}))
            assert may >= {talk_id for word in spelled for talk_id in having(session, word)}
    session.rollback()


def test_titles_are_taken_in_many_at_once_and_are_likely_until_then(session: Session) -> None:
    for talk_id in range(1, AT_ONCE):
        put(session, talk_id, f"On Doors {talk_id}")
    assert likely(session, "nowhere") == set(ids(session))

    put(session, AT_ONCE, "On Windows")
    assert likely(session, "nowhere") == set()
    assert likely(session, "windows") == {AT_ONCE}
    assert likely(session, "DOORS", " 77") == {77}

    put(session, AT_ONCE + 1, "On Roofs")
    assert likely(session, "windows") == {AT_ONCE, AT_ONCE + 1}
    assert likely(session, "nowhere") == {AT_ONCE + 1}


def test_a_title_is_likely_as_it_is_now(session: Session) -> None:
    for talk_id in range(1, AT_ONCE + 1):
        put(session, talk_id, "On Doors")
    session.execute(text("UPDATE talks SET title = 'On Windows' WHERE id = 7"))
    session.execute(text("DELETE FROM talks WHERE id = 8"))
    assert likely(session, "windows") == {7}
    assert likely(session, "doors") == set(ids(session)) - {7}


def test_few_are_what_is_worth_looking_up_one_by_one(session: Session) -> None:
    for talk_id in range(1, trigrams.MOST + 1 + AT_ONCE):
        put(session, talk_id, "On Doors" if talk_id <= trigrams.MOST else "Doors and Windows")
    assert trigrams.are_few(session, '"win"')
    assert trigrams.are_few(session, '"on "')
    assert not trigrams.are_few(session, '"oor"')


def test_talks_keep_their_place_in_the_index_when_the_file_is_made_anew(
    session: Session, sqlite_url: URL, tmp_path: Path
) -> None:
    for talk_id in range(2, 2 * AT_ONCE, 2):
        put(session, talk_id, f"On Doors {talk_id}")
    put(session, 2 * AT_ONCE, "On Windows")
    session.commit()
    path = Path(str(sqlite_url.database))
    back_up(sqlite_url, tmp_path / "copy.db")
    for file in (path, tmp_path / "copy.db"):
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("VACUUM")
            found = connection.execute("SELECT rowid FROM talk_titles WHERE talk_titles = 'win'")
            assert found.fetchall() == [(2 * AT_ONCE,)]
    assert likely(session, "windows") == {2 * AT_ONCE}
    assert likely(session, "doors", " 302") == {302}


@pytest.mark.parametrize("word", ["", "ab", "存储", "abc\0def", "\0"])
def test_of_a_word_without_three_letters_the_index_knows_nothing(word: str) -> None:
    assert trigrams.asked([[pattern(word)]]) is None
    assert trigrams.asked([[pattern("longer"), pattern(word)]]) is None


def test_a_word_with_too_few_letters_leaves_the_others_to_be_asked_for(session: Session) -> None:
    put(session, 1, "Doors to Windows")
    put(session, AT_ONCE, "Doors")
    assert likely(session, "windows", "to") == {1}


def test_however_long_a_question_the_index_is_asked_little() -> None:
    asked = trigrams.asked([[pattern("x" * 4000)]] * 200)
    assert asked is not None
    assert len(asked) < 500
