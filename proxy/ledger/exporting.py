"""The exchanges of the record in plain words: one row for each, in the order in which they were received.

They are read in pages, each in a short transaction of its own: whoever takes the rows may be slow, and a
reader that stays keeps the file's log from being taken over.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

from proxy.exchange import Outcome
from proxy.ledger.queries.usage import Filters
from proxy.ledger.rows import id_of, session_named
from proxy.ledger.store.database import Database
from proxy.ledger.store.migrations import STEPS, version_of
from proxy.ledger.store.problems import NewerError
from proxy.ledger.store.schema import Flag
from proxy.ledger.store.words import NUMBER, all_words, numbers_of
from proxy.money.cost import NANO

ROWS_AT_A_TIME = 1000

Cell = str | int | float | bool | None
Row = tuple[Cell, ...]


class Kind(Enum):
    """What stands in a column."""

    NUMBER = "number"
    FLAG = "flag"
    ID = "id"
    TIME = "time"
    DOLLARS = "dollars"
    """As text, so that no reader rounds it."""
    WORD = "word"
    """A name, which clients may choose as they like."""


_COMPARED = "cost is not null and baseline is not null"

COLUMNS: Mapping[str, tuple[Kind, str]] = {
    "id": (Kind.ID, "id"),
    "received": (Kind.TIME, "received"),
    "origin": (Kind.WORD, "origin"),
    "client": (Kind.WORD, "client"),
    "surface": (Kind.WORD, "surface"),
    "requested": (Kind.WORD, "requested"),
    "provider": (Kind.WORD, "provider"),
    "model": (Kind.WORD, "model"),
    "tier": (Kind.WORD, "tier"),
    "score": (Kind.NUMBER, "round(score, 2)"),
    "source": (Kind.WORD, "source"),
    "status": (Kind.NUMBER, "status"),
    "outcome": (Kind.WORD, "outcome"),
    "error": (Kind.WORD, "error"),
    "streamed": (Kind.FLAG, f"flags & {Flag.STREAMED}"),
    "attempts": (Kind.NUMBER, "tries"),
    "input_tokens": (Kind.NUMBER, "input"),
    "cache_read_tokens": (Kind.NUMBER, "cache_read"),
    "cache_write_tokens": (Kind.NUMBER, "cache_write"),
    "cache_write_1h_tokens": (Kind.NUMBER, "cache_write_1h"),
    "output_tokens": (Kind.NUMBER, "output"),
    "reasoning_tokens": (Kind.NUMBER, "reasoning"),
    "cost_usd": (Kind.DOLLARS, "cost"),
    "baseline_usd": (Kind.DOLLARS, "baseline"),
    "saved_usd": (Kind.DOLLARS, "baseline - cost"),
    "compared_with": (Kind.WORD, "compared_with"),
    "price_source": (Kind.WORD, "price_source"),
    "subscription": (Kind.FLAG, f"flags & {Flag.SUBSCRIPTION}"),
    "estimated": (Kind.FLAG, f"{_COMPARED} and flags & {Flag.PARTIAL | Flag.REFERENCE}"),
    "duration_ms": (Kind.NUMBER, "ended"),
    "first_byte_ms": (Kind.NUMBER, "first_byte"),
}
"""Cache writes that are kept for an hour are part of the cache writes, reasoning is part of the output."""

_ROWS = f"""
select received, seq, {", ".join(expression for _, expression in COLUMNS.values())} from exchanges
where received >= :received and (received > :received or seq > :seq) and received < :until and seq <= :last
and (:origin is null or origin = :origin)
"""  # noqa: S608 -- constants
_IN_ORDER = f"order by received, seq limit {ROWS_AT_A_TIME}"

_FIRST, _END = -(2**63), 2**63 - 1


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which exchanges: received from `since` on and before `until`, in milliseconds since 1970."""

    since: int | None = None
    until: int | None = None
    origin: str | None = None
    filters: Filters | None = None
    """As a log has them; None: all of that origin."""
    errors_only: bool = False
    session: str = ""
    """As rows tell it."""


def exported(database: Database, wanted: Wanted) -> Iterator[list[Row]]:
    """Pages of the rows there are now.

    It is looked at once whether there are any to read: FileNotFoundError where nothing was ever recorded,
    NewerError for a file of a later version.
    """
    with database.reading() as connection:
        _check(connection, database)
        last = connection.execute("select coalesce(max(seq), 0) from exchanges").fetchone()[0]
        origin = None if wanted.origin is None else numbers_of(connection, [wanted.origin])[wanted.origin]
        question = " ".join([_ROWS, *_narrowed(connection, wanted), _IN_ORDER])
    return _pages(database, wanted, question, last, origin)


def _narrowed(connection: sqlite3.Connection, wanted: Wanted) -> Iterator[str]:
    """Further conditions; all of their values are numbers."""
    if wanted.filters is not None:
        condition, numbers = wanted.filters.condition(connection, "coalesce({}, 0)")
        yield f"and {condition.replace('?', '%d')}" % tuple(numbers)
    if wanted.errors_only:
        yield f"and outcome = {NUMBER[Outcome.FAILED]}"
    if wanted.session:
        yield f"and session = {session_named(wanted.session)}"


def _pages(
    database: Database, wanted: Wanted, question: str, last: int, origin: int | None
) -> Iterator[list[Row]]:
    received = _FIRST if wanted.since is None else wanted.since
    until = _END if wanted.until is None else wanted.until
    place = {"received": received, "seq": 0, "until": until, "last": last, "origin": origin}
    words: Mapping[int, str] = {}
    while True:
        with database.reading() as connection:
            page = connection.execute(question, place).fetchall()
            # A program that has begun the record anew meanwhile has numbered its words anew, too.
            words = words if _holds(words, connection) else all_words(connection)
        if not page:
            return
        place["received"], place["seq"] = page[-1][0], page[-1][1]
        yield _told(page, words)


def _check(connection: sqlite3.Connection, database: Database) -> None:
    version = version_of(connection)
    if version > len(STEPS):
        raise NewerError(version, len(STEPS))
    if not version:
        raise FileNotFoundError(database.path)


def _holds(words: Mapping[int, str], connection: sqlite3.Connection) -> bool:
    """Words are only ever added, so the newest tells of all."""
    newest = connection.execute("select id, word from words order by id desc limit 1").fetchone()
    return newest is None or words.get(newest[0]) == newest[1]


def _told(page: list[tuple[Any, ...]], words: Mapping[int, str]) -> list[Row]:
    tellers = {**_TELLERS, Kind.WORD: words.get}
    by_column = [tellers[kind] for kind, _ in COLUMNS.values()]
    return [
        tuple(
            [None if value is None else tell(value) for tell, value in zip(by_column, row[2:], strict=True)]
        )
        for row in page
    ]


def dollars(nano: int) -> str:
    """Exact to the last digit that is kept."""
    whole, rest = divmod(abs(nano), NANO)
    digits = f"{whole}.{rest:09d}".rstrip("0").rstrip(".")
    return f"-{digits}" if nano < 0 else digits


def _time(milliseconds: int) -> str:
    """Local, with its distance from Greenwich: twice in a year an hour comes again."""
    moment = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=milliseconds)
    return moment.astimezone().isoformat(timespec="milliseconds")


def _plain(number: int) -> int:
    return number


_TELLERS: Mapping[Kind, Callable[[int], Cell]] = {
    Kind.NUMBER: _plain,
    Kind.FLAG: bool,
    Kind.ID: id_of,
    Kind.TIME: _time,
    Kind.DOLLARS: dollars,
}
