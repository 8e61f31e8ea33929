"""The database that the writing thread has open: opened when it is needed, anew when the file is another."""

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

import peewee

from proxy import log
from proxy.ledger.scribe import Scribe
from proxy.ledger.store.copies import set_aside
from proxy.ledger.store.database import Database, connection_of
from proxy.ledger.store.migrations import migrate

_log = log.area("ledger")


class Opened:
    """At most one connection."""

    def __init__(
        self, database: Database, copies: Path, now: Callable[[], float], pause: Callable[[], None]
    ) -> None:
        self.notice = ""
        """What has happened to the file and cannot be undone."""
        self.database = database
        self._copies = copies
        self._now = now
        self._pause = pause
        self._scribe: Scribe | None = None
        self._identity: tuple[int, int] | None = None

    def scribe(self) -> Scribe:
        if self._scribe is not None and self.database.identity == self._identity:
            return self._scribe
        if self._scribe is not None:
            self._tell(f"{self.database.path} was deleted while it was in use, and a new record was begun.")
            self.close()
        connected = self.database.writer()
        try:
            copy = migrate(connection_of(connected), self._copies, self._now())
            if copy is not None:
                _log.info("the record has new tables; as it was before it is kept in %s", copy)
            self._scribe = Scribe(connected, self._pause)
        except BaseException:
            connected.close()
            raise
        self._identity = self.database.identity
        return self._scribe

    def close(self) -> None:
        if self._scribe is not None:
            with contextlib.suppress(sqlite3.Error, peewee.PeeweeException):
                self._scribe.close()
            self._scribe = None

    def begin_anew(self, why: str) -> str:
        """Set the damaged file aside. What is still wrong then: nothing, unless it cannot be moved."""
        self.close()
        try:
            target = set_aside(self.database.path, self._copies, self._now())
        except OSError as error:
            return f"{why} It cannot be moved to {self._copies} either: {error.strerror}. Move it away."
        self._tell(f"{why} It was set aside as {target}, and a new record was begun.")
        return ""

    def _tell(self, notice: str) -> None:
        self.notice = notice
        _log.warning("%s", notice)
