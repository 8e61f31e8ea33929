"""Sums as the record tells them."""

from typing import Any

from proxy.ledger.queries.totals import NONE, shown


def line(name: str = "", **sums: int) -> dict[str, Any]:
    return {"name": name, **shown({**NONE, **sums})}


def piece(label: str, start: int = 0, **others: Any) -> dict[str, Any]:
    usual = {
        "requests": 0,
        "byTier": {},
        "cost_usd": 0.0,
        "baseline_usd": 0.0,
        "saved_usd": 0.0,
        "input_tokens": 0,
        "cache_read_tokens": 0,
        "cache_write_tokens": 0,
        "output_tokens": 0,
    }
    return {**usual, "label": label, "start": start, **others}
