"""Token counts as the Responses format gives them: cached tokens inside the input, reasoning inside the output.

Reading never fails: a count that makes no sense is one that nobody gave.
"""

from typing import Any

import msgspec
from msgspec import Raw, Struct

from proxy.wire.canonical import UNKNOWN, Usage
from proxy.wire.canonical.usage import of_inclusive
from proxy.wire.reading import UNREADABLE, decoded


class _Counts(Struct):
    input_tokens: Any = None
    output_tokens: Any = None
    input_tokens_details: Any = None
    output_tokens_details: Any = None
    cost: Any = None
    """OpenRouter's, in dollars."""


_COUNTS = msgspec.json.Decoder(_Counts)


def read_usage(raw: bytes | Raw) -> Usage:
    """The `usage` member of a response."""
    try:
        counts = decoded(_COUNTS, raw)
    except UNREADABLE:
        return UNKNOWN
    input_details = _details(counts.input_tokens_details)
    return of_inclusive(
        prompt=_count(counts.input_tokens),
        output=_count(counts.output_tokens),
        cache_read=_count(input_details.get("cached_tokens")),
        cache_write=_count(input_details.get("cache_write_tokens")),
        reasoning=_count(_details(counts.output_tokens_details).get("reasoning_tokens")),
        cost_usd=_amount(counts.cost),
    )


def written_usage(usage: Usage) -> dict[str, Any] | None:
    """The `usage` member for a client. Where it is given, clients demand all of its counts."""
    if not usage.is_known:
        return None
    prompt = usage.prompt or 0
    output = usage.output or 0
    return {
        "input_tokens": prompt,
        "input_tokens_details": {
            "cached_tokens": usage.cache_read or 0,
            "cache_write_tokens": usage.cache_write or 0,
        },
        "output_tokens": output,
        "output_tokens_details": {"reasoning_tokens": usage.reasoning or 0},
        "total_tokens": prompt + output,
    }


def _details(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _count(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        return None
    return int(value)


def _amount(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        return None
    return float(value)
