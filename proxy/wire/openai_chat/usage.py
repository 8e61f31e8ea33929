"""Token counts as the many speakers of this format give them.

All of them count cached tokens as part of the prompt and reasoning as part of the completion; where they
put the counts differs. Reading never fails: a count that makes no sense is one that nobody gave.
"""

from typing import Any

import msgspec
from msgspec import Raw, Struct

from proxy.wire.canonical import UNKNOWN, Usage
from proxy.wire.canonical.usage import amount_of, count_of, of_inclusive
from proxy.wire.reading import UNREADABLE, decoded


class _Counts(Struct):
    prompt_tokens: Any = None
    completion_tokens: Any = None
    prompt_tokens_details: Any = None
    completion_tokens_details: Any = None
    prompt_cache_hit_tokens: Any = None
    """DeepSeek's, as is the next; together they are the prompt."""
    prompt_cache_miss_tokens: Any = None
    cached_tokens: Any = None
    """Moonshot's, beside the others rather than among the details."""
    cache_read_input_tokens: Any = None
    """Hosts of Anthropic models that speak this format repeat Anthropic's names; inside the prompt here."""
    cache_creation_input_tokens: Any = None
    cost: Any = None


class _Timings(Struct):
    """llama.cpp's stopwatch, which counts as well."""

    prompt_n: Any = None
    cache_n: Any = None
    predicted_n: Any = None


_COUNTS = msgspec.json.Decoder(_Counts)
_TIMINGS = msgspec.json.Decoder(_Timings)


def read_usage(raw: bytes | Raw) -> Usage:
    """The `usage` member of an answer or a chunk."""
    try:
        counts = decoded(_COUNTS, raw)
    except UNREADABLE:
        return UNKNOWN
    prompt_details = _details(counts.prompt_tokens_details)
    hit = count_of(counts.prompt_cache_hit_tokens)
    return of_inclusive(
        prompt=_first(counts.prompt_tokens, _sum(hit, count_of(counts.prompt_cache_miss_tokens))),
        output=count_of(counts.completion_tokens),
        cache_read=_first(
            prompt_details.get("cached_tokens"), hit, counts.cached_tokens, counts.cache_read_input_tokens
        ),
        cache_write=_first(
            prompt_details.get("cache_write_tokens"),
            prompt_details.get("cache_creation_tokens"),
            counts.cache_creation_input_tokens,
        ),
        reasoning=count_of(_details(counts.completion_tokens_details).get("reasoning_tokens")),
        cost_usd=amount_of(counts.cost),
    )


def read_timings(raw: bytes | Raw) -> Usage:
    """The `timings` member, for an answer without usage. Its prompt count leaves out what was cached."""
    try:
        timings = decoded(_TIMINGS, raw)
    except UNREADABLE:
        return UNKNOWN
    return Usage(
        input=count_of(timings.prompt_n),
        cache_read=count_of(timings.cache_n),
        output=count_of(timings.predicted_n),
    )


def written_usage(usage: Usage) -> dict[str, Any]:
    """The `usage` member for a client. It demands the three totals; the rest is said if it is known."""
    prompt = usage.prompt or 0
    output = usage.output or 0
    members: dict[str, Any] = {
        "prompt_tokens": prompt,
        "completion_tokens": output,
        "total_tokens": prompt + output,
    }
    details = {"cached_tokens": usage.cache_read, "cache_write_tokens": usage.cache_write}
    known = {name: count for name, count in details.items() if count is not None}
    if known:
        members["prompt_tokens_details"] = known
    if usage.reasoning is not None:
        members["completion_tokens_details"] = {"reasoning_tokens": usage.reasoning}
    if usage.cost_usd is not None:
        members["cost"] = usage.cost_usd
    return members


def _details(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _first(*values: Any) -> int | None:
    counts = (count_of(value) for value in values)
    return next((count for count in counts if count is not None), None)


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other
