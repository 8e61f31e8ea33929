"""The log: exchanges as rows, the newest first, and one of them with all that is known of it."""

import sqlite3
from collections.abc import Iterator
from typing import Any

from proxy.ledger.bodies import Said
from proxy.ledger.bodies import unpacked as unpacked_bodies
from proxy.ledger.queries.decision import reasons_of, shown_decision
from proxy.ledger.queries.finding import FAR, SELECT, LogFilters, Place, found_rows, late_rows
from proxy.ledger.queries.row import COLUMNS, COLUMNS_OF_TRY, shown, shown_try
from proxy.ledger.rows import number_of
from proxy.ledger.store.schema import SEQ_OF_ID
from proxy.ledger.store.words import all_words
from proxy.ledger.traces.form import NO_TRACE, unpacked

__all__ = ["FAR", "LogFilters", "Place", "exchange", "log_news", "logs", "said", "written", "written_since"]

_BYTES_OF_ID = 8


def logs(connection: sqlite3.Connection, wanted: LogFilters, limit: int) -> dict[str, Any]:
    """One page, and where the next one begins."""
    rows = list(found_rows(connection, wanted, limit + 1))
    page = rows[:limit]
    words = all_words(connection)
    is_last = not page or len(rows) == len(page)
    return {
        "rows": [shown(row, words) for row in page],
        "next": None if is_last else str(Place(page[-1]["received"], page[-1]["seq"])),
    }


def log_news(
    connection: sqlite3.Connection, wanted: LogFilters, after: int | None, limit: int
) -> dict[str, Any]:
    """What has come into the log since its row of that number was written; None is only its number now.

    `is_all` is false where there is more of it, and where the record is another one than it was then.
    """
    last = _last(connection)
    if after is None or after > last:
        return {"rows": [], "is_all": after is None, "last": last}
    rows = list(late_rows(connection, wanted, after, limit + 1))
    words = all_words(connection)
    return {
        "rows": [shown(row, words) for row in rows[:limit]],
        "is_all": len(rows) <= limit,
        "last": last,
    }


def written(connection: sqlite3.Connection, first: int, last: int) -> list[dict[str, Any]]:
    """The rows that were written as the first to the last, in that order, whatever their origin."""
    rows = connection.execute(f"{SELECT} exchanges where seq between ? and ? order by seq", (first, last))
    words = all_words(connection)
    found = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    return [{"seq": row["seq"], **shown(row, words)} for row in found]


def written_since(connection: sqlite3.Connection, since: int, most: int) -> tuple[list[dict[str, Any]], int]:
    """The newest of the rows from that number on, and the number of the next one.

    A record that does not reach as far as that is another one, so all of it is new.
    """
    last = _last(connection)
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
    found = connection.execute(f"{SELECT} exchanges where seq = ({SEQ_OF_ID})", (number,)).fetchone()
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


def _last(connection: sqlite3.Connection) -> int:
    return int(connection.execute("select coalesce(max(seq), 0) from exchanges").fetchone()[0])


def _number(id_: str) -> int | None:
    """None for what is no id; a longer number would not go into the database."""
    if len(id_.rpartition("_")[2]) != 2 * _BYTES_OF_ID:
        return None
    try:
        return number_of(id_)
    except ValueError:
        return None


def _tries(connection: sqlite3.Connection, seq: int) -> Iterator[dict[str, Any]]:
    columns = ", ".join(COLUMNS_OF_TRY)
    question = f"select {columns} from tries where seq = ? order by place"  # noqa: S608 -- names of columns
    for row in connection.execute(question, (seq,)):
        yield dict(zip(COLUMNS_OF_TRY, row, strict=True))
