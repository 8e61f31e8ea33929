"""Finds the rows of the log that are wanted, the newest first, where they lie.

Filters other than time are looked up in the summary first: it tells, in quarters of an hour, where rows of
that sort are, so a rare sort is found as fast as a common one and no index is needed for each of them.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from proxy.exchange import Outcome
from proxy.ledger.queries.row import COLUMNS
from proxy.ledger.queries.usage import Filters
from proxy.ledger.rows import session_named
from proxy.ledger.store.schema import QUARTER_MS, QUARTERS_OF_DAY
from proxy.ledger.store.words import NUMBER

FAR = 2**62
"""Later than everything; the database holds no number that is twice as large."""

SELECT = f"select {', '.join(COLUMNS)} from"
_MORE = 2000
"""Rows of the sort that are looked through at once where the first ones were too few."""


@dataclass(frozen=True, slots=True)
class Place:
    """A row's place in the log: none of two is the same."""

    received: int
    seq: int

    def __str__(self) -> str:
        return f"{self.received}.{self.seq}"

    @classmethod
    def named(cls, text: str) -> "Place":
        """ValueError for a text that names none."""
        received, _, seq = text.partition(".")
        place = cls(int(received), int(seq))
        if max(abs(place.received), abs(place.seq)) > FAR:
            raise ValueError(text)
        return place


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFilters:
    """Which rows. `before` is the place of the last row of the page before."""

    filters: Filters = field(default_factory=Filters)
    since: int = 0
    until: int = FAR
    """They were received before that."""
    errors_only: bool = False
    outcome: Outcome | None = None
    status_class: int = 0
    """The first digit of what was answered: 2, 4 or 5; 0 is any."""
    session: str = ""
    """As rows tell it."""
    before: Place = Place(FAR, FAR)

    @property
    def counts_errors(self) -> bool:
        return self.errors_only or self.outcome is Outcome.FAILED

    @property
    def end(self) -> Place:
        """All of them lie before it."""
        return min(self.before, Place(self.until, -FAR), key=lambda place: (place.received, place.seq))


def found_rows(connection: sqlite3.Connection, wanted: LogFilters, limit: int) -> Iterator[dict[str, Any]]:
    left = limit
    for source, of_source, values in _sources(connection, wanted, limit):
        conditions, more = _own_conditions(wanted)
        question = (
            f"{SELECT} {source} where {' and '.join([*of_source, *conditions])} "
            "order by received desc, seq desc limit ?"
        )
        for row in connection.execute(question, [*values, *more, left]):
            yield dict(zip(COLUMNS, row, strict=True))
            left -= 1
        if left <= 0:
            return


def late_rows(
    connection: sqlite3.Connection, wanted: LogFilters, after: int, limit: int
) -> Iterator[dict[str, Any]]:
    """Of those that were written after the row of that number, the ones that were written last, those first.

    A row lies in the log where its request began and is written when that ends, so it may lie anywhere.
    """
    condition, numbers = wanted.filters.condition(connection, "coalesce({}, 0)")
    conditions, more = _own_conditions(wanted)
    of_all = ["seq > ?", "(received, seq) < (?, ?)", "received >= ?", condition, *conditions]
    # Their number is the only index to go by: by their time all rows would be sorted anew each time.
    question = f"{SELECT} exchanges not indexed where {' and '.join(of_all)} order by seq desc limit ?"
    values = [after, wanted.end.received, wanted.end.seq, wanted.since, *numbers, *more, limit]
    for row in connection.execute(question, values):
        yield dict(zip(COLUMNS, row, strict=True))


_Source = tuple[str, list[str], list[int]]
"""Where rows are read from, on which conditions, and the values of these."""


def _sources(connection: sqlite3.Connection, wanted: LogFilters, limit: int) -> Iterator[_Source]:
    """Parts of the record, the newest first."""
    times = [wanted.end.received, wanted.end.seq, wanted.since]
    condition, numbers = wanted.filters.condition(connection, "coalesce({}, 0)")
    if _is_read_through(wanted):
        conditions = ["(received, seq) < (?, ?)", "received >= ?", condition]
        yield "exchanges", conditions, [*times, *numbers]
        return
    # The plus keeps the index for the quarters; it can be searched by one pair of bounds only.
    conditions = ["(+received, +seq) < (?, ?)", "+received >= ?", condition]
    for quarters in _quarters(connection, wanted, limit):
        marks = ", ".join(["(?, ?)"] * len(quarters))
        source = (
            # Left to itself SQLite makes an index of one sort, and looks through all of it for each quarter.
            f"(values {marks}) cross join exchanges indexed by exchanges_received "
            "on received >= column1 and received < column2"
        )
        ends = [end for quarter in quarters for end in (quarter * QUARTER_MS, (quarter + 1) * QUARTER_MS)]
        yield source, conditions, [*ends, *times, *numbers]


def _own_conditions(wanted: LogFilters) -> tuple[list[str], list[int]]:
    """What only the rows themselves tell."""
    conditions, values = [], []
    if wanted.errors_only:
        conditions.append("outcome = ?")
        values.append(NUMBER[Outcome.FAILED])
    if wanted.outcome is not None:
        conditions.append("outcome = ?")
        values.append(NUMBER[wanted.outcome])
    if wanted.status_class:
        conditions.append("status between ? and ?")
        values += [wanted.status_class * 100, wanted.status_class * 100 + 99]
    if wanted.session:
        conditions.append("session = ?")
        values.append(session_named(wanted.session))
    return conditions, values


def _is_read_through(wanted: LogFilters) -> bool:
    """Where nearly every row fits, or the summary has nothing to say, they are read from the newest on."""
    is_common = wanted.filters == Filters() and not wanted.counts_errors
    return is_common or bool(wanted.session)


def _quarters(connection: sqlite3.Connection, wanted: LogFilters, limit: int) -> Iterator[Sequence[int]]:
    """The newest quarters of an hour that together hold enough rows of the sort; and then further ones.

    The summary does not know all that is asked for, so enough of the sort may still be too few.
    """
    found: list[int] = []
    enough = limit
    # The first quarter may lie on both sides of the place where the page begins, so it does not count.
    is_first = True
    for quarter, n in _counted(connection, wanted):
        found.append(quarter)
        enough -= 0 if is_first else n
        is_first = False
        if enough <= 0:
            yield found
            found, enough = [], _MORE
    if found:
        yield found


def _counted(connection: sqlite3.Connection, wanted: LogFilters) -> Iterator[tuple[int, int]]:
    """Quarters with rows of the sort and their number, the newest first; days without any are passed over."""
    oldest = connection.execute("select min(received) from exchanges").fetchone()[0]
    if oldest is None:
        return
    first, last = max(wanted.since, oldest) // QUARTER_MS, wanted.end.received // QUARTER_MS
    condition, numbers = wanted.filters.condition(connection)
    counted = "errors" if wanted.counts_errors else "requests"
    days, quarters = (
        f"select {unit}, sum({counted}) from {unit}s where {unit} between ? and ? and {condition} "  # noqa: S608 -- names of columns and marks
        f"group by {unit} having sum({counted}) > 0 order by {unit} desc"
        for unit in ("day", "quarter")
    )
    ends = (first // QUARTERS_OF_DAY, last // QUARTERS_OF_DAY)
    for day, _ in connection.execute(days, [*ends, *numbers]):
        begins = day * QUARTERS_OF_DAY
        ends = (max(first, begins), min(last, begins + QUARTERS_OF_DAY - 1))
        yield from connection.execute(quarters, [*ends, *numbers])
