"""What the record can be narrowed to: the names that occur in a window, with how often they do.

Each list heeds all filters but its own, so that a choice narrows the others and can still be changed.
"""

import sqlite3
from collections import Counter
from dataclasses import replace
from datetime import tzinfo
from typing import Any

from proxy.ledger.queries.spans import Window, series
from proxy.ledger.queries.usage import GROUPS, NOBODYS_NAME, Filters, oldest
from proxy.ledger.store.schema import QUARTER_MS
from proxy.ledger.store.words import all_words


def choices(
    connection: sqlite3.Connection,
    window: Window,
    now: float,
    filters: Filters,
    zone: tzinfo | None = None,
) -> dict[str, list[dict[str, Any]]]:
    """By provider, model, tier and client the names and their requests, the most frequent first."""
    pieces = series(window, now, oldest(connection), zone)
    first, last = pieces.start // QUARTER_MS, -(-pieces.end // QUARTER_MS)
    condition, values = replace(filters, **dict.fromkeys(GROUPS, "")).condition(connection)
    names = ", ".join(GROUPS)
    question = (
        f"select {names}, sum(requests) from quarters "  # noqa: S608 -- names of columns and marks
        f"where quarter >= ? and quarter < ? and {condition} group by {names}"
    )
    words = all_words(connection)
    counts: dict[str, Counter[str]] = {group: Counter() for group in GROUPS}
    wanted = [getattr(filters, group) for group in GROUPS]
    for *numbers, requests in connection.execute(question, [first, last, *values]):
        line = [words.get(number, NOBODYS_NAME) for number in numbers]
        unfit = [place for place, want in enumerate(wanted) if want and line[place] != want]
        for place, group in enumerate(GROUPS):
            if not unfit or unfit == [place]:
                counts[group][line[place]] += requests
    return {group: _in_order(counts[group]) for group in GROUPS}


def _in_order(counts: Counter[str]) -> list[dict[str, Any]]:
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return [{"name": name, "requests": requests} for name, requests in ordered]
