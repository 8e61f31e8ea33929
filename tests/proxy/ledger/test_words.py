"""Names are kept once, whatever they are made of."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.config import TIER_NAMES
from proxy.exchange import Origin, Outcome, Purpose, Surface
from proxy.ledger.store.words import FIXED, NOBODY, NUMBER, Words, all_words, numbers_of

_ANY_TEXT = st.text(st.characters(), max_size=300)
"""Lone surrogates and NUL characters are in it."""


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(_empty()) as connection:
        yield connection


def _empty() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("create table words (id integer primary key, word text not null unique)")
    return connection


@given(st.lists(_ANY_TEXT, max_size=20))
def test_any_name_gets_a_number_that_stays_its_own(names: list[str]) -> None:
    with closing(_empty()) as connection:
        words = Words(connection)
        numbers = [words[name] for name in names]
        stored = all_words(connection)
        again = Words(connection)

        assert [again[name] for name in names] == numbers
        for name, number in zip(names, numbers, strict=True):
            assert number is not None
            assert stored[number] == name.encode("utf-8", "replace").decode()[:200]


def test_equal_names_share_a_number_and_others_do_not(connection: sqlite3.Connection) -> None:
    words = Words(connection)

    assert words["gpt"] == words["gpt"] != words["GPT"]


def test_no_name_is_no_number(connection: sqlite3.Connection) -> None:
    assert Words(connection)[None] is None
    assert connection.execute("select count(*) from words").fetchone() == (0,)


def test_a_name_beyond_all_length_is_cut(connection: sqlite3.Connection) -> None:
    words = Words(connection)

    assert words["m" * 1_000_000] == words["m" * 200]


def test_a_name_that_another_process_added_is_known_after_loading(connection: sqlite3.Connection) -> None:
    words = Words(connection)
    connection.execute("insert into words (id, word) values (7, 'theirs')")
    words.load()

    assert words["theirs"] == 7


def test_numbers_are_found_for_the_names_that_are_there(connection: sqlite3.Connection) -> None:
    words = Words(connection)
    number = words["here"]

    assert numbers_of(connection, ["here", "not here"]) == {"here": number}
    assert numbers_of(connection, []) == {}


def test_the_words_of_closed_sets_have_numbers_that_never_change() -> None:
    """A file that is out there has them; another order would make other words of its rows."""
    assert set(FIXED) == {*Origin, *Outcome, *Purpose, *Surface, *TIER_NAMES}
    assert list(NUMBER.items()) == [
        ("client", 1), ("demo", 2), ("probe", 3), ("test", 4),
        ("answered", 5), ("failed", 6), ("cancelled", 7),
        ("answer", 8), ("cascade", 9), ("judge", 10), ("shadow", 11),
        ("messages", 12), ("chat", 13), ("responses", 14), ("gemini", 15), ("embeddings", 16),
        ("SIMPLE", 17), ("MEDIUM", 18), ("COMPLEX", 19), ("REASONING", 20),
    ]  # fmt: skip
    assert NOBODY not in NUMBER.values()
