"""The record is kept within its age and its size in small steps, and no sum changes when rows go."""

import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.tokens.table import TokenTable
from proxy.config import Config
from proxy.exchange import Exchange
from proxy.ledger.housekeeping import Housekeeping
from proxy.ledger.scribe import Scribe
from proxy.ledger.store.sums import SUMS
from tests.proxy.ledger.made import (
    NOW,
    attempt,
    config_of,
    exchange,
    failed,
    filled,
    refused,
    write,
    writing,
)

DAY = 86_400


def kept(**limits: int) -> Config:
    return config_of(ledger=limits)


def keep_house(scribe: Scribe, config: Config, now: float = NOW) -> int:
    """Until nothing is left to do; how many calls that took."""
    house = Housekeeping(lambda: now)
    calls = 1
    while not house.keep(scribe, config):
        calls += 1
        assert calls < 10_000, "it never ends"
    return calls


def count(scribe: Scribe, table: str) -> int:
    return int(scribe.connection.execute(f"select count(*) from {table}").fetchone()[0])


def sums(scribe: Scribe) -> list[tuple[Any, ...]]:
    return scribe.connection.execute(f"select {', '.join(SUMS)} from quarters order by 1, 2, 3").fetchall()


def some(number: int, **overrides: Any) -> Iterator[Exchange]:
    for place in range(number):
        yield exchange(refused(), attempt(), session=f"s{place % 7}", **overrides)


def midnight(days: int) -> float:
    """The local one so many days before the day of NOW."""
    day = datetime.fromtimestamp(NOW).astimezone().date() - timedelta(days=days)
    return datetime.combine(day, datetime.min.time()).timestamp()


def test_whole_local_days_are_kept(tmp_path: Path) -> None:
    first = midnight(30)
    with writing(tmp_path / "tierwise.db") as scribe:
        write(scribe, [exchange(received=first - 0.001), exchange(received=first), exchange()])
        keep_house(scribe, kept(retention_days=30))
        left = [row[0] for row in scribe.connection.execute("select received from exchanges order by 1")]
        assert left == [int(first * 1000), int(NOW * 1000)]


@pytest.mark.parametrize(
    ("zone", "now", "begins"),
    [
        # Clocks are put forward on 29 March 2026, and back on 25 October 2026.
        ("Europe/Berlin", "2026-03-30T12:00:00+02:00", "2026-03-29T00:00:00+01:00"),
        ("Europe/Berlin", "2026-10-26T12:00:00+01:00", "2026-10-25T00:00:00+02:00"),
        # A day that begins at one, because midnight was skipped.
        ("America/Santiago", "2026-09-07T12:00:00-03:00", "2026-09-06T01:00:00-03:00"),
        ("Asia/Kathmandu", "2026-05-02T00:10:00+05:45", "2026-05-01T00:00:00+05:45"),
    ],
)
def test_a_day_begins_at_its_own_midnight(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zone: str, now: str, begins: str
) -> None:
    first = datetime.fromisoformat(begins).timestamp()
    with in_zone(monkeypatch, zone), writing(tmp_path / "tierwise.db") as scribe:
        write(scribe, [exchange(received=first - 1), exchange(received=first)])
        keep_house(scribe, kept(retention_days=1), datetime.fromisoformat(now).timestamp())
        assert scribe.connection.execute("select received from exchanges").fetchall() == [(first * 1000,)]


@contextmanager
def in_zone(monkeypatch: pytest.MonkeyPatch, zone: str) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", zone)
        time.tzset()
        yield
    time.tzset()


def test_all_that_is_kept_of_an_exchange_goes_with_it(tmp_path: Path) -> None:
    with writing(tmp_path / "tierwise.db") as scribe:
        write(scribe, [*some(3, received=NOW - 400 * DAY), *some(2)])
        keep_bodies(scribe, dict.fromkeys(range(1, 6), NOW))
        before = sums(scribe)
        keep_house(scribe, kept(retention_days=365, keep_bodies_days=30))
        for table, rows in {"exchanges": 2, "tries": 4, "traces": 2, "bodies": 2}.items():
            assert count(scribe, table) == rows, table
            assert scribe.connection.execute(f"select min(seq) from {table}").fetchone() == (4,)
        assert sums(scribe) == before


def test_it_is_done_in_small_pieces(tmp_path: Path) -> None:
    with writing(tmp_path / "tierwise.db") as scribe:
        write(scribe, some(1000, received=NOW - 400 * DAY))
        house, left = Housekeeping(lambda: NOW), [1000]
        while not house.keep(scribe, kept(retention_days=365)):
            left.append(count(scribe, "exchanges"))
            assert not scribe.connection.in_transaction
        assert left[-1] == 0
        assert max(before - after for before, after in pairwise(left)) <= 250


def test_nothing_to_do_is_one_call(tmp_path: Path) -> None:
    with writing(tmp_path / "tierwise.db") as scribe:
        write(scribe, some(3))
        keep_house(scribe, kept())
        assert keep_house(scribe, kept()) == 1
        assert count(scribe, "exchanges") == 3


def test_the_oldest_go_where_the_record_is_too_large(tmp_path: Path) -> None:
    with writing(tmp_path / "tierwise.db") as scribe:
        write(scribe, (exchange(received=NOW + place) for place in range(5000)))
        assert used(scribe) > 1024 * 1024
        before = sums(scribe)
        keep_house(scribe, kept(max_mb=1), NOW + DAY)
        left = count(scribe, "exchanges")
        assert 0.85 * 1024 * 1024 < used(scribe) <= 0.96 * 1024 * 1024  # a page or two come afterwards
        oldest = scribe.connection.execute("select min(received) from exchanges").fetchone()[0]
        assert oldest == (NOW + 5000 - left) * 1000
        assert sums(scribe) == before


def test_a_record_that_cannot_get_smaller_is_let_be(tmp_path: Path) -> None:
    with writing(tmp_path / "tierwise.db") as scribe:
        scribe.connection.execute("insert into state values ('large', zeroblob(3000000), 0)")
        write(scribe, some(10))
        keep_house(scribe, kept(max_mb=1))
        assert count(scribe, "exchanges") == 0
        assert keep_house(scribe, kept(max_mb=1)) == 1


def test_room_is_given_back(tmp_path: Path) -> None:
    path = tmp_path / "tierwise.db"
    TokenTable(path).load()  # the program begins with it
    with writing(path) as scribe:
        write(scribe, some(4000, received=NOW - 400 * DAY))
    before = path.stat().st_size
    with writing(path) as scribe:
        keep_house(scribe, kept(retention_days=365))
        assert scribe.connection.execute("pragma freelist_count").fetchone() == (0,)
    assert path.stat().st_size < before / 3


def test_a_file_that_gives_no_room_back_is_no_endless_work(tmp_path: Path) -> None:
    path = filled(tmp_path / "tierwise.db", some(2000, received=NOW - 400 * DAY))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma journal_mode = delete")
        connection.execute("pragma auto_vacuum = none")
        connection.execute("vacuum")
    with writing(path) as scribe:
        keep_house(scribe, kept(retention_days=365))
        assert count(scribe, "exchanges") == 0


def keep_bodies(scribe: Scribe, moments: dict[int, float]) -> None:
    scribe.connection.executemany(
        "insert into bodies values (?, ?, zeroblob(5000))",
        [(seq, int(at * 1000)) for seq, at in moments.items()],
    )


@pytest.mark.parametrize(("days", "left"), [(0, []), (1, [3, 4]), (7, [2, 3, 4]), (365, [1, 2, 3, 4])])
def test_bodies_go_earlier_than_their_exchanges(tmp_path: Path, days: int, left: list[int]) -> None:
    with writing(tmp_path / "tierwise.db") as scribe:
        write(scribe, some(4))
        keep_bodies(scribe, {1: midnight(8), 2: midnight(7), 3: midnight(1), 4: NOW})
        keep_house(scribe, kept(keep_bodies_days=days))
        assert [seq for (seq,) in scribe.connection.execute("select seq from bodies order by 1")] == left
        assert count(scribe, "exchanges") == 4


def test_pins_go_when_they_have_expired(tmp_path: Path) -> None:
    with writing(tmp_path / "tierwise.db") as scribe:
        now = int(NOW * 1000)
        scribe.connection.executemany(
            "insert into pins values (?, '', 0, ?)",
            [("later", now + 1), *[(f"past {place}", now - place) for place in range(700)]],
        )
        keep_house(scribe, kept())
        assert scribe.connection.execute("select key from pins").fetchall() == [("later",)]


def test_a_log_that_has_grown_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "tierwise.db"
    log = Path(f"{path}-wal")
    with writing(path) as scribe:
        with closing(sqlite3.connect(path)) as reader:
            reader.execute("begin")
            reader.execute("select count(*) from exchanges").fetchone()
            for _ in range(10):
                scribe.connection.execute("insert or replace into state values ('x', zeroblob(1000000), 0)")
            keep_house(scribe, kept())
            assert log.stat().st_size > 8_000_000  # somebody reads
        keep_house(scribe, kept())
        assert log.stat().st_size == 0
        assert scribe.connection.execute("pragma busy_timeout").fetchone()[0] > 0


def test_indexes_are_looked_at_once_a_day(tmp_path: Path) -> None:
    with writing(tmp_path / "tierwise.db") as scribe:
        at = "select written from state where name = 'optimised'"
        for hours, looked in [(0, 0), (23, 0), (24, 24), (30, 24), (49, 49)]:
            keep_house(scribe, kept(), NOW + hours * 3600)
            assert scribe.connection.execute(at).fetchone() == ((NOW + looked * 3600) * 1000,)


def used(scribe: Scribe) -> int:
    pages, free, size = [
        scribe.connection.execute(f"pragma {name}").fetchone()[0]
        for name in ("page_count", "freelist_count", "page_size")
    ]
    return int((pages - free) * size)


_kinds = st.sampled_from([exchange, failed, lambda **more: exchange(attempt("ollama/qwen3"), **more)])
_ages = st.floats(min_value=0, max_value=60 * DAY)


@settings(max_examples=25, deadline=None)
@given(made=st.lists(st.tuples(_kinds, _ages), max_size=40), days=st.integers(1, 70), more=st.booleans())
def test_no_sum_changes_when_rows_go(made: list[tuple[Any, float]], days: int, more: bool) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        writing(Path(folder) / "tierwise.db") as scribe,
    ):
        write(scribe, [make(received=NOW - age) for make, age in made])
        before = sums(scribe)
        keep_house(scribe, kept(retention_days=days))
        assert sums(scribe) == before
        assert count(scribe, "exchanges") == sum(1 for _, age in made if NOW - age >= midnight(days))
        if more:  # the numbering goes on, and what comes is added to the sums that stayed
            write(scribe, [exchange()])
            requests = scribe.connection.execute("select sum(requests) from quarters").fetchone()[0]
            assert requests == len(made) + 1
