"""The database that the writing thread has open: opened when it is needed, anew when the file is another."""

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

import peewee

from proxy import log
from proxy.ledger.scribe import Scribe
from proxy.ledger.store.copies import set_aside
from proxy.ledger.store.database import Database, Identity, connection_of
from proxy.ledger.store.migrations import check_known, is_sound, migrate

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
        self._identity: Identity = None
        self._log_identity: Identity = None
        self._lost = ""
        """What has become of the file before; told when there is another one."""

    def scribe(self) -> Scribe:
        if self._scribe is not None and self._is_the_same():
            return self._scribe
        if self._scribe is not None:
            self._leave()
        self._scribe = self._open()
        self._identity = self.database.identity
        self._log_identity = self.database.log_identity
        if self._lost:
            self._tell(self._lost)
            self._lost = ""
        return self._scribe

    def close(self) -> None:
        if self._scribe is not None:
            with contextlib.suppress(sqlite3.Error, peewee.PeeweeException):
                self._scribe.close()
            self._scribe = None

    def is_sound(self) -> bool:
        """The file itself, whatever went wrong with it; it is closed for that."""
        self.close()
        return is_sound(self.database.path)

    def begin_anew(self, why: str) -> str:
        """Set the damaged file aside. What is still wrong then: nothing, unless it cannot be moved."""
        self.close()
        try:
            self._copies.mkdir(mode=0o700, exist_ok=True)
            target = set_aside(self.database.path, self._copies, self._now())
        except OSError as error:
            return f"{why} It cannot be moved to {self._copies} either: {error.strerror}. Move it away."
        self._tell(f"{why} It was set aside as {target}, and a new record was begun.")
        return ""

    def _open(self) -> Scribe:
        check_known(self.database.path)
        connected = self.database.writer()
        try:
            copy = migrate(connection_of(connected), self._copies, self._now())
            if copy is not None:
                _log.info("the record has new tables; as it was before it is kept in %s", copy)
            return Scribe(connected, self._pause)
        except BaseException:
            connected.close()
            raise

    def _is_the_same(self) -> bool:
        """The log counts too: without it nobody else sees what is written, until it is closed and opened."""
        now = self.database.identity, self.database.log_identity
        return now == (self._identity, self._log_identity)

    def _leave(self) -> None:
        """The file is deleted or another one. Closing writes nothing then, and leaves the old log behind."""
        path = self.database.path
        now = self.database.identity
        self.close()
        if now == self._identity:
            return
        self._lost = f"{path} was deleted while it was in use, and a new record was begun."
        if now is not None:
            self._lost = f"{path} was replaced by another file while it was in use, and that one is used now."
            if self.database.log_identity == self._log_identity:
                self.database.drop_beside()

    def _tell(self, notice: str) -> None:
        self.notice = notice
        _log.warning("%s", notice)
