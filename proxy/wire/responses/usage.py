"""Token counts as the Responses format gives them.

Cached tokens are part of the input, reasoning is part of the output. Reading never fails: a count that makes
no sense is one that nobody gave.
"""

from typing import Any

import msgspec
from msgspec import Raw, Struct

from proxy.wire.canonical import UNKNOWN, Usage
from proxy.wire.canonical.usage import amount_of, count_of, of_inclusive
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
        prompt=count_of(counts.input_tokens),
        output=count_of(counts.output_tokens),
        cache_read=count_of(input_details.get("cached_tokens")),
        cache_write=count_of(input_details.get("cache_write_tokens")),
        reasoning=count_of(_details(counts.output_tokens_details).get("reasoning_tokens")),
        cost_usd=amount_of(counts.cost),
    )


def written_usage(usage: Usage) -> dict[str, Any] | None:
    """The `usage` member for a client. Where it is given, clients demand all of its counts."""
    if not usage.is_known:
        return None
    prompt = usage.prompt or 0
    output = usage.output or 0
    members: dict[str, Any] = {
        "input_tokens": prompt,
        "input_tokens_details": {
            "cached_tokens": usage.cache_read or 0,
            "cache_write_tokens": usage.cache_write or 0,
        },
        "output_tokens": output,
        "output_tokens_details": {"reasoning_tokens": usage.reasoning or 0},
        "total_tokens": prompt + output,
    }
    if usage.cost_usd is not None:
        members["cost"] = usage.cost_usd
    return members


def _details(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
