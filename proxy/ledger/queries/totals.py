"""Sums of exchanges as they are shown: what is unknown is null, and what is known adds up."""

from collections.abc import Iterable, Mapping
from typing import Any

from proxy.ledger.store.sums import SUMS
from proxy.money.cost import NANO

Sums = Mapping[str, int]

NONE: Sums = dict.fromkeys(SUMS, 0)


def added(rows: Iterable[Sums]) -> Sums:
    total = dict(NONE)
    for row in rows:
        for name in total:
            total[name] += row[name]
    return total


def usd(nano: int) -> float:
    return nano / NANO


def paid(sums: Sums) -> float | None:
    """Null where something was to be paid for, and of nothing it is known how much."""
    is_known = sums["priced"] or sums["cost"] or not sums["unknown_cost"]
    return usd(sums["cost"]) if is_known else None


def shown(sums: Sums) -> dict[str, Any]:
    """One line of a table. The names in camel case are those of an older dashboard, with its meaning."""
    prompt = sums["input"] + sums["cache_read"] + sums["cache_write"]
    cost, (baseline, saved) = paid(sums), compared(sums)
    percent = _percent(saved, baseline)
    tokens = _tokens(sums)
    is_counted = tokens["input_tokens"] is not None
    return {
        "requests": sums["requests"],
        "errors": sums["errors"],
        "cancelled": sums["cancelled"],
        "retries": sums["retries"],
        **tokens,
        "cache_hit_share": _share(sums["cache_read"], prompt),
        "cost_usd": cost,
        "baseline_usd": baseline,
        "saved_usd": saved,
        "saved_percent": percent,
        "priced": sums["priced"],
        "unpriced": sums["unpriced"],
        "unpriced_tokens": sums["unpriced_tokens"],
        "uncounted": sums["uncounted"],
        "subscription": {"requests": sums["subscription"], "tokens": sums["subscription_tokens"]},
        "compared": _compared(sums),
        "levers": _levers(sums),
        "first_byte_ms": _mean(sums["first_byte"], sums["first_bytes"]),
        "duration_ms": _mean(sums["duration"], sums["served"]),
        "tokens_per_second": _mean(sums["timed_output"] * 1000, sums["timed_ms"]),
        "inputTokens": prompt if is_counted else None,
        "outputTokens": sums["output"] if is_counted else None,
        "totalTokens": prompt + sums["output"] if is_counted else None,
        "actualCost": cost,
        "flagshipCost": baseline,
        "saved": saved,
        "savedPercent": percent,
        "fallbacks": sums["fallbacks"],
    }


def compared(sums: Sums) -> tuple[float | None, float | None]:
    """Baseline and savings; null where something could have been compared, and nothing of it was."""
    could_be = sums["served"] - sums["subscription"] > 0
    if could_be and not sums["compared"]:
        return None, None
    return usd(sums["baseline"]), usd(sums["baseline"] - sums["compared_cost"])


def _tokens(sums: Sums) -> dict[str, int | None]:
    kinds = ("input", "cache_read", "cache_write", "output", "reasoning")
    is_known = any(sums[kind] for kind in kinds) or sums["uncounted"] < max(sums["requests"], 1)
    return {f"{kind}_tokens": sums[kind] if is_known else None for kind in kinds}


def _compared(sums: Sums) -> dict[str, Any]:
    """Of how many it is known what they would have cost, and for how many of them by an estimate."""

    def part(requests: int, cost: int, baseline: int) -> dict[str, Any]:
        return {
            "requests": requests,
            "cost_usd": usd(cost),
            "baseline_usd": usd(baseline),
            "saved_usd": usd(baseline - cost),
        }

    estimated = (sums["estimated"], sums["estimated_cost"], sums["estimated_baseline"])
    whole = (sums["compared"], sums["compared_cost"], sums["baseline"])
    measured = tuple(all_ - some for all_, some in zip(whole, estimated, strict=True))
    return {**part(*whole), "measured": part(*measured), "estimated": part(*estimated)}


def _levers(sums: Sums) -> dict[str, float]:
    """What has saved how much; together they are the savings."""
    return {
        "routing": usd(sums["saved_routing"]),
        "local": usd(sums["saved_local"]),
        "prompt_caching": usd(sums["saved_caching"]),
        "avoided_calls": usd(sums["saved_avoided"]),
        "retries": usd(sums["saved_retries"]),
    }


def _percent(part: float | None, whole: float | None) -> float | None:
    if part is None or whole is None:
        return None
    return round(100 * part / whole, 1) if whole else (0.0 if not part else None)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _mean(total: int, count: int) -> float | None:
    return round(total / count, 1) if count else None
