"""Requests in words: one as a line, one as a page, and what was said in it."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.record import deciding
from app.record.amounts import dollars, local_time, milliseconds, tokens
from app.table import GAP, table
from proxy.ledger.bodies import Said

_HEAD = ("time", "client", "asked for", "answered by", "tier", "status", "tokens", "cost", "took")
_NAMES = 6

Row = Mapping[str, Any]


def lines(rows: Sequence[Row]) -> list[str]:
    return table([_HEAD, *(_cells(row) for row in rows)], names=_NAMES)


def line(row: Row) -> str:
    return GAP.join(_cells(row))


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


def page(row: Row) -> list[str]:
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
    why = deciding.facts(row)
    width = max(map(len, (*facts, *why)))
    lines = [f"{name:{width}}  {value}" for name, value in facts.items()]
    lines += deciding.listed(why, width)
    for number, attempt in enumerate(row["attempts"], start=1):
        lines.append(_attempt(number, attempt))
        lines += [f"    {note}" for note in attempt["notes"]]
    return lines


def said_in_words(bodies: Said | None) -> list[str]:
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
    saved = row["saved_usd"]
    gain = f"{dollars(saved)} saved" if saved >= 0 else f"{dollars(-saved)} lost"
    stands_in = ", the reference" if row["is_compared_with_reference"] else ""
    return f"{dollars(row['baseline_usd'])} with {row['compared_with']}{stands_in}, so {gain}"


def _attempt(number: int, attempt: Row) -> str:
    told = attempt["error"] or attempt["outcome"] or "-"
    key = f" with key {attempt['key']}" if attempt["key"] else ""
    status = f" {attempt['status']}" if attempt["status"] is not None else ""
    span = f"{milliseconds(attempt['began_ms'])} to {milliseconds(attempt['ended_ms'])}"
    return f"{number}. {attempt['service']}{key}: {told}{status}, {span}, {dollars(attempt['cost_usd'])}"
