"""Gemini's counts, read and written."""

import json
from typing import Any

import pytest

from proxy.wire.canonical import UNKNOWN, Usage
from proxy.wire.gemini.usage import read_usage, written_usage


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"promptTokenCount": 9, "candidatesTokenCount": 4, "totalTokenCount": 13}, Usage(input=9, output=4)),
        (
            {
                "promptTokenCount": 33,
                "cachedContentTokenCount": 30,
                "candidatesTokenCount": 4,
                "thoughtsTokenCount": 6,
                "totalTokenCount": 43,
            },
            Usage(input=3, cache_read=30, output=10, reasoning=6),
        ),
        ({"promptTokenCount": 9, "totalTokenCount": 20}, Usage(input=9, output=11)),
        (
            {"promptTokenCount": 9, "candidatesTokenCount": 4, "totalTokenCount": 20},
            Usage(input=9, output=11),
        ),
        (
            {
                "promptTokenCount": 9,
                "toolUsePromptTokenCount": 5,
                "candidatesTokenCount": 4,
                "totalTokenCount": 18,
            },
            Usage(input=14, output=4),
        ),
        ({"promptTokenCount": 9}, Usage(input=9)),
        ({"promptTokenCount": -1, "candidatesTokenCount": "4", "thoughtsTokenCount": True}, UNKNOWN),
        ({}, UNKNOWN),
    ],
    ids=[
        "plain",
        "cached is inside the prompt, thoughts beside the answer",
        "zeros are left out",
        "thoughts in the total only",
        "what tools brought in is prompt",
        "no answer yet",
        "nonsense",
        "nothing",
    ],
)
def test_counts_are_read(counts: dict[str, Any], expected: Usage) -> None:
    assert read_usage(json.dumps(counts).encode()) == expected


@pytest.mark.parametrize("raw", [b"", b"null", b"[]", b"{", b"\xff", b'{"promptTokenCount":1e999}'])
def test_counts_that_cannot_be_read_are_unknown(raw: bytes) -> None:
    assert read_usage(raw) == UNKNOWN


def test_unknown_counts_are_left_out_and_known_ones_add_up() -> None:
    assert written_usage(UNKNOWN) == {}
    assert written_usage(Usage(input=3, cache_read=30, cache_write=2, output=10, reasoning=6)) == {
        "promptTokenCount": 35,
        "cachedContentTokenCount": 30,
        "candidatesTokenCount": 4,
        "thoughtsTokenCount": 6,
        "totalTokenCount": 45,
    }
