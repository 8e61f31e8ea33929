"""Token counts as Converse gives them: `inputTokens`, like Anthropic's, leaves out the cached part."""

import msgspec
from msgspec import Raw, Struct

from proxy.wire.canonical import UNKNOWN, Usage
from proxy.wire.reading import UNREADABLE, decoded


class _Written(Struct, rename="camel"):
    """How much was written to the cache, to be kept for so long."""

    ttl: str = ""
    input_tokens: int | None = None


class _Counts(Struct, rename="camel"):
    input_tokens: int | None = None
    output_tokens: int | None = None
    cache_read_input_tokens: int | None = None
    cache_write_input_tokens: int | None = None
    cache_details: list[_Written] | None = None


_COUNTS = msgspec.json.Decoder(_Counts)


def read_usage(raw: bytes | Raw) -> Usage:
    """The counts in a `usage` object. What cannot be read is unknown; no answer fails for its counts."""
    try:
        counts = decoded(_COUNTS, raw)
    except UNREADABLE:
        return UNKNOWN
    return Usage(
        input=_count(counts.input_tokens),
        cache_read=_count(counts.cache_read_input_tokens),
        cache_write=_count(counts.cache_write_input_tokens),
        cache_write_1h=_for_an_hour(counts.cache_details or []),
        output=_count(counts.output_tokens),
    )


def _for_an_hour(details: list[_Written]) -> int | None:
    return next((_count(detail.input_tokens) for detail in details if detail.ttl == "1h"), None)


def _count(value: int | None) -> int | None:
    return value if value is not None and value >= 0 else None
