"""`tierwise logs`: requests as lines, one of them as a page, and new ones as they are written."""

import sqlite3
import time
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import to_builtins

from app.commands.context import Context
from app.errors import UsageError, UserError
from app.home import Home
from app.record.amounts import dollars, local_time, milliseconds, tokens
from app.record.moments import moment
from app.record.reading import reading
from app.table import table
from proxy.ledger.bodies import Said
from proxy.ledger.queries.logs import LogFilters, exchange, logs, said, written
from proxy.ledger.queries.usage import Filters

_AGAIN_SECONDS = 0.5
_AT_ONCE = 500
_HEAD = ("time", "client", "asked for", "answered by", "tier", "status", "tokens", "cost", "took")
_NAMES = 6
_NOT_FOUND = "There is no request {} in the record."

Row = Mapping[str, Any]


class NoSuchRequestError(UserError):
    """The record does not have it."""

    kind = "not_found"


def show_page(context: Context, filters: Filters, since: str, limit: int, *, errors_only: bool) -> int:
    with reading(context.home) as connection:
        page = logs(connection, _wanted(filters, since, errors_only=errors_only), limit)
    rows = page["rows"][::-1]
    context.answer("\n".join(_lines(rows)) if rows else "No such request is recorded.", page)
    return 0


def show_one(context: Context, id_: str, *, with_bodies: bool) -> int:
    with reading(context.home) as connection:
        found = exchange(connection, id_)
        if found is None:
            raise NoSuchRequestError(_NOT_FOUND.format(id_))
        bodies = said(connection, id_) if with_bodies else None
    if not with_bodies:
        context.answer("\n".join(_page(found)), found)
    else:
        context.answer(
            "\n".join([*_page(found), "", *_said(bodies)]), {**found, "bodies": to_builtins(bodies)}
        )
    return 0


def follow(context: Context, filters: Filters, since: str, limit: int, *, errors_only: bool) -> int:
    """The page, and then each row when it is written. As JSON it is one object a line. Ctrl+C ends it."""
    wanted = _wanted(filters, since, errors_only=errors_only)
    with reading(context.home) as connection:
        last = _last(connection)
        rows = logs(connection, wanted, limit)["rows"][::-1]
    if not context.json:
        context.answer("\n".join(_lines(rows)) if rows else "Waiting for requests ...", {})
    else:
        for row in rows:
            context.answer("", row)
    try:
        for row in _new_rows(context.home, last):
            if _fits(row, wanted):
                context.answer(_line(row), row)
    except KeyboardInterrupt:
        pass
    return 0


def _new_rows(home: Home, last: int) -> Iterator[Row]:
    while True:
        time.sleep(_AGAIN_SECONDS)
        with reading(home) as connection:
            newest = _last(connection)
            rows = written(connection, max(last + 1, newest - _AT_ONCE), newest) if newest != last else []
        last = newest
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


def _lines(rows: list[Row]) -> list[str]:
    return table([_HEAD, *(_cells(row) for row in rows)], names=_NAMES)


def _line(row: Row) -> str:
    return "  ".join(_cells(row))


def _cells(row: Row) -> tuple[str, ...]:
    return (
        local_time(row["received"]),
        row["client"],
        row["requested"] or "-",
        row["service"] or "nobody",
        row["tier"] or "-",
        _status(row),
        tokens(_all_tokens(row)),
        "subscription" if row["subscription"] else dollars(row["cost_usd"]),
        milliseconds(row["duration_ms"]),
    )


def _status(row: Row) -> str:
    if row["outcome"] == "answered":
        return str(row["status"] or 200)
    return row["error"] or row["outcome"] or "-"


def _all_tokens(row: Row) -> int | None:
    counts = [row[f"{kind}_tokens"] for kind in ("input", "cache_read", "cache_write", "output")]
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


def _page(row: Row) -> list[str]:
    """Everything about one request, in words."""
    facts = {
        "Request": row["id"],
        "Received": local_time(row["received"]),
        "Client": f"{row['client']} ({row['surface']}, {'streamed' if row['streamed'] else 'in one piece'})",
        "Asked for": row["requested"] or "no model",
        "Answered by": row["service"] or "nobody",
        "Tier": row["tier"] or "none",
        "Chosen by": row["source"] or "nothing",
        "Outcome": _status(row),
        "Tokens": (
            f"{tokens(row['input_tokens'])} in, {tokens(row['cache_read_tokens'])} from the cache, "
            f"{tokens(row['cache_write_tokens'])} into it, {tokens(row['output_tokens'])} out"
        ),
        "Cost": _cost(row),
        "Otherwise": _otherwise(row),
        "Took": f"{milliseconds(row['duration_ms'])}, first byte after {milliseconds(row['first_byte_ms'])}",
    }
    width = max(map(len, facts))
    lines = [f"{name:{width}}  {value}" for name, value in facts.items()]
    lines += [f"{'Why' if n == 0 else '':{width}}  {reason}" for n, reason in enumerate(row["reasons"])]
    for number, attempt in enumerate(row["attempts"], start=1):
        lines.append(_attempt(number, attempt))
        lines += [f"    {note}" for note in attempt["notes"]]
    return lines


def _said(bodies: Said | None) -> list[str]:
    if bodies is None:
        return ["What was said is not kept. `keep_bodies_days` under [ledger] keeps it for some days."]
    cut = [] if bodies.is_whole else ["", "The end of it was too long to be kept."]
    return ["Request:", bodies.request, "", "Answer:", bodies.answer, *cut]


def _cost(row: Row) -> str:
    if row["subscription"]:
        return "paid by a subscription"
    others = (
        f", {dollars(row['other_attempts_usd'])} of it for other attempts"
        if row["other_attempts_usd"]
        else ""
    )
    source = f" by the {row['price_source']} price" if row["price_source"] else ""
    return f"{dollars(row['cost_usd'])}{source}{others}{' (the answer broke off)' if row['partial'] else ''}"


def _otherwise(row: Row) -> str:
    if row["baseline_usd"] is None:
        return "not known"
    return f"{dollars(row['baseline_usd'])} with {row['compared_with']}, so {dollars(row['saved_usd'])} saved"


def _attempt(number: int, attempt: Row) -> str:
    told = attempt["error"] or attempt["outcome"] or "-"
    key = f" with key {attempt['key']}" if attempt["key"] else ""
    status = f" {attempt['status']}" if attempt["status"] is not None else ""
    span = f"{milliseconds(attempt['began_ms'])} to {milliseconds(attempt['ended_ms'])}"
    return f"{number}. {attempt['service']}{key}: {told}{status}, {span}, {dollars(attempt['cost_usd'])}"
