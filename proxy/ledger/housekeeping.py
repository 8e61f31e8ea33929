"""Keeps the record within its age and its size, a little at a time, and gives the room back to the system.

Every call does one small piece of what is due, so that the records that come meanwhile are written between
two of them. What is due is found anew each time: a process that ends in the middle loses nothing. The
summaries are never touched, so no sum that was ever shown changes when the rows behind it go.
"""

import json
import math
import sqlite3
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from proxy.config import Config
from proxy.ledger.scribe import Scribe

_AT_A_TIME = 200
"""Rows for one transaction: a few milliseconds, even where the pages they stand on have to be read first."""
_BODIES_AT_A_TIME = 40
_PAGES_AT_A_TIME = 200
_SHRINK_TO = 0.95
"""Of the size allowed, so that it is not exceeded again by the next few records."""
_GROWN_BYTES = 8 * 1024 * 1024
"""A log of this size was kept by somebody who read for long; by now they may be gone."""
_OPTIMISE_MS = 24 * 60 * 60 * 1000
_MEGABYTE = 1024 * 1024
_DAY_SECONDS = 24 * 60 * 60

_OF_EXCHANGES = ("tries", "traces", "bodies", "exchanges")

_OLDEST = "select seq from exchanges where received < ? order by received limit ?"
_AGED_BODIES = "select seq from bodies where kept < ? or kept > ? limit ?"
_DROP_PINS = "delete from pins where key in (select key from pins where expires <= ? limit ?)"
_NOTE = (
    "insert into state (name, value, written) values ('optimised', '', ?) "
    "on conflict (name) do update set written = excluded.written"
)


class Housekeeping:
    """Called by the thread that writes, whenever that has nothing to write."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._is_shrinking = False
        self._chores = (
            self._drop_aged,
            self._drop_aged_bodies,
            self._drop_expired_pins,
            self._shrink,
            self._give_back_room,
            self._cut_log,
            self._optimise,
        )

    def keep(self, scribe: Scribe, config: Config) -> bool:
        """Do a piece of the first chore that is due; whether none is."""
        return all(chore(scribe, config) for chore in self._chores)

    # -- each says whether nothing of it is left -----------------------------------------------------

    def _drop_aged(self, scribe: Scribe, config: Config) -> bool:
        before = _days_back(self._now(), config.ledger.retention_days)
        return not _drop_oldest(scribe, before)

    def _drop_aged_bodies(self, scribe: Scribe, config: Config) -> bool:
        """By the clock of now: what was said while it was ahead is not kept until it has caught up."""
        now, days = self._now(), config.ledger.keep_bodies_days
        before = _days_back(now, days) if days else math.inf
        ahead = (now + _DAY_SECONDS) * 1000
        found = scribe.connection.execute(_AGED_BODIES, (before, ahead, _BODIES_AT_A_TIME)).fetchall()
        aged = [seq for (seq,) in found]
        if aged:
            scribe.in_transaction(lambda connection: _delete(connection, "bodies", aged))
        return not aged

    def _drop_expired_pins(self, scribe: Scribe, _config: Config) -> bool:
        now = int(self._now() * 1000)
        if not scribe.connection.execute("select 1 from pins where expires <= ? limit 1", (now,)).fetchone():
            return True
        scribe.in_transaction(lambda connection: connection.execute(_DROP_PINS, (now, _AT_A_TIME)))
        return False

    def _shrink(self, scribe: Scribe, config: Config) -> bool:
        """Begun above the size allowed, and not ended before there is some room below it."""
        allowed = config.ledger.max_mb * _MEGABYTE
        limit = allowed * _SHRINK_TO if self._is_shrinking else allowed
        self._is_shrinking = _bytes_used(scribe.connection) > limit and _drop_oldest(scribe, math.inf)
        return not self._is_shrinking

    def _give_back_room(self, scribe: Scribe, _config: Config) -> bool:
        """Pages at the end of the file are moved to the free ones, and the file is cut."""
        free = _number(scribe.connection, "freelist_count")
        if not free:
            return True
        # It moves one page with each of its steps, of which `execute` takes only the first.
        scribe.connection.executescript(f"pragma incremental_vacuum({_PAGES_AT_A_TIME})")
        # A file whose pages cannot be moved, as one made by another program, gives none back.
        return _number(scribe.connection, "freelist_count") >= free

    def _cut_log(self, scribe: Scribe, _config: Config) -> bool:
        """Takes the log over into the file. Waits for nobody: who reads now is gone another time."""
        connection = scribe.connection
        if _log_size(connection) <= _GROWN_BYTES:
            return True
        patience = _number(connection, "busy_timeout")
        connection.execute("pragma busy_timeout = 0")
        try:
            connection.execute("pragma wal_checkpoint(truncate)").fetchall()
        finally:
            connection.execute(f"pragma busy_timeout = {patience}")
        return True

    def _optimise(self, scribe: Scribe, _config: Config) -> bool:
        """Lets the database look at samples of its indexes, so that it plans its questions well."""
        now = int(self._now() * 1000)
        connection = scribe.connection
        last = connection.execute("select written from state where name = 'optimised'").fetchone()
        if last is not None and 0 <= now - last[0] < _OPTIMISE_MS:
            return True
        connection.execute("pragma analysis_limit = 200")
        connection.execute("pragma optimize").fetchall()
        scribe.in_transaction(lambda connection: connection.execute(_NOTE, (now,)))
        return True


def _days_back(now: float, days: int) -> int:
    """The local midnight so many days ago, in milliseconds. Days of the calendar need not have 24 hours."""
    day = datetime.fromtimestamp(now).astimezone().date() - timedelta(days=days)
    return int(datetime.combine(day, datetime.min.time()).timestamp() * 1000) if day.year > 1970 else 0


def _drop_oldest(scribe: Scribe, before: float) -> bool:
    """Drop some exchanges received before then, with all that is kept of them; False: there were none."""
    found = scribe.connection.execute(_OLDEST, (before, _AT_A_TIME)).fetchall()
    seqs = [seq for (seq,) in found]
    if seqs:
        scribe.in_transaction(lambda connection: _delete_exchanges(connection, seqs))
    return bool(seqs)


def _delete_exchanges(connection: sqlite3.Connection, seqs: list[int]) -> None:
    for table in _OF_EXCHANGES:
        _delete(connection, table, seqs)


def _delete(connection: sqlite3.Connection, table: str, seqs: list[int]) -> None:
    """One statement for all of them: the interpreter is free while it runs."""
    connection.execute(
        f"delete from {table} where seq in (select value from json_each(?))",  # noqa: S608 -- our own names
        (json.dumps(seqs),),
    )


def _bytes_used(connection: sqlite3.Connection) -> int:
    pages = _number(connection, "page_count") - _number(connection, "freelist_count")
    return pages * _number(connection, "page_size")


def _number(connection: sqlite3.Connection, pragma: str) -> int:
    return int(connection.execute(f"pragma {pragma}").fetchone()[0])


def _log_size(connection: sqlite3.Connection) -> int:
    file = connection.execute("pragma database_list").fetchone()[2]
    try:
        return Path(f"{file}-wal").stat().st_size
    except FileNotFoundError:
        return 0
