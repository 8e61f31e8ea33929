"""`tierwise usage`: what was used, spent and saved, as a table for people."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from app.commands.context import Context
from app.record.amounts import dollars, percent, requests, tokens
from app.record.reading import reading
from app.table import table
from proxy.ledger.queries.spans import WindowName
from proxy.ledger.queries.usage import Filters, usage

DAY = "day"
_WORDS = {
    "1d": "the last 24 hours",
    "7d": "the last 7 days",
    "30d": "the last 30 days",
    "all": "all that is recorded",
}
_COUNTS = ("requests", "errors", "input", "cached", "output", "cost", "baseline", "saved")

Line = Mapping[str, Any]


def show_usage(context: Context, window: WindowName, by: str, filters: Filters) -> int:
    with reading(context.home) as connection:
        told = usage(connection, window, time.time(), filters)
    context.answer(told_in_words(told, by), told)
    return 0


def told_in_words(told: Mapping[str, Any], by: str) -> str:
    totals = told["totals"]
    if not totals["requests"]:
        return f"Nothing was asked for in {_WORDS[told['window']]}."
    head = "time" if by == DAY else by
    lines = [(each["label"], each) for each in told["daily"]] if by == DAY else _named(told[f"by_{by}"])
    rows = [(head, *_COUNTS), *((name, *_cells(line)) for name, line in lines), ("total", *_cells(totals))]
    return "\n".join(
        [f"Usage of {_WORDS[told['window']]}:", "", *table(rows), "", *_savings(totals), *_left_out(totals)]
    )


def _named(lines: Sequence[Line]) -> list[tuple[str, Line]]:
    return [(line["name"], line) for line in lines]


def _cells(line: Line) -> tuple[str, ...]:
    cached = line["cache_read_tokens"]
    return (
        f"{line['requests']:,}",
        f"{line['errors']:,}",
        tokens(_sum(line["input_tokens"], line["cache_write_tokens"])),
        tokens(cached),
        tokens(line["output_tokens"]),
        dollars(line["cost_usd"]),
        dollars(line["baseline_usd"]),
        dollars(line["saved_usd"]),
    )


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other


def _savings(totals: Line) -> list[str]:
    """How much of what is saved is measured, and what has saved it."""
    compared, levers = totals["compared"], totals["levers"]
    if not compared["requests"]:
        return ["Nothing could be compared with what it would have cost otherwise."]
    estimated = compared["estimated"]
    of_them = f", {dollars(estimated['saved_usd'])} of it estimated" if estimated["requests"] else ""
    names = {
        "routing": "other hosted models",
        "local": "local models",
        "prompt_caching": "prompt caching",
        "avoided_calls": "avoided calls",
        "retries": "retries",
    }
    parts = [f"{names[name]} {dollars(amount)}" for name, amount in levers.items() if amount]
    saved = totals["saved_usd"]
    gain = f"Saved {dollars(saved)}" if saved >= 0 else f"Lost {dollars(-saved)}"
    share = totals["saved_percent"]
    told = gain if share is None else f"{gain} ({percent(abs(share))})"
    whole = (
        f"{told} against the models that were asked for (or the reference), over {compared['requests']:,} of "
        f"{totals['requests']:,} requests{of_them}."
    )
    return [whole, f"By {', '.join(parts)}."] if parts else [whole]


def _left_out(totals: Line) -> list[str]:
    """What the dollars do not say."""
    lines = []
    if totals["unpriced"]:
        lines.append(
            f"Without a known price: {requests(totals['unpriced'])}, "
            f"{tokens(totals['unpriced_tokens'])} tokens. "
            'Set one under [prices."provider/model"] in config.toml.'
        )
    if totals["uncounted"]:
        lines.append(f"Nobody told the tokens of {requests(totals['uncounted'])}.")
    subscription = totals["subscription"]
    if subscription["requests"]:
        lines.append(
            f"On a subscription, and in no sum of dollars: {requests(subscription['requests'])}, "
            f"{tokens(subscription['tokens'])} tokens."
        )
    return lines
