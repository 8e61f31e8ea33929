"""Keeps the pins of conversations in the record, so that a restart moves none of them to another service."""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import peewee

from proxy.ledger.ledger import Ledger
from proxy.ledger.scribe import Scribe
from proxy.ledger.store.problems import DamagedError, NewerError
from proxy.routing.affinity.packing import Kept, Row
from proxy.routing.affinity.write_behind import NotKeptError

_LOAD = "select key, value, expires from pins"
_SAVE = (
    "insert into pins (key, value, written, expires) values (?, ?, ?, ?) on conflict (key) "
    "do update set value = excluded.value, written = excluded.written, expires = excluded.expires"
)
_DROP = "delete from pins where key = ?"

T = TypeVar("T")


class KeptPins:
    """The table `pins`, which only the thread that writes the record touches."""

    def __init__(self, ledger: Ledger, now: Callable[[], float] = time.time) -> None:
        self._ledger = ledger
        self._now = now

    async def load(self) -> Sequence[Row]:
        return await self._done(lambda scribe: _rows(scribe.connection))

    async def save(self, changes: Mapping[bytes, Kept | None]) -> None:
        written = int(self._now() * 1000)
        await self._done(lambda scribe: scribe.in_transaction(lambda open_: _save(open_, changes, written)))

    async def _done(self, work: Callable[[Scribe], T]) -> T:
        try:
            return await asyncio.wrap_future(self._ledger.change(work))
        except (
            sqlite3.Error,
            peewee.PeeweeException,
            OSError,
            NewerError,
            DamagedError,
            RuntimeError,
        ) as error:
            raise NotKeptError(self._ledger.condition.problem or str(error)) from error


def _rows(connection: sqlite3.Connection) -> list[Row]:
    """A key is written as a number of base 16; what is called otherwise nobody here has written."""
    rows: list[Row] = []
    for name, value, expires in connection.execute(_LOAD):
        key = _key(name)
        if key is not None:
            rows.append((key, value if isinstance(value, bytes) else b"", expires))
    return rows


def _key(name: str) -> bytes | None:
    try:
        return bytes.fromhex(name)
    except ValueError:
        return None


def _save(connection: sqlite3.Connection, changes: Mapping[bytes, Kept | None], written: int) -> None:
    kept = [(key.hex(), row[0], written, row[1]) for key, row in changes.items() if row is not None]
    gone = [(key.hex(),) for key, row in changes.items() if row is None]
    connection.executemany(_SAVE, kept)
    connection.executemany(_DROP, gone)
