"""Connections to the database: one that writes, and short ones that read."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import peewee

from proxy.ledger.store.copies import BESIDE

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
_READER = {"query_only": 1, "temp_store": "memory", "cache_size": -16000}
"""Never `mmap_size`: when somebody shortens a file that is mapped, the system kills the whole program."""

Identity = tuple[int, int] | None


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
            self._begin()
        self._give_rights_beside()
        database = peewee.SqliteDatabase(str(self.path), pragmas=_WRITER, timeout=_BUSY_SECONDS)
        database.connect()
        return database

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One connection for a few questions, all answered as of one moment."""
        if not self.path.exists():
            raise FileNotFoundError(self.path)
        address = f"{self.path.absolute().as_uri()}?mode=rw"  # else a file that is gone by now would be made
        database = peewee.SqliteDatabase(address, pragmas=_READER, timeout=_BUSY_SECONDS, uri=True)
        with database.connection_context():
            connection = connection_of(database)
            connection.execute("begin")
            try:
                if not connection.execute("pragma user_version").fetchone()[0]:
                    raise FileNotFoundError(self.path)  # its tables are still to be made
                yield connection
            finally:
                connection.rollback()

    @property
    def identity(self) -> Identity:
        """Which file it is now; None where there is none."""
        return _identity(self.path)

    @property
    def log_identity(self) -> Identity:
        """Which file holds what was written last; none that is open ever becomes another one."""
        return _identity(self._beside("-wal"))

    def drop_beside(self) -> None:
        """What stands beside the file belongs to another one: SQLite would write it into this one."""
        for suffix in BESIDE:
            self._beside(suffix).unlink(missing_ok=True)

    @property
    def size(self) -> int:
        """Bytes on disk, with what stands beside the file."""
        return sum(
            each.stat().st_size for each in self.path.parent.glob(f"{self.path.name}*") if each.is_file()
        )

    def _begin(self) -> None:
        """The folder above is not made: it may be a disk that is not there now."""
        self.path.parent.mkdir(mode=0o700, exist_ok=True)
        self.drop_beside()
        self.path.touch(mode=0o600)

    def _give_rights_beside(self) -> None:
        """What was made beside a file that was read-only is so too, and stays so when the file is not."""
        for suffix in BESIDE:
            beside = self._beside(suffix)
            if beside.exists() and os.access(self.path, os.W_OK) and not os.access(beside, os.W_OK):
                beside.chmod(0o600)

    def _beside(self, suffix: str) -> Path:
        return self.path.with_name(self.path.name + suffix)


def _identity(path: Path) -> Identity:
    try:
        found = os.stat(path)  # noqa: PTH116 -- it is asked for with every batch
    except OSError:
        return None
    return found.st_dev, found.st_ino
