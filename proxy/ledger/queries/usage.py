"""What was used, spent and saved in a window: in all, by what, and along time."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from proxy.exchange import Origin
from proxy.ledger.queries.spans import Series, Span, Window, series
from proxy.ledger.queries.totals import Sums, added, compared, paid, shown
from proxy.ledger.store.schema import QUARTER_MS
from proxy.ledger.store.sums import SUMS
from proxy.ledger.store.words import NOBODY, NUMBER, all_words, numbers_of

GROUPS = ("provider", "model", "tier", "client")
NOBODYS_NAME = "none"
"""The name of the group for exchanges that nobody served or no tier was chosen for."""

Group = tuple[tuple[str, ...], Sums]
"""Provider, model, tier and client, and what they amount to."""

_COLUMNS = ", ".join(f"sum({name})" for name in SUMS)
_SERIES_COLUMNS = (
    "requests", "errors", "input", "cache_read", "cache_write", "output", "priced", "unknown_cost", "cost",
    "served", "subscription", "compared", "compared_cost", "baseline",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which exchanges count; empty is any, `none` those without."""

    origin: str = Origin.CLIENT
    client: str = ""
    provider: str = ""
    model: str = ""
    tier: str = ""

    def numbers(self, connection: sqlite3.Connection) -> dict[str, list[int]]:
        """By column the numbers that fit; a name that nobody has recorded fits nothing.

        Also somebody may be called `none`; its group is one with that of nobody, and so is what fits here.
        """
        wanted = {column: value for column in ("origin", *GROUPS) if (value := str(getattr(self, column)))}
        known = numbers_of(connection, wanted.values())
        return {
            column: [
                *([known[value]] if value in known else []),
                *([NOBODY] if value == NOBODYS_NAME else []),
            ]
            for column, value in wanted.items()
        }

    def condition(self, connection: sqlite3.Connection, of_column: str = "{}") -> tuple[str, list[int]]:
        """Of the summary; `of_column` makes of a column's name what is compared."""
        fitting = self.numbers(connection)
        return (
            " and ".join(
                f"{of_column.format(column)} in ({', '.join('?' * len(numbers))})"
                for column, numbers in fitting.items()
            ),
            [number for numbers in fitting.values() for number in numbers],
        )


def usage(
    connection: sqlite3.Connection,
    window: Window,
    now: float,
    filters: Filters = Filters(),
    zone: tzinfo | None = None,
) -> dict[str, Any]:
    """The whole answer for one window; every grouping adds up to the totals, and so does the series."""
    pieces = series(window, now, oldest(connection), zone)
    groups = groups_of(connection, pieces.start, pieces.end, filters)
    answer: dict[str, Any] = {
        "window": str(window),
        "since": pieces.start,
        "until": pieces.end,
        "totals": shown(added(sums for _, sums in groups)),
    }
    for place, group in enumerate(GROUPS):
        lines = grouped(groups, place)
        answer[f"by_{group}"] = lines
        answer[f"by{group.capitalize()}"] = {line["name"]: line for line in lines}
    answer["series_unit"] = pieces.unit
    answer["daily"] = along(connection, pieces, filters)
    return answer


def total(
    connection: sqlite3.Connection, start: int, end: int, filters: Filters = Filters()
) -> dict[str, Any]:
    return shown(sums_of(connection, start, end, filters))


def sums_of(connection: sqlite3.Connection, start: int, end: int, filters: Filters = Filters()) -> Sums:
    return added(sums for _, sums in groups_of(connection, start, end, filters))


def oldest(connection: sqlite3.Connection) -> int | None:
    """When the record begins."""
    quarter = connection.execute("select min(quarter) from quarters").fetchone()[0]
    return None if quarter is None else int(quarter) * QUARTER_MS


def newest(connection: sqlite3.Connection, origin: str, now: float) -> int | None:
    """When the last exchange of that origin was received, to the quarter of an hour.

    Those of a clock that was ahead are in no span that ends now.
    """
    quarter = connection.execute(
        "select quarter from quarters where origin = ? and quarter <= ? order by quarter desc limit 1",
        (NUMBER[origin], int(now * 1000) // QUARTER_MS),
    ).fetchone()
    return None if quarter is None else (int(quarter[0]) + 1) * QUARTER_MS


def grouped(groups: Iterable[Group], place: int) -> list[dict[str, Any]]:
    """Lines by one of the names, the dearest first."""
    by_name: dict[str, list[Sums]] = defaultdict(list)
    for names, sums in groups:
        by_name[names[place]].append(sums)
    lines = [(name, added(parts)) for name, parts in by_name.items()]
    lines.sort(key=lambda line: (-line[1]["cost"], -line[1]["requests"], line[0]))
    return [{"name": name, **shown(sums)} for name, sums in lines]


def along(connection: sqlite3.Connection, pieces: Series, filters: Filters) -> list[dict[str, Any]]:
    """The series, zero-filled, the oldest piece first."""
    condition, values = filters.condition(connection)
    spans = ", ".join(["(?, ?, ?)"] * len(pieces.spans))
    question = f"""
        with spans (n, first, last) as (values {spans})
        select n, tier, {", ".join(f"sum({name})" for name in _SERIES_COLUMNS)}
        from spans cross join quarters on quarter >= first and quarter < last
        where {condition} group by n, tier
    """  # noqa: S608 -- names of columns and marks
    ends = [
        end
        for n, span in enumerate(pieces.spans)
        for end in (n, span.start // QUARTER_MS, span.end // QUARTER_MS)
    ]
    words = all_words(connection)
    found: dict[int, dict[str, Mapping[str, int]]] = defaultdict(dict)
    for n, tier, *sums in connection.execute(question, [*ends, *values]):
        found[n][words.get(tier, NOBODYS_NAME)] = dict(zip(_SERIES_COLUMNS, sums, strict=True))
    return [_piece(span, found[n]) for n, span in enumerate(pieces.spans)]


def _piece(span: Span, by_tier: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    sums = {name: sum(part[name] for part in by_tier.values()) for name in _SERIES_COLUMNS}
    cost, (baseline, saved) = paid(sums), compared(sums)
    return {
        "label": span.label,
        "start": span.start,
        "end": span.end,
        "total": sums["requests"],
        "byTier": {tier: part["requests"] for tier, part in sorted(by_tier.items())},
        "cost": cost,
        "requests": sums["requests"],
        "errors": sums["errors"],
        "input_tokens": sums["input"],
        "cache_read_tokens": sums["cache_read"],
        "cache_write_tokens": sums["cache_write"],
        "output_tokens": sums["output"],
        "cost_usd": cost,
        "cost_by_tier": {tier: paid(part) for tier, part in sorted(by_tier.items())},
        "baseline_usd": baseline,
        "saved_usd": saved,
    }


def groups_of(connection: sqlite3.Connection, start: int, end: int, filters: Filters) -> list[Group]:
    """The sums of the span by provider, model, tier and client: one walk for all groupings."""
    condition, values = filters.condition(connection)
    names = ", ".join(GROUPS)
    question = f"""
        select {names}, {_COLUMNS} from quarters
        where quarter >= ? and quarter < ? and {condition} group by {names}
    """  # noqa: S608 -- names of columns and marks
    words = all_words(connection)
    rows: Iterable[Sequence[int]] = connection.execute(
        question, [start // QUARTER_MS, -(-end // QUARTER_MS), *values]
    )
    return [
        (
            tuple(words.get(number, NOBODYS_NAME) for number in row[: len(GROUPS)]),
            dict(zip(SUMS, row[len(GROUPS) :], strict=True)),
        )
        for row in rows
    ]
