"""An exchange and its attempts as they are shown: names instead of numbers, dollars, and what follows."""

from collections.abc import Mapping
from typing import Any

from proxy.ledger.queries.totals import usd
from proxy.ledger.rows import id_of
from proxy.ledger.store.schema import Flag
from proxy.ledger.traces.form import Trace

COLUMNS = (
    "seq", "id", "received", "origin", "client", "surface", "profile", "session", "requested", "source",
    "tier", "score", "provider", "model", "status", "outcome", "error", "flags", "tries", "decided",
    "first_byte", "ended", "input", "cache_read", "cache_write", "cache_write_1h", "output", "reasoning",
    "cost", "other_cost", "price_source", "baseline", "baseline_alike", "compared_with",
)  # fmt: skip
"""Of an exchange, as they stand in the record."""
COLUMNS_OF_TRY = (
    "place", "provider", "model", "key", "tier", "purpose", "serves", "status", "outcome", "error",
    "began", "first_byte", "ended", "input", "cache_read", "cache_write", "cache_write_1h", "output",
    "reasoning", "cost",
)  # fmt: skip

_KINDS = ("input", "cache_read", "cache_write", "cache_write_1h", "output", "reasoning")

Words = Mapping[int, str]
Values = Mapping[str, Any]


def shown(row: Values, words: Words) -> dict[str, Any]:
    """A row for people and programs; unknown is null."""
    cost, baseline = _usd(row["cost"]), _usd(row["baseline"])
    flags = Flag(row["flags"])
    told = {
        "id": id_of(row["id"]),
        "received": row["received"],
        "origin": _word(row, "origin", words),
        "client": _word(row, "client", words),
        "surface": _word(row, "surface", words),
        "profile": _word(row, "profile", words),
        "session": _session(row["session"]),
        "requested": _word(row, "requested", words),
        "provider": _word(row, "provider", words),
        "model": _word(row, "model", words),
        "service": None if row["provider"] is None else _service(row, words),
        "tier": _word(row, "tier", words),
        "score": row["score"],
        "source": _word(row, "source", words),
        "status": row["status"],
        "outcome": _word(row, "outcome", words),
        "error": _word(row, "error", words),
        "streamed": Flag.STREAMED in flags,
        "attempt_count": row["tries"],
        "decided_ms": row["decided"],
        "first_byte_ms": row["first_byte"],
        "duration_ms": row["ended"],
        **{f"{kind}_tokens": row[kind] for kind in _KINDS},
        "cost_usd": cost,
        "other_attempts_usd": usd(row["other_cost"]),
        "baseline_usd": baseline,
        "saved_usd": None if cost is None or baseline is None else usd(row["baseline"] - row["cost"]),
        "compared_with": _word(row, "compared_with", words),
        "price_source": _word(row, "price_source", words),
        "subscription": Flag.SUBSCRIPTION in flags,
        "local": Flag.LOCAL in flags,
        "partial": Flag.PARTIAL in flags,
        "estimated": bool(flags & (Flag.PARTIAL | Flag.REFERENCE)),
        "is_compared_with_reference": Flag.REFERENCE in flags,
        "unpriced": Flag.UNPRICED in flags,
    }
    return {**told, **_as_formerly(row, told)}


def shown_try(each: Values, row: Values, trace: Trace, words: Words) -> dict[str, Any]:
    """An attempt of the exchange in `row`, which holds the tokens of the one that served."""
    counts = row if each["serves"] else each
    return {
        "service": _service(each, words),
        "provider": _word(each, "provider", words),
        "model": _word(each, "model", words),
        "key": _word(each, "key", words),
        "tier": _word(each, "tier", words),
        "purpose": _word(each, "purpose", words),
        "serves": bool(each["serves"]),
        "status": each["status"],
        "outcome": _word(each, "outcome", words),
        "error": _word(each, "error", words),
        "began_ms": each["began"],
        "first_byte_ms": each["first_byte"],
        "ended_ms": each["ended"],
        **{f"{kind}_tokens": counts[kind] for kind in _KINDS},
        "cost_usd": _usd(each["cost"]),
        "notes": list(trace.notes[each["place"]]) if each["place"] < len(trace.notes) else [],
    }


def _as_formerly(row: Values, told: Mapping[str, Any]) -> dict[str, Any]:
    """The names of an older dashboard, with its meaning."""
    return {
        "request_id": told["id"],
        "timestamp": row["received"],
        "session_id": told["session"],
        "complexity_score": row["score"],
        "routing_method": told["source"],
        "was_fallback": int(row["tries"] > 1),
        "retry_count": max(row["tries"] - 1, 0),
        "latency_ms": row["ended"],
        "status_code": row["status"],
        "error_type": told["error"],
        "cache_creation_tokens": row["cache_write"],
        "tokens_per_second": _speed(row),
    }


def _word(row: Values, name: str, words: Words) -> str | None:
    return None if row[name] is None else words.get(row[name])


def _service(row: Values, words: Words) -> str:
    return f"{_word(row, 'provider', words)}/{_word(row, 'model', words)}"


def _usd(nano: int | None) -> float | None:
    return None if nano is None else usd(nano)


def _session(number: int | None) -> str | None:
    return None if number is None else number.to_bytes(8, "big", signed=True).hex()


def _speed(row: Values) -> float | None:
    """An answer in one piece comes all at once, so there is nothing to measure."""
    if not row["flags"] & Flag.STREAMED or not row["output"] or row["first_byte"] is None:
        return None
    spoken = row["ended"] - row["first_byte"]
    return round(row["output"] * 1000 / spoken, 1) if spoken > 0 else None
