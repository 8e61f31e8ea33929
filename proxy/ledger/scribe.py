"""Puts settled exchanges into the database, with all that is summed up of them, in one transaction.

The rows are made before it begins: the list of tokens is in the same file, and whoever writes there does not
wait for long.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import peewee
from msgspec import Struct

from proxy.exchange import Origin, Outcome, Purpose
from proxy.ledger import bodies, rows
from proxy.ledger.accounting import Account
from proxy.ledger.latencies import Measure, bucket_of
from proxy.ledger.record import Record, TryRecord
from proxy.ledger.store import sums
from proxy.ledger.store.database import connection_of
from proxy.ledger.store.insertion import Row, insert
from proxy.ledger.store.schema import HOUR_MS
from proxy.ledger.store.words import NOBODY, Words

_BODY = ("seq", "kept", "packed")
_TRACE = ("seq", "packed")
_LATENCY = ("hour", "provider", "model", "measure", "bucket", "n")
_OUTCOME = ("hour", "provider", "model", "result", "n")
_ADD_UP = "on conflict do update set n = n + excluded.n"
_COUNTED = (Origin.CLIENT, Origin.DEMO)
"""A probe goes where nothing would go by itself, so it says nothing about how providers usually do."""

_DURATION, _FIRST_BYTE, _SPEED = (int(measure) for measure in Measure)
"""Plain numbers: SQLite's module asks for every other type how it is to be stored."""
_Counts = defaultdict[tuple[int, ...], int]

_KEPT_TRACES = 50_000
_TRACES_AT_A_TIME = 1000


class Settled(Struct, frozen=True, gc=False):
    """An exchange whose money is known, so far as it ever will be."""

    record: Record
    session: int | None
    account: Account


class Scribe:
    """Writes into one open database. `pause` is called now and then, so that others get their turn."""

    def __init__(self, database: peewee.SqliteDatabase, pause: Callable[[], None]) -> None:
        self.connection = connection_of(database)
        self.last_seq = 0
        self._database = database
        self.pause = pause
        self.words = Words(self.connection)
        self._look()
        self._traced_from = self._one("select coalesce(min(seq), 0) from traces")

    def close(self) -> None:
        self._database.close()

    def write(self, batch: Sequence[Settled]) -> int:
        """All of them, or none; the number of the first."""
        try:
            return self._write(batch)
        except sqlite3.IntegrityError:  # another process has written too, and taken numbers that we gave
            self.words.load()
            self._look()
            return self._write(batch)

    def in_transaction(self, work: Callable[[sqlite3.Connection], Any]) -> Any:
        with self._transaction():
            return work(self.connection)

    def _write(self, batch: Sequence[Settled]) -> int:
        first, last = self.last_seq + 1, self.last_seq + len(batch)
        prepared = _Prepared(first, batch, self.words, self.pause)
        with self._transaction():
            prepared.insert(self.connection)
            self.connection.execute(sums.ADD, (first, last))
            self._drop_old_traces(last)
        self.last_seq = last
        return first

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self.connection.execute("begin immediate")
        try:
            yield
            self.connection.execute("commit")
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("rollback")
            raise

    def _drop_old_traces(self, last: int) -> None:
        if last - _KEPT_TRACES - self._traced_from >= _TRACES_AT_A_TIME:
            self._traced_from = last - _KEPT_TRACES
            self.connection.execute("delete from traces where seq < ?", (self._traced_from,))

    def _look(self) -> None:
        self.last_seq = max(self.last_seq, self._one("select coalesce(max(seq), 0) from exchanges"))

    def _one(self, question: str) -> int:
        return int(self.connection.execute(question).fetchone()[0])


class _Prepared:
    """A batch as rows. New words are stored at once, each by itself: no row is needed for them."""

    def __init__(self, first: int, batch: Sequence[Settled], words: Words, pause: Callable[[], None]) -> None:
        self._words = words
        self._exchanges: list[Row] = []
        self._tries: list[Row] = []
        self._traces: list[Row] = []
        self._bodies: list[Row] = []
        self._latencies: _Counts = defaultdict(int)
        self._outcomes: _Counts = defaultdict(int)
        for seq, each in enumerate(batch, start=first):
            self._add(seq, each)
            pause()

    def insert(self, connection: sqlite3.Connection) -> None:
        insert(connection, "exchanges", rows.EXCHANGE, self._exchanges)
        insert(connection, "tries", rows.TRY, self._tries)
        insert(connection, "traces", _TRACE, self._traces)
        insert(connection, "bodies", _BODY, self._bodies)
        insert(connection, "latencies", _LATENCY, _counted(self._latencies), _ADD_UP)
        insert(connection, "outcomes", _OUTCOME, _counted(self._outcomes), _ADD_UP)

    def _add(self, seq: int, each: Settled) -> None:
        record, account = each.record, each.account
        self._exchanges.append(rows.exchange_row(seq, record, each.session, account, self._words))
        self._tries += rows.try_rows(seq, record, account, self._words)
        if (trace := rows.trace_row(seq, record, self._words)) is not None:
            self._traces.append(trace)
        if record.said is not None:
            self._bodies.append((seq, record.received, bodies.packed(*record.said)))
        if record.origin in _COUNTED:
            self._count(record)

    def _count(self, record: Record) -> None:
        words, hour = self._words, record.received // HOUR_MS
        for one in record.tries:
            if one.purpose != Purpose.SHADOW:
                provider, model = words[one.provider] or NOBODY, words[one.model] or NOBODY
                self._outcomes[hour, provider, model, words[one.error or one.outcome] or NOBODY] += 1
                for measure, bucket in _measured(one, record):
                    self._latencies[hour, provider, model, measure, bucket] += 1


def _counted(counts: _Counts) -> list[Row]:
    return [(*key, n) for key, n in counts.items()]


def _measured(one: TryRecord, record: Record) -> list[tuple[int, int]]:
    """Of answers only: how fast somebody refuses says nothing about how fast they answer."""
    if one.outcome != Outcome.ANSWERED:
        return []
    measured = [(_DURATION, bucket_of(one.ended - one.began))]
    if one.first_byte is None:
        return measured
    measured.append((_FIRST_BYTE, bucket_of(one.first_byte - one.began)))
    spoken = one.ended - one.first_byte
    if record.streamed and one.usage.output and spoken > 0:
        measured.append((_SPEED, bucket_of(one.usage.output * 1000 / spoken)))
    return measured
