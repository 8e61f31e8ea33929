"""Token counts as the Anthropic format gives them: the parts of the prompt are disjoint."""

from typing import Any

import msgspec
from msgspec import Raw

from proxy.wire.canonical import UNKNOWN, Usage
from proxy.wire.canonical.usage import count_of
from proxy.wire.reading import UNREADABLE

_COUNTS = msgspec.json.Decoder(dict[str, Any])


def read_usage(raw: bytes | Raw) -> Usage:
    """The counts in a `usage` object, each by itself. What cannot be read is unknown; no answer fails for
    its counts."""
    try:
        counts = _COUNTS.decode(raw)
    except UNREADABLE:
        return UNKNOWN
    by_age = _inner(counts, "cache_creation")
    details = _inner(counts, "output_tokens_details")
    for_an_hour = count_of(by_age.get("ephemeral_1h_input_tokens"))
    written = count_of(counts.get("cache_creation_input_tokens"))
    if written is None:
        written = _sum(count_of(by_age.get("ephemeral_5m_input_tokens")), for_an_hour)
    return Usage(
        input=count_of(counts.get("input_tokens")),
        cache_read=count_of(counts.get("cache_read_input_tokens")),
        cache_write=written,
        cache_write_1h=for_an_hour,
        output=count_of(counts.get("output_tokens")),
        reasoning=count_of(details.get("thinking_tokens")),
    )


def _inner(counts: dict[str, Any], name: str) -> dict[str, Any]:
    inner = counts.get(name)
    return inner if isinstance(inner, dict) else {}


def merged(start: Usage, delta: Usage) -> Usage:
    """The counts of a whole stream, from those at its beginning and those at its end.

    The end has the last word, except on the prompt where the beginning tells what was cached: there the
    end corrects it downwards only, for some hosts repeat the prompt at the end as if nothing had been cached.
    A prompt of no tokens is none; hosts that count late begin with zeros.
    """
    if not delta.prompt:
        delta = msgspec.structs.replace(
            delta, input=None, cache_read=None, cache_write=None, cache_write_1h=None
        )
    late = start.updated(delta)
    counts_caches = start.cache_read is not None or start.cache_write is not None
    if not (counts_caches and start.prompt) or 0 < (late.prompt or 0) < start.prompt:
        return late
    return msgspec.structs.replace(
        late,
        input=start.input,
        cache_read=start.cache_read,
        cache_write=start.cache_write,
        cache_write_1h=start.cache_write_1h,
    )


def written_usage(usage: Usage) -> dict[str, Any]:
    """The `usage` object of an answer: input and output are demanded, all else only where it is known."""
    return {"input_tokens": usage.input or 0, **written_late_usage(usage)}


def written_late_usage(usage: Usage) -> dict[str, Any]:
    """The `usage` object at a stream's end, where only the output is demanded."""
    written: dict[str, Any] = {"output_tokens": usage.output or 0}
    if usage.input is not None:
        written["input_tokens"] = usage.input
    if usage.cache_read is not None:
        written["cache_read_input_tokens"] = usage.cache_read
    if usage.cache_write is not None:
        written["cache_creation_input_tokens"] = usage.cache_write
    if usage.cache_write_1h is not None:
        written["cache_creation"] = {
            "ephemeral_5m_input_tokens": max(0, (usage.cache_write or 0) - usage.cache_write_1h),
            "ephemeral_1h_input_tokens": usage.cache_write_1h,
        }
    if usage.reasoning is not None:
        written["output_tokens_details"] = {"thinking_tokens": usage.reasoning}
    return written


def _sum(*counts: int | None) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None
