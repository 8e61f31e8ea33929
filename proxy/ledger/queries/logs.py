"""The log: exchanges as rows, the newest first, filtered where they lie.

Filters other than time are looked up in the summary first: it tells, in quarters of an hour, where rows of
that sort are, so a rare sort is found as fast as a common one and no index is needed for each of them.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from proxy.exchange import Origin, Outcome
from proxy.ledger.bodies import Said
from proxy.ledger.bodies import unpacked as unpacked_bodies
from proxy.ledger.queries.decision import reasons_of, shown_decision
from proxy.ledger.queries.row import COLUMNS, COLUMNS_OF_TRY, shown, shown_try
from proxy.ledger.queries.usage import Filters
from proxy.ledger.rows import number_of
from proxy.ledger.store.schema import QUARTER_MS, QUARTERS_OF_DAY, SEQ_OF_ID
from proxy.ledger.store.words import NUMBER, all_words
from proxy.ledger.traces.form import NO_TRACE, unpacked

FAR = 2**62
"""Later than everything; the database holds no number that is twice as large."""

_SELECT = f"select {', '.join(COLUMNS)} from"
_BYTES_OF_ID = 8


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
    errors_only: bool = False
    before: Place = Place(FAR, FAR)


def logs(connection: sqlite3.Connection, wanted: LogFilters, limit: int) -> dict[str, Any]:
    """One page, and where the next one begins."""
    rows = list(_rows(connection, wanted, limit + 1))
    page = rows[:limit]
    words = all_words(connection)
    is_last = not page or len(rows) == len(page)
    return {
        "rows": [shown(row, words) for row in page],
        "next": None if is_last else str(Place(page[-1]["received"], page[-1]["seq"])),
    }


def written(connection: sqlite3.Connection, first: int, last: int) -> list[dict[str, Any]]:
    """The rows that were written as the first to the last, in that order, whatever their origin."""
    rows = connection.execute(f"{_SELECT} exchanges where seq between ? and ? order by seq", (first, last))
    words = all_words(connection)
    found = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    return [{"seq": row["seq"], **shown(row, words)} for row in found]


def written_since(connection: sqlite3.Connection, since: int, most: int) -> tuple[list[dict[str, Any]], int]:
    """The newest of the rows from that number on, and the number of the next one.

    A record that does not reach as far as that is another one, so all of it is new.
    """
    last = int(connection.execute("select coalesce(max(seq), 0) from exchanges").fetchone()[0])
    first = since if since <= last + 1 else 1
    return written(connection, max(first, last - most + 1), last), last + 1


def said(connection: sqlite3.Connection, id_: str) -> Said | None:
    """What was asked and answered, where it is kept."""
    number = _number(id_)
    question = f"select packed from bodies where seq = ({SEQ_OF_ID})"  # noqa: S608 -- a constant
    found = None if number is None else connection.execute(question, (number,)).fetchone()
    return None if found is None else unpacked_bodies(found[0])


def exchange(connection: sqlite3.Connection, id_: str) -> dict[str, Any] | None:
    """One of them with its attempts and why it went as it did; None where there is none."""
    number = _number(id_)
    if number is None:
        return None
    found = connection.execute(f"{_SELECT} exchanges where seq = ({SEQ_OF_ID})", (number,)).fetchone()
    if found is None:
        return None
    row = dict(zip(COLUMNS, found, strict=True))
    words = all_words(connection)
    packed = connection.execute("select packed from traces where seq = ?", (row["seq"],)).fetchone()
    trace = unpacked(packed[0]) if packed is not None else NO_TRACE
    attempts = [shown_try(each, row, trace, words) for each in _tries(connection, row["seq"])]
    decision = shown_decision(trace, attempts, words)
    return {
        **shown(row, words),
        "reasons": reasons_of(trace, decision),
        "decision": decision,
        "is_traced": packed is not None,
        "attempts": attempts,
    }


def _number(id_: str) -> int | None:
    """None for what is no id; a longer number would not go into the database."""
    if len(id_.rpartition("_")[2]) != 2 * _BYTES_OF_ID:
        return None
    try:
        return number_of(id_)
    except ValueError:
        return None


def _rows(connection: sqlite3.Connection, wanted: LogFilters, limit: int) -> Iterator[dict[str, Any]]:
    before = wanted.before
    conditions = ["(received, seq) < (?, ?)", "received >= ?"]
    values: list[int] = [before.received, before.seq, wanted.since]
    source = "exchanges"
    if _is_common(wanted):
        conditions.append("origin = ?")
        values.append(NUMBER[Origin.CLIENT])
    else:
        quarters = _quarters(connection, wanted, limit)
        if not quarters:
            return
        marks = ", ".join(["(?, ?)"] * len(quarters))
        source = f"(values {marks}) cross join exchanges on received >= column1 and received < column2"
        # The plus keeps the index for the quarters; it can be searched by one pair of bounds only.
        conditions = ["(+received, +seq) < (?, ?)", "+received >= ?"]
        ends = [end for quarter in quarters for end in (quarter * QUARTER_MS, (quarter + 1) * QUARTER_MS)]
        condition, numbers = wanted.filters.condition(connection, "coalesce({}, 0)")
        values = [*ends, *values, *numbers]
        conditions.append(condition)
    if wanted.errors_only:
        conditions.append("outcome = ?")
        values.append(NUMBER[Outcome.FAILED])
    question = f"{_SELECT} {source} where {' and '.join(conditions)} order by received desc, seq desc limit ?"
    for row in connection.execute(question, [*values, limit]):
        yield dict(zip(COLUMNS, row, strict=True))


def _is_common(wanted: LogFilters) -> bool:
    """Nearly every row fits, so they are simply read from the newest on."""
    return wanted.filters == Filters() and not wanted.errors_only


def _quarters(connection: sqlite3.Connection, wanted: LogFilters, limit: int) -> Sequence[int]:
    """The newest quarters of an hour that together hold enough rows of the sort."""
    found: list[int] = []
    enough = limit
    # The first quarter may lie on both sides of the place where the page begins, so it does not count.
    for quarter, n in _counted(connection, wanted):
        found.append(quarter)
        if len(found) > 1:
            enough -= n
        if enough <= 0:
            break
    return found


def _counted(connection: sqlite3.Connection, wanted: LogFilters) -> Iterator[tuple[int, int]]:
    """Quarters with rows of the sort and their number, the newest first; days without any are passed over."""
    oldest = connection.execute("select min(received) from exchanges").fetchone()[0]
    if oldest is None:
        return
    first, last = max(wanted.since, oldest) // QUARTER_MS, wanted.before.received // QUARTER_MS
    condition, numbers = wanted.filters.condition(connection)
    counted = "errors" if wanted.errors_only else "requests"
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


def _tries(connection: sqlite3.Connection, seq: int) -> Iterator[dict[str, Any]]:
    columns = ", ".join(COLUMNS_OF_TRY)
    question = f"select {columns} from tries where seq = ? order by place"  # noqa: S608 -- names of columns
    for row in connection.execute(question, (seq,)):
        yield dict(zip(COLUMNS_OF_TRY, row, strict=True))
