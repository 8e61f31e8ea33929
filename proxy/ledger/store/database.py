"""Connections to the database: one that writes, and short ones that read."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import peewee

_BUSY_SECONDS = 2.0
"""The list of tokens is in the same file, and nobody writes for longer than moments."""

_WRITER = {
    "journal_mode": "wal",
    "synchronous": "normal",
    "temp_store": "memory",
    "cache_size": -8000,
    "journal_size_limit": 16 * 1024 * 1024,
    "foreign_keys": 0,
}
_READER = {"query_only": 1, "temp_store": "memory", "cache_size": -16000, "mmap_size": 256 * 1024 * 1024}


def connection_of(database: peewee.SqliteDatabase) -> sqlite3.Connection:
    """The connection of this thread; peewee itself has no types."""
    connection: sqlite3.Connection = database.connection()  # type: ignore[no-untyped-call]
    return connection


class Database:
    """The file, wherever it is; it need not exist yet."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def writer(self) -> peewee.SqliteDatabase:
        """An open connection for one thread. In autocommit: whoever writes begins and ends transactions."""
        if not self.path.exists():
            self.path.touch(mode=0o600)
        database = peewee.SqliteDatabase(str(self.path), pragmas=_WRITER, timeout=_BUSY_SECONDS)
        database.connect()
        return database

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One connection for a few questions, all answered as of one moment."""
        if not self.path.exists():
            raise FileNotFoundError(self.path)
        database = peewee.SqliteDatabase(str(self.path), pragmas=_READER, timeout=_BUSY_SECONDS)
        with database.connection_context():
            connection = connection_of(database)
            connection.execute("begin")
            try:
                yield connection
            finally:
                connection.rollback()

    @property
    def identity(self) -> tuple[int, int] | None:
        """Which file it is now; None where there is none."""
        try:
            found = os.stat(self.path)  # noqa: PTH116 -- it is asked for with every batch
        except OSError:
            return None
        return found.st_dev, found.st_ino

    @property
    def size(self) -> int:
        """Bytes on disk, with what stands beside the file."""
        return sum(
            each.stat().st_size for each in self.path.parent.glob(f"{self.path.name}*") if each.is_file()
        )
