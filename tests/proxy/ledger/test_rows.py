"""Exchanges as rows, and back."""

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.exchange import new_id
from proxy.ledger.rows import EXCHANGE, TRY, id_of, number_of, session_number
from tests.proxy.ledger import made

_NUMBERS = st.integers(-(2**63), 2**63 - 1)


@given(_NUMBERS)
def test_every_number_has_an_id_of_its_own(number: int) -> None:
    assert number_of(id_of(number)) == number
    assert id_of(number).startswith("req_")
    assert len(id_of(number)) == len(new_id())


def test_an_id_comes_back_from_its_number() -> None:
    ids = [new_id() for _ in range(500)]

    assert [id_of(number_of(id_)) for id_ in ids] == ids


@pytest.mark.parametrize("id_", ["req_nothex", "req_é", "req_abc"])
def test_what_is_not_an_id_is_refused(id_: str) -> None:
    with pytest.raises(ValueError, match="hexadecimal"):
        number_of(id_)


@given(st.text(st.characters()))
def test_any_session_has_a_number_that_a_column_takes(session: str) -> None:
    number = session_number(session)

    assert number == session_number(session)
    assert number is not None
    assert -(2**63) <= number < 2**63


def test_sessions_are_told_apart_and_none_is_none() -> None:
    assert session_number("a") != session_number("b")
    assert session_number("") is not None
    assert session_number(None) is None


def test_the_columns_are_those_of_the_tables(tmp_path: Path) -> None:
    with made.writing(tmp_path / "tierwise.db") as scribe:
        assert _columns(scribe.connection, "exchanges") == EXCHANGE
        assert _columns(scribe.connection, "tries") == TRY


def _columns(connection: sqlite3.Connection, table: str) -> tuple[str, ...]:
    return tuple(name for _, name, *_ in connection.execute(f"pragma table_info({table})"))
