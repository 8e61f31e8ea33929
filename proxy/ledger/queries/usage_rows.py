"""Usage as a flat table, for spreadsheets and other programs: a row for each piece of time and each sort."""

import sqlite3
from datetime import tzinfo
from typing import Any, Final

from proxy.ledger.queries.spans import Window, series
from proxy.ledger.queries.totals import shown
from proxy.ledger.queries.usage import GROUPS, Filters, groups_of, oldest

_NUMBERS: Final = (
    "requests", "errors", "cancelled", "retries", "input_tokens", "cache_read_tokens", "cache_write_tokens",
    "output_tokens", "reasoning_tokens", "cost_usd", "baseline_usd", "saved_usd",
)  # fmt: skip
COLUMNS: Final = ("start", "unit", *GROUPS, *_NUMBERS, "measured_usd", "estimated_usd", "unpriced")


def usage_rows(
    connection: sqlite3.Connection,
    window: Window,
    now: float,
    filters: Filters,
    zone: tzinfo | None = None,
) -> list[dict[str, Any]]:
    """The oldest first; `start` is a local day or hour. Pieces without requests have no row."""
    pieces = series(window, now, oldest(connection), zone)
    return [
        _row(span.label, pieces.unit, names, shown(sums))
        for span in pieces.spans
        for names, sums in sorted(
            groups_of(connection, span.start, span.end, filters), key=lambda each: each[0]
        )
    ]


def _row(start: str, unit: str, names: tuple[str, ...], line: dict[str, Any]) -> dict[str, Any]:
    """How much of the savings is measured and how much estimated is told apart."""
    parts = line["compared"]
    return {
        "start": start,
        "unit": unit,
        **dict(zip(GROUPS, names, strict=True)),
        **{name: line[name] for name in _NUMBERS},
        **{f"{sort}_usd": _saved(parts[sort]) for sort in ("measured", "estimated")},
        "unpriced": line["unpriced"],
    }


def _saved(part: dict[str, Any]) -> float | None:
    return part["saved_usd"] if part["requests"] else None
