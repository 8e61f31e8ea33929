"""How providers do: percentiles of their times, how often they fail, and what they were asked for."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from proxy.exchange import Origin, Outcome
from proxy.ledger.latencies import Measure, percentiles
from proxy.ledger.queries.accuracy import accuracy
from proxy.ledger.queries.totals import Sums, added, paid
from proxy.ledger.queries.usage import Filters, Group, groups_of
from proxy.ledger.store.schema import HOUR_MS
from proxy.ledger.store.words import all_words

_SHARES = (0.5, 0.95, 0.99)
_NAMES = ("p50", "p95", "p99")
_HARMLESS = (Outcome.ANSWERED, Outcome.CANCELLED)
_MEASURED_ORIGINS = (Origin.CLIENT, Origin.DEMO)

_PROVIDER = 0
"""The place of the provider's name in a group."""


def statistics(connection: sqlite3.Connection, start: int, end: int, filters: Filters) -> dict[str, Any]:
    """Of everything in a span. What nobody measures is null."""
    groups = groups_of(connection, start, end, filters)
    sums = added(part for _, part in groups)
    measured = accuracy(connection, start, filters.origin)
    return {
        "totalRequests": sums["requests"],
        "avgLatencyByProvider": {
            name: round(part["duration"] / part["served"])
            for name, part in _by_provider(groups).items()
            if part["served"]
        },
        "avgQualityByTier": {},
        "errorRate": _percent(sums["errors"], sums["requests"]),
        "fallbackRate": _percent(sums["fallbacks"], sums["requests"]),
        "overProvisionedPct": measured["overProvisionedPct"],
        "underProvisionedPct": measured["underProvisionedPct"],
    }


def provider_statistics(
    connection: sqlite3.Connection, start: int, end: int, filters: Filters
) -> dict[str, Any]:
    """By provider, of the attempts that were made there; percentiles at most a twentieth off."""
    attempts = _Attempts(connection, start, end, filters)
    times, outcomes = attempts.times(), attempts.outcomes()
    served = {
        name: sums
        for name, sums in _by_provider(groups_of(connection, start, end, filters)).items()
        if sums["served"]
    }
    return {
        name: {
            **_of_attempts(times.get(name, {}), outcomes.get(name, {})),
            **_of_exchanges(served.get(name)),
        }
        for name in sorted({*times, *outcomes, *served})
    }


def _of_attempts(times: Mapping[int, Mapping[int, int]], outcomes: Mapping[str, int]) -> dict[str, Any]:
    asked = sum(outcomes.values())
    failures = {name: n for name, n in sorted(outcomes.items()) if name not in _HARMLESS}
    return {
        "total": asked or None,
        "errorRate": _percent(sum(failures.values()), asked),
        "errors": failures,
        "cancelled": outcomes.get(Outcome.CANCELLED, 0) if asked else None,
        **_percentiles(times.get(Measure.DURATION, {})),
        "first_byte_ms": _percentiles(times.get(Measure.FIRST_BYTE, {})),
        "tokens_per_second": _percentiles(times.get(Measure.SPEED, {})),
    }


def _of_exchanges(sums: Sums | None) -> dict[str, Any]:
    """Of those that the provider has served."""
    line: dict[str, Any] = dict.fromkeys(
        ("avgLatency", "avgQuality", "avgOutputTokens", "fallbackRate", "avgTokensPerSecond", "totalCost")
    )
    if sums is None:
        return line
    line["avgLatency"] = round(sums["duration"] / sums["served"])
    line["fallbackRate"] = _percent(sums["fallbacks"], sums["served"])
    counted = sums["served"] - sums["uncounted"]
    if counted > 0:
        line["avgOutputTokens"] = round(sums["output"] / counted)
    if sums["timed_ms"]:
        line["avgTokensPerSecond"] = round(sums["timed_output"] * 1000 / sums["timed_ms"], 1)
    line["totalCost"] = paid(sums)
    return line


def _percentiles(counts: Mapping[int, int]) -> dict[str, float | None]:
    values = percentiles(counts, _SHARES)
    rounded = [None if value is None else round(value, 1) for value in values]
    return dict(zip(_NAMES, rounded, strict=True))


class _Attempts:
    """What is counted of attempts, by the hour: their provider and model is known, and no more of them.

    Of what is narrowed by anything else nothing is told, rather than the numbers of others.
    """

    def __init__(self, connection: sqlite3.Connection, start: int, end: int, filters: Filters) -> None:
        self._connection = connection
        self._words = all_words(connection)
        is_told = filters.origin in _MEASURED_ORIGINS and not filters.client and not filters.tier
        by_name = Filters(origin="", provider=filters.provider, model=filters.model)
        condition, numbers = by_name.condition(connection)
        self._condition = f"hour >= ? and hour < ? and {condition or '1'}" if is_told else "0"
        self._values = [start // HOUR_MS, -(-end // HOUR_MS), *numbers] if is_told else []

    def times(self) -> dict[str, dict[int, Counter[int]]]:
        question = f"""
            select provider, measure, bucket, sum(n) from latencies where {self._condition}
            group by provider, measure, bucket
        """  # noqa: S608 -- names of columns and marks
        found: dict[str, dict[int, Counter[int]]] = defaultdict(lambda: defaultdict(Counter))
        for provider, measure, bucket, n in self._connection.execute(question, self._values):
            found[self._words[provider]][measure][bucket] += n
        return found

    def outcomes(self) -> dict[str, Counter[str]]:
        question = f"""
            select provider, result, sum(n) from outcomes where {self._condition} group by provider, result
        """  # noqa: S608 -- names of columns and marks
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for provider, result, n in self._connection.execute(question, self._values):
            found[self._words[provider]][self._words.get(result, Outcome.CANCELLED)] += n
        return found


def _by_provider(groups: Iterable[Group]) -> dict[str, Sums]:
    parts: dict[str, list[Sums]] = defaultdict(list)
    for names, sums in groups:
        parts[names[_PROVIDER]].append(sums)
    return {name: added(several) for name, several in parts.items()}


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None
