"""Token counts of every speaker of this format."""

import json
from typing import Any

import pytest

from proxy.wire.canonical import Usage
from proxy.wire.openai_chat.usage import read_timings, read_usage, written_usage


@pytest.mark.parametrize(
    ("counts", "usage"),
    [
        ({"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}, Usage(input=10, output=5)),
        (
            {
                "prompt_tokens": 10,
                "completion_tokens": 5,
                "prompt_tokens_details": {"cached_tokens": 4, "audio_tokens": 0},
                "completion_tokens_details": {"reasoning_tokens": 3},
            },
            Usage(input=6, cache_read=4, output=5, reasoning=3),
        ),
        (
            {
                "prompt_tokens": 10,
                "completion_tokens": 5,
                "prompt_tokens_details": {"cached_tokens": 4, "cache_write_tokens": 3},
            },
            Usage(input=3, cache_read=4, cache_write=3, output=5),
        ),
        (
            {
                "prompt_tokens": 10,
                "completion_tokens": 5,
                "prompt_cache_hit_tokens": 7,
                "prompt_cache_miss_tokens": 3,
            },
            Usage(input=3, cache_read=7, output=5),
        ),
        ({"prompt_cache_hit_tokens": 7, "prompt_cache_miss_tokens": 3}, Usage(input=3, cache_read=7)),
        (
            {"prompt_tokens": 10, "completion_tokens": 5, "cached_tokens": 4},
            Usage(input=6, cache_read=4, output=5),
        ),
        (
            {"prompt_tokens": 10, "cache_read_input_tokens": 4, "cache_creation_input_tokens": 5},
            Usage(input=1, cache_read=4, cache_write=5),
        ),
        (
            {
                "prompt_tokens": 10,
                "completion_tokens": 5,
                "cost": 0.00125,
                "cost_details": {"upstream_inference_cost": None},
                "is_byok": False,
            },
            Usage(input=10, output=5, cost_usd=0.00125),
        ),
        (
            {
                "prompt_tokens": 10,
                "completion_tokens": 5,
                "prompt_tokens_details": None,
                "completion_tokens_details": None,
            },
            Usage(input=10, output=5),
        ),
        (
            {"prompt_tokens": 0, "completion_tokens": 0, "prompt_tokens_details": {"cached_tokens": 0}},
            Usage(input=0, cache_read=0, output=0),
        ),
        ({"prompt_tokens": 3, "prompt_tokens_details": {"cached_tokens": 9}}, Usage(input=0, cache_read=9)),
        ({"prompt_tokens": 10.0, "completion_tokens": "many", "cost": "free"}, Usage(input=10)),
        ({"prompt_tokens": -1, "completion_tokens": True, "prompt_tokens_details": [1]}, Usage()),
        ({}, Usage()),
        (None, Usage()),
        ([], Usage()),
        ("x", Usage()),
    ],
    ids=lambda value: None if isinstance(value, Usage) else json.dumps(value)[:40],
)
def test_counts_of_every_dialect(counts: Any, usage: Usage) -> None:
    assert read_usage(json.dumps(counts).encode()) == usage


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b"1e999", b'{"prompt_tokens":1e999}', b"[" * 100_000])
def test_what_is_no_usage_is_unknown(raw: bytes) -> None:
    assert read_usage(raw) == Usage()
    assert read_timings(raw) == Usage()


def test_the_stopwatch_of_llama_cpp_leaves_out_what_was_cached() -> None:
    timings = b'{"prompt_n": 3, "cache_n": 20, "predicted_n": 7, "prompt_ms": 1.5}'
    assert read_timings(timings) == Usage(input=3, cache_read=20, output=7)


@pytest.mark.parametrize(
    ("usage", "members"),
    [
        (Usage(input=3, output=2), {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}),
        (Usage(output=2), {"prompt_tokens": 0, "completion_tokens": 2, "total_tokens": 2}),
        (
            Usage(input=3, cache_read=4, cache_write=5, output=2, reasoning=1, cost_usd=0.5),
            {
                "prompt_tokens": 12,
                "completion_tokens": 2,
                "total_tokens": 14,
                "prompt_tokens_details": {"cached_tokens": 4, "cache_write_tokens": 5},
                "completion_tokens_details": {"reasoning_tokens": 1},
                "cost": 0.5,
            },
        ),
    ],
)
def test_disjoint_counts_become_parts_of_the_prompt_again(usage: Usage, members: dict[str, Any]) -> None:
    assert written_usage(usage) == members
