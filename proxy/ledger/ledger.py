"""The ledger as the rest of the program sees it: it records, answers questions, and says how it is."""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

import peewee
from msgspec import Struct

from proxy import log
from proxy.config import Config
from proxy.exchange import Exchange
from proxy.ledger.accounting import Accounting
from proxy.ledger.housekeeping import Housekeeping
from proxy.ledger.queries.kept import KEEP
from proxy.ledger.record import recorded
from proxy.ledger.scribe import Scribe, Settled
from proxy.ledger.store.database import Database
from proxy.ledger.store.migrations import check_version
from proxy.ledger.store.problems import NewerError, Trouble, cause_of, sentence_of, trouble_of
from proxy.ledger.writer import Writer
from proxy.money.catalogue import FILE, Catalogue
from resources import resource

_log = log.area("ledger")

_SETTLE_SECONDS = 0.5
"""A question waits this long for what was just put to be written, and then takes what is there."""
FLUSH_SECONDS = 0.5
_MOST_BODIES_WAITING = 50
"""While a disk is full thousands of records may wait, but not with all that was said."""
_MOST_DECISIONS_WAITING = 4000
"""Nor with all that led to them: a decision holds some kilobytes."""

T = TypeVar("T")
Listener = Callable[[Sequence[Settled], int], None]


class LedgerError(Exception):
    """The record cannot be read now; the message is a sentence for the user."""


class Condition(Struct, frozen=True):
    """How the ledger is."""

    ok: bool
    problem: str
    """What keeps it from writing, and what to do."""
    notice: str
    """What has happened to the file and cannot be undone."""
    waiting: int
    dropped: int
    written: int


class Ledger:
    """The record of one home. Everything slow is done in threads of its own."""

    def __init__(
        self, path: Path, copies: Path, config: Config, now: Callable[[], float] = time.time
    ) -> None:
        self._database = Database(path)
        self._now = now
        self._catalogue: Catalogue | None = None
        self._listeners: list[Listener] = []
        house = Housekeeping(now)
        self._writer = Writer(self._database, copies, config, self._accounting, self._tell, house.keep, now)

    # -- writing -----------------------------------------------------------------------------------

    def start(self) -> None:
        """Returns at once; what is recorded from now on waits until the file is open."""
        self._writer.start()

    async def stop(self) -> None:
        """Write what is waiting, for half a second at most."""
        if not await asyncio.to_thread(self._writer.stop, FLUSH_SECONDS):
            _log.warning("%d records could not be written before the end", self._writer.waiting)

    def record(self, exchange: Exchange) -> None:
        record = recorded(exchange)
        if record.said is not None and self._writer.waiting > _MOST_BODIES_WAITING:
            record.said = None
        if self._writer.waiting > _MOST_DECISIONS_WAITING:
            record.decision = None
        self._writer.put(record)

    def reconfigured(self, config: Config) -> None:
        self._writer.reconfigured(config)

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Be told of what has been written, in the thread that writes; the result ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @property
    def condition(self) -> Condition:
        writer = self._writer
        return Condition(
            ok=not writer.problem,
            problem=writer.problem,
            notice=writer.notice,
            waiting=writer.waiting,
            dropped=writer.dropped,
            written=writer.written,
        )

    @property
    def catalogue(self) -> Catalogue:
        """The prices that came with the program; reading them takes a moment, so not on the loop."""
        if self._catalogue is None:
            self._catalogue = Catalogue(resource(FILE).read_bytes())
        return self._catalogue

    # -- asking ------------------------------------------------------------------------------------

    async def ask(self, question: Callable[[sqlite3.Connection], T]) -> T:
        """The answer from the database as it is when all that was recorded so far is in it."""
        await self.settled()
        return await asyncio.to_thread(self.ask_blocking, question)

    def ask_blocking(self, question: Callable[[sqlite3.Connection], T]) -> T:
        try:
            with self._database.reading() as connection:
                check_version(connection)
                return self.watched(question, connection)
        except FileNotFoundError as missing:
            raise LedgerError("There is no record yet.") from missing
        except (NewerError, sqlite3.Error, peewee.PeeweeException) as raised:
            error = cause_of(raised)
            raise LedgerError(sentence_of(error, self._database.path)) from raised

    def watched(self, question: Callable[[sqlite3.Connection], T], connection: sqlite3.Connection) -> T:
        """The answer to a question. Damage that is met on the way is looked into by the one who writes."""
        try:
            return question(connection)
        except sqlite3.Error as error:
            if trouble_of(error) is Trouble.DAMAGED:
                self._writer.suspect()
            raise

    async def settled(self) -> None:
        """Until what was recorded so far is written, but not for long."""
        if self._writer.problem or not self._writer.waiting:
            return
        try:
            async with asyncio.timeout(_SETTLE_SECONDS):
                await asyncio.wrap_future(self._writer.ask(lambda _scribe: None))
        except (TimeoutError, sqlite3.Error, peewee.PeeweeException, OSError, RuntimeError):
            return

    def change(self, work: Callable[[Scribe], T]) -> Future[T]:
        """Have something done by the thread that writes."""
        return self._writer.ask(work)

    def remember(self, name: str, value: bytes) -> None:
        """Keep something small over a restart, in place of what was kept under that name."""
        row = (name, value, int(self._now() * 1000))
        self._writer.ask(
            lambda scribe: scribe.in_transaction(lambda connection: connection.execute(KEEP, row))
        )

    def _accounting(self, config: Config) -> Accounting:
        return Accounting(config, self.catalogue)

    def _tell(self, batch: Sequence[Settled], first: int) -> None:
        for listener in tuple(self._listeners):
            listener(batch, first)
