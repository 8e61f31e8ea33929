"""What a response repeats of its request."""

from msgspec import Raw

from proxy.wire.reading import given, members_of, reading_request

REPEATED = frozenset(
    (
        "background",
        "instructions",
        "max_output_tokens",
        "max_tool_calls",
        "metadata",
        "parallel_tool_calls",
        "previous_response_id",
        "prompt_cache_key",
        "reasoning",
        "safety_identifier",
        "store",
        "temperature",
        "text",
        "tool_choice",
        "tools",
        "top_logprobs",
        "top_p",
        "truncation",
        "user",
    )
)


def repeated(body: bytes) -> dict[str, Raw]:
    """The members of a request that its response says again, as they came."""
    with reading_request():
        members = members_of(body)
    return {name: raw for name, raw in members.items() if name in REPEATED and given(raw) is not None}
