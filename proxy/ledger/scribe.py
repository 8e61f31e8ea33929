"""Puts settled exchanges into the database, with all that is summed up of them, in one transaction."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import peewee

from proxy.exchange import Origin, Outcome, Purpose
from proxy.ledger import rows
from proxy.ledger.accounting import Account
from proxy.ledger.latencies import Measure, bucket_of
from proxy.ledger.record import Record, TryRecord
from proxy.ledger.store import sums
from proxy.ledger.store.database import connection_of
from proxy.ledger.store.schema import HOUR_MS
from proxy.ledger.store.words import NOBODY, Words

_ADD_EXCHANGE = rows.insertion("exchanges", rows.EXCHANGE)
_ADD_TRY = rows.insertion("tries", rows.TRY)
_ADD_TRACE = "insert into traces (seq, packed) values (?, ?)"
_ADD_LATENCY = (
    "insert into latencies (hour, provider, model, measure, bucket, n) values (?, ?, ?, ?, ?, ?) "
    "on conflict do update set n = n + excluded.n"
)
_ADD_OUTCOME = (
    "insert into outcomes (hour, provider, model, result, n) values (?, ?, ?, ?, ?) "
    "on conflict do update set n = n + excluded.n"
)
_KEPT_TRACES = 50_000
_TRACES_AT_A_TIME = 1000


@dataclass(frozen=True, slots=True)
class Settled:
    """An exchange whose money is known, so far as it ever will be."""

    record: Record
    session: int | None
    account: Account


class Scribe:
    """Writes into one open database. `pause` is called now and then, so that others get their turn."""

    def __init__(self, database: peewee.SqliteDatabase, pause: Callable[[], None]) -> None:
        self.connection = connection_of(database)
        self._database = database
        self._pause = pause
        self._words = Words(self.connection)
        self.last_seq = self._one("select coalesce(max(seq), 0) from exchanges")
        self._traced_from = self._one("select coalesce(min(seq), 0) from traces")

    def close(self) -> None:
        self._database.close()

    def write(self, batch: Sequence[Settled]) -> None:
        """All of them, or none."""
        first = self.last_seq + 1
        self.connection.execute("begin immediate")
        try:
            self._add(first, batch)
            self.connection.execute(sums.ADD, (first, first + len(batch) - 1))
            self._add_statistics(batch)
            self._drop_old_traces(first + len(batch) - 1)
            self.connection.execute("commit")
        except BaseException:
            self._undo()
            raise
        self.last_seq += len(batch)

    def in_transaction(self, work: Callable[[sqlite3.Connection], Any]) -> Any:
        self.connection.execute("begin immediate")
        try:
            result = work(self.connection)
            self.connection.execute("commit")
        except BaseException:
            self._undo()
            raise
        return result

    def _add(self, first: int, batch: Sequence[Settled]) -> None:
        exchanges: list[rows.Row] = []
        tries: list[rows.Row] = []
        traces: list[rows.Row] = []
        for seq, each in enumerate(batch, start=first):
            record, account = each.record, each.account
            exchanges.append(rows.exchange_row(seq, record, each.session, account, self._words))
            tries += rows.try_rows(seq, record, account, self._words)
            if (trace := rows.trace_row(seq, record)) is not None:
                traces.append(trace)
            self._pause()
        self.connection.executemany(_ADD_EXCHANGE, exchanges)
        self.connection.executemany(_ADD_TRY, tries)
        self.connection.executemany(_ADD_TRACE, traces)

    def _add_statistics(self, batch: Iterable[Settled]) -> None:
        latencies: Counter[tuple[int, int, int, int, int]] = Counter()
        outcomes: Counter[tuple[int, int, int, int]] = Counter()
        for each in batch:
            if each.record.origin != Origin.CLIENT:
                continue
            hour = each.record.received // HOUR_MS
            for one in each.record.tries:
                if one.purpose != Purpose.SHADOW:
                    place = hour, self._number(one.provider), self._number(one.model)
                    outcomes[*place, self._result(one)] += 1
                    for measure, bucket in _measured(one):
                        latencies[*place, measure, bucket] += 1
        self.connection.executemany(_ADD_LATENCY, [(*key, n) for key, n in latencies.items()])
        self.connection.executemany(_ADD_OUTCOME, [(*key, n) for key, n in outcomes.items()])

    def _result(self, one: TryRecord) -> int:
        return self._number(one.error or one.outcome)

    def _number(self, word: str | None) -> int:
        return self._words[word] or NOBODY

    def _drop_old_traces(self, last: int) -> None:
        if last - _KEPT_TRACES - self._traced_from >= _TRACES_AT_A_TIME:
            self._traced_from = last - _KEPT_TRACES
            self.connection.execute("delete from traces where seq < ?", (self._traced_from,))

    def _undo(self) -> None:
        if self.connection.in_transaction:
            self.connection.execute("rollback")
        self._words.load()

    def _one(self, question: str) -> int:
        return int(self.connection.execute(question).fetchone()[0])


def _measured(one: TryRecord) -> Iterable[tuple[int, int]]:
    """Of answers only: how fast somebody refuses says nothing about how fast they answer."""
    if one.outcome != Outcome.ANSWERED:
        return
    yield Measure.DURATION, bucket_of(one.ended - one.began)
    if one.first_byte is None:
        return
    yield Measure.FIRST_BYTE, bucket_of(one.first_byte - one.began)
    spoken = one.ended - one.first_byte
    if one.usage.output and spoken > 0:
        yield Measure.SPEED, bucket_of(one.usage.output * 1000 / spoken)
