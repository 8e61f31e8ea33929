"""Token counts as Gemini gives them.

What was cached is part of the prompt, thoughts stand beside the answer and not inside it, and what Google's
own tools brought in is counted apart. Reading never fails: a count that makes no sense is one that nobody
gave.
"""

from typing import Any

import msgspec
from msgspec import Raw, Struct

from proxy.wire.canonical import UNKNOWN, Usage
from proxy.wire.canonical.usage import count_of, of_inclusive
from proxy.wire.reading import UNREADABLE, decoded


class _Counts(Struct, rename="camel"):
    prompt_token_count: Any = None
    tool_use_prompt_token_count: Any = None
    cached_content_token_count: Any = None
    candidates_token_count: Any = None
    thoughts_token_count: Any = None
    total_token_count: Any = None


_COUNTS = msgspec.json.Decoder(_Counts)


def read_usage(raw: bytes | Raw) -> Usage:
    """The `usageMetadata` of an answer or a chunk."""
    try:
        counts = decoded(_COUNTS, raw)
    except UNREADABLE:
        return UNKNOWN
    prompt = count_of(counts.prompt_token_count)
    brought = count_of(counts.tool_use_prompt_token_count)
    if prompt is not None:
        prompt += brought or 0
    thoughts = count_of(counts.thoughts_token_count)
    return of_inclusive(
        prompt=prompt,
        output=_output(prompt, counts, thoughts),
        cache_read=count_of(counts.cached_content_token_count),
        reasoning=thoughts,
    )


def written_usage(usage: Usage) -> dict[str, int]:
    """The `usageMetadata` for a client: every count is said if it is known."""
    thoughts, output = usage.reasoning, usage.output
    counts = {
        "promptTokenCount": usage.prompt,
        "cachedContentTokenCount": usage.cache_read,
        "candidatesTokenCount": None if output is None else max(0, output - (thoughts or 0)),
        "thoughtsTokenCount": thoughts,
        "totalTokenCount": None if usage.prompt is None or output is None else usage.prompt + output,
    }
    return {name: count for name, count in counts.items() if count is not None}


def _output(prompt: int | None, counts: _Counts, thoughts: int | None) -> int | None:
    """Zeros are left out of the JSON, and thoughts are not always counted apart; the total has them."""
    answer = count_of(counts.candidates_token_count)
    told = None if answer is None and thoughts is None else (answer or 0) + (thoughts or 0)
    total = count_of(counts.total_token_count)
    if total is None or prompt is None:
        return told
    return max(told or 0, total - prompt)
