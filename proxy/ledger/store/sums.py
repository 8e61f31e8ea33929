"""What is summed up of exchanges: one table of columns, from which all statements are made."""

from collections.abc import Mapping

from proxy.exchange import Outcome
from proxy.ledger.store.schema import QUARTER_MS, Flag
from proxy.ledger.store.words import NOBODY, NUMBER

_PAID_PER_TOKEN = f"not flags & {Flag.SUBSCRIPTION}"
_COMPARED = "cost is not null and baseline is not null"
_ESTIMATED = f"{_COMPARED} and flags & {Flag.PARTIAL | Flag.REFERENCE}"
_LOCAL = f"flags & {Flag.LOCAL}"
_SERVED = "provider is not null"
_SPOKEN = f"flags & {Flag.STREAMED} and output > 0 and first_byte is not null and ended > first_byte"
"""An answer in one piece comes all at once, however long it was in the making."""
_ALL_TOKENS = "coalesce(input, 0) + coalesce(cache_read, 0) + coalesce(cache_write, 0) + coalesce(output, 0)"


def _count(condition: str) -> str:
    return f"sum(case when {condition} then 1 else 0 end)"


def _of(value: str, condition: str = "") -> str:
    return f"coalesce(sum({f'case when {condition} then {value} end' if condition else value}), 0)"


SUMS: Mapping[str, str] = {
    "requests": "count(*)",
    "errors": _count(f"outcome = {NUMBER[Outcome.FAILED]}"),
    "cancelled": _count(f"outcome = {NUMBER[Outcome.CANCELLED]}"),
    "retries": "sum(max(tries - 1, 0))",
    "fallbacks": _count("tries > 1"),
    "input": _of("input"),
    "cache_read": _of("cache_read"),
    "cache_write": _of("cache_write"),
    "output": _of("output"),
    "reasoning": _of("reasoning"),
    "uncounted": _count(
        f"input is null and output is null and ({_SERVED} or outcome != {NUMBER[Outcome.FAILED]})"
    ),
    "subscription": _count(f"flags & {Flag.SUBSCRIPTION}"),
    "subscription_tokens": _of(_ALL_TOKENS, f"flags & {Flag.SUBSCRIPTION}"),
    "unpriced": _count(f"flags & {Flag.UNPRICED} and {_PAID_PER_TOKEN}"),
    "unpriced_tokens": _of(_ALL_TOKENS, f"flags & {Flag.UNPRICED} and {_PAID_PER_TOKEN}"),
    "priced": _count(f"cost is not null and {_SERVED}"),
    "unknown_cost": _count(f"cost is null and {_PAID_PER_TOKEN}"),
    "cost": _of("coalesce(cost, other_cost)"),
    "compared": _count(_COMPARED),
    "compared_cost": _of("cost", _COMPARED),
    "baseline": _of("baseline", _COMPARED),
    "estimated": _count(_ESTIMATED),
    "estimated_cost": _of("cost", _ESTIMATED),
    "estimated_baseline": _of("baseline", _ESTIMATED),
    "saved_routing": _of(
        "baseline_alike - (cost - other_cost)", f"{_COMPARED} and {_SERVED} and not {_LOCAL}"
    ),
    "saved_local": _of("baseline_alike - (cost - other_cost)", f"{_COMPARED} and {_SERVED} and {_LOCAL}"),
    "saved_avoided": _of("baseline_alike - (cost - other_cost)", f"{_COMPARED} and not {_SERVED}"),
    "saved_caching": _of("baseline - baseline_alike", _COMPARED),
    "saved_retries": _of("-other_cost", _COMPARED),
    "duration": _of("ended", _SERVED),
    "served": _count(_SERVED),
    "first_byte": _of("first_byte", "first_byte is not null"),
    "first_bytes": _count("first_byte is not null"),
    "timed_output": _of("output", _SPOKEN),
    "timed_ms": _of("ended - first_byte", _SPOKEN),
}
"""The saved ones add up to baseline - compared_cost."""

DIMENSIONS = ("origin", "client", "provider", "model", "tier")

COLUMNS = ",\n    ".join(f"{name} integer not null" for name in SUMS)

_KEYS = (
    f"received / {QUARTER_MS}, origin, client, coalesce(provider, {NOBODY}), "
    f"coalesce(model, {NOBODY}), coalesce(tier, {NOBODY})"
)

ADD = f"""
insert into quarters (quarter, {", ".join(DIMENSIONS)}, {", ".join(SUMS)})
select {_KEYS}, {", ".join(SUMS.values())} from exchanges where seq between ? and ?
group by {_KEYS}
on conflict do update set {", ".join(f"{name} = {name} + excluded.{name}" for name in SUMS)}
"""  # noqa: S608 -- constants
