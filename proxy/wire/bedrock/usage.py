"""Token counts as Converse gives them: `inputTokens`, like Anthropic's, leaves out the cached part."""

import msgspec
from msgspec import Raw, Struct

from proxy.wire.canonical import UNKNOWN, Usage
from proxy.wire.canonical.usage import count_of
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
        input=count_of(counts.input_tokens),
        cache_read=count_of(counts.cache_read_input_tokens),
        cache_write=count_of(counts.cache_write_input_tokens),
        cache_write_1h=_for_an_hour(counts.cache_details or []),
        output=count_of(counts.output_tokens),
    )


def _for_an_hour(details: list[_Written]) -> int | None:
    return next((count_of(detail.input_tokens) for detail in details if detail.ttl == "1h"), None)
