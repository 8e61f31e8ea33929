"""`tierwise logs`: requests as lines, one of them as a page, and new ones as they are written."""

import sqlite3
import time
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import to_builtins

from app.commands.context import Context
from app.errors import UsageError, UserError
from app.home import Home
from app.record.errors import NoRecordError
from app.record.moments import moment
from app.record.reading import reading
from app.record.told import line, lines, page, said_in_words
from proxy.ledger.queries.logs import LogFilters, exchange, logs, said, written
from proxy.ledger.queries.usage import Filters

_AGAIN_SECONDS = 0.5
_AT_ONCE = 500
_NOT_FOUND = "There is no request {} in the record."

Row = Mapping[str, Any]


class NoSuchRequestError(UserError):
    """The record does not have it."""

    kind = "not_found"


def show_page(context: Context, filters: Filters, since: str, limit: int, *, errors_only: bool) -> int:
    with reading(context.home) as connection:
        found = logs(connection, _wanted(filters, since, errors_only=errors_only), limit)
    rows = found["rows"][::-1]
    context.answer("\n".join(lines(rows)) if rows else "No such request is recorded.", found)
    return 0


def show_one(context: Context, id_: str, *, with_bodies: bool) -> int:
    with reading(context.home) as connection:
        found = exchange(connection, id_)
        if found is None:
            raise NoSuchRequestError(_NOT_FOUND.format(id_))
        bodies = said(connection, id_) if with_bodies else None
    if not with_bodies:
        context.answer("\n".join(page(found)), found)
    else:
        context.answer(
            "\n".join([*page(found), "", *said_in_words(bodies)]), {**found, "bodies": to_builtins(bodies)}
        )
    return 0


def follow(context: Context, filters: Filters, since: str, limit: int, *, errors_only: bool) -> int:
    """The page, and then each row when it is written. As JSON it is one object a line. Ctrl+C ends it."""
    wanted = _wanted(filters, since, errors_only=errors_only)
    with reading(context.home) as connection:
        last = _last(connection)
        rows = logs(connection, wanted, limit)["rows"][::-1]
    if not context.json:
        context.answer("\n".join(lines(rows)) if rows else "Waiting for requests ...", {})
    else:
        for row in rows:
            context.answer("", row)
    try:
        for row in _new_rows(context.home, last):
            if _fits(row, wanted):
                context.answer(line(row), row)
    except KeyboardInterrupt:
        pass
    return 0


def _new_rows(home: Home, last: int) -> Iterator[Row]:
    """Every row once, as they are written; a record that was begun anew is read from its beginning."""
    while True:
        time.sleep(_AGAIN_SECONDS)
        try:
            with reading(home) as connection:
                newest = _last(connection)
                last = last if newest >= last else 0
                rows = written(connection, last + 1, min(newest, last + _AT_ONCE))
        except NoRecordError:  # it was deleted, and the next request begins another one
            continue
        last = min(newest, last + _AT_ONCE)
        yield from rows


def _last(connection: sqlite3.Connection) -> int:
    return int(connection.execute("select coalesce(max(seq), 0) from exchanges").fetchone()[0])


def _wanted(filters: Filters, since: str, *, errors_only: bool) -> LogFilters:
    try:
        start = moment(since, time.time()) if since else 0
    except ValueError as error:
        raise UsageError(f"--since: {error}.") from error
    return LogFilters(filters=filters, since=start, errors_only=errors_only)


def _fits(row: Row, wanted: LogFilters) -> bool:
    filters = wanted.filters
    return (
        row["origin"] == filters.origin
        and row["received"] >= wanted.since
        and (not wanted.errors_only or row["outcome"] == "failed")
        and all(
            not value or (row[name] or "none") == value
            for name, value in (
                ("client", filters.client),
                ("provider", filters.provider),
                ("model", filters.model),
                ("tier", filters.tier),
            )
        )
    )
