"""A copy is one moment of the database, whole and private, however much is written meanwhile."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from proxy.ledger.store.copies import copy_to
from proxy.ledger.store.database import Database
from tests.proxy.ledger.made import exchange, filled, write, writing


def test_a_copy_stands_alone_and_is_private(tmp_path: Path) -> None:
    path = filled(tmp_path / "tierwise.db", [exchange(), exchange()])
    copy = tmp_path / "copy.db"
    with Database(path).reading() as connection:
        copy_to(connection, copy)
    assert copy.stat().st_mode & 0o777 == 0o600
    assert sorted(tmp_path.glob("*copy*")) == [copy]
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("select count(*) from exchanges").fetchone() == (2,)
        assert connection.execute("pragma journal_mode").fetchone() == ("delete",)


class Disturbed(sqlite3.Connection):
    """While it is copied, somebody else writes after every step."""

    steps = 0
    disturb: Callable[[], None]

    def backup(self, target: sqlite3.Connection, **more: Any) -> None:
        super().backup(target, progress=self._step, **more)

    def _step(self, *_: int) -> None:
        self.steps += 1
        assert self.steps < 20, "it begins anew all the time"
        self.disturb()


def test_what_another_connection_writes_meanwhile_neither_spoils_nor_delays_it(tmp_path: Path) -> None:
    path = filled(tmp_path / "tierwise.db", [exchange()])
    with writing(path) as scribe, closing(sqlite3.connect(path, factory=Disturbed)) as source:
        scribe.connection.execute("insert into state values ('large', zeroblob(40000000), 0)")
        source.disturb = lambda: write(scribe, [exchange()])
        copy_to(source, tmp_path / "copy.db")
        assert source.steps > 3
        assert not source.in_transaction
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("pragma integrity_check").fetchone() == ("ok",)
        assert copy.execute("select count(*) from exchanges").fetchone() == (1,)
        assert copy.execute("select sum(requests) from quarters").fetchone() == (1,)


def test_a_copy_that_fails_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "tierwise.db"
    path.write_bytes(b"no database at all, but long enough to be looked at as one" * 20)
    with closing(sqlite3.connect(path)) as connection, pytest.raises(sqlite3.DatabaseError):
        copy_to(connection, tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == [path]
