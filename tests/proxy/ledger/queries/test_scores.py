"""How many requests had which score."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from proxy.ledger.queries.scores import scores
from proxy.ledger.queries.usage import Filters
from tests.proxy.ledger.made import NOW, attempt, decided, exchange, failed, filled


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    made = [
        exchange(attempt(), received=NOW - 10 * 86_400, decision=decided()),
        exchange(attempt(), received=NOW - 20, decision=decided()),
        exchange(attempt(), received=NOW - 10, client="codex", decision=decided()),
        exchange(attempt(), received=NOW - 5),
    ]
    path = tmp_path / "tierwise.db"
    filled(path, made)
    with closing(sqlite3.connect(path)) as opened:
        yield opened


def test_scored_requests_since_a_moment_are_counted_to_a_tenth(connection: sqlite3.Connection) -> None:
    ((score, requests),) = scores(connection, round((NOW - 86_400) * 1000), Filters())
    (told,) = {row[0] for row in connection.execute("select score from exchanges where score is not null")}
    assert requests == 2
    assert 0 <= told - score < 0.1
    assert scores(connection, 0, Filters()) == [(score, 3)]


def test_they_can_be_narrowed(connection: sqlite3.Connection) -> None:
    assert [requests for _, requests in scores(connection, 0, replace(Filters(), client="codex"))] == [1]
    assert scores(connection, 0, replace(Filters(), client="nobody")) == []


def test_those_that_nobody_served_are_counted_as_such(tmp_path: Path) -> None:
    filled(tmp_path / "tierwise.db", [failed(received=NOW - 5, decision=decided())])
    with closing(sqlite3.connect(tmp_path / "tierwise.db")) as opened:
        assert [requests for _, requests in scores(opened, 0, Filters(provider="none"))] == [1]
