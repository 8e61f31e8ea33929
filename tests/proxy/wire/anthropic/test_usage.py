"""Counts: the parts of a prompt are disjoint, and what is not told is unknown."""

import json

import pytest

from proxy.wire.anthropic.usage import merged, read_usage, written_late_usage, written_usage
from proxy.wire.canonical import UNKNOWN, Usage


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ({"input_tokens": 5, "output_tokens": 2}, Usage(input=5, output=2)),
        (
            {
                "input_tokens": 5,
                "cache_read_input_tokens": 7,
                "cache_creation_input_tokens": 3,
                "output_tokens": 2,
            },
            Usage(input=5, cache_read=7, cache_write=3, output=2),
        ),
        (
            {
                "input_tokens": 5,
                "cache_creation_input_tokens": 9,
                "cache_creation": {"ephemeral_5m_input_tokens": 4, "ephemeral_1h_input_tokens": 5},
                "output_tokens": 2,
                "output_tokens_details": {"thinking_tokens": 1},
            },
            Usage(input=5, cache_write=9, cache_write_1h=5, output=2, reasoning=1),
        ),
        (
            {
                "input_tokens": 5,
                "cache_creation": {"ephemeral_5m_input_tokens": 4, "ephemeral_1h_input_tokens": 5},
            },
            Usage(input=5, cache_write=9, cache_write_1h=5),
        ),
        (
            {
                "input_tokens": 5,
                "cache_read_input_tokens": None,
                "cache_creation": None,
                "output_tokens_details": None,
            },
            Usage(input=5),
        ),
        ({"input_tokens": -1, "output_tokens": 2}, Usage(output=2)),
        ({"input_tokens": 12.0, "output_tokens": 1.5}, Usage(input=12, output=1)),
        ({"input_tokens": 5, "cache_creation": [], "output_tokens": "many"}, Usage(input=5)),
        (
            {"input_tokens": 5, "output_tokens_details": {"thinking_tokens": True}, "cache_creation": 7},
            Usage(input=5),
        ),
        ({}, UNKNOWN),
        ([], UNKNOWN),
        ({"input_tokens": "many"}, UNKNOWN),
    ],
)
def test_counts_are_read_and_what_is_not_told_is_unknown(said: object, meant: Usage) -> None:
    assert read_usage(json.dumps(said).encode()) == meant


@pytest.mark.parametrize("data", [b"", b"null", b"{", b"\xff"])
def test_counts_that_cannot_be_read_are_unknown(data: bytes) -> None:
    assert read_usage(data) == UNKNOWN


@pytest.mark.parametrize(
    ("why", "start", "delta", "whole"),
    [
        (
            "Anthropic repeats the prompt",
            Usage(input=10, cache_read=90, cache_write=0, output=1),
            Usage(input=10, cache_read=90, cache_write=0, output=50),
            Usage(input=10, cache_read=90, cache_write=0, output=50),
        ),
        (
            "only the output comes late",
            Usage(input=10, cache_read=90, output=1),
            Usage(output=50),
            Usage(input=10, cache_read=90, output=50),
        ),
        (
            "a host repeats the prompt as if nothing was cached",
            Usage(input=10, cache_read=90, output=1),
            Usage(input=100, cache_read=90, output=50),
            Usage(input=10, cache_read=90, output=50),
        ),
        (
            "a host corrects the prompt downwards",
            Usage(input=100, cache_read=0, output=1),
            Usage(input=4, cache_read=90, output=50),
            Usage(input=4, cache_read=90, output=50),
        ),
        (
            "zeros at the end are no prompt",
            Usage(input=10, cache_read=90, cache_write=5),
            Usage(input=0, cache_read=0, cache_write=0, output=50),
            Usage(input=10, cache_read=90, cache_write=5, output=50),
        ),
        (
            "Ollama estimates first and counts last",
            Usage(input=1000, output=0),
            Usage(input=1234, output=50),
            Usage(input=1234, output=50),
        ),
        (
            "hosts that count late begin with zeros",
            Usage(input=0, cache_read=0, output=0),
            Usage(input=12, cache_read=30, output=5),
            Usage(input=12, cache_read=30, output=5),
        ),
        ("nothing is told", UNKNOWN, UNKNOWN, UNKNOWN),
    ],
)
def test_the_end_of_a_stream_has_the_last_word_but_on_cached_prompts(
    why: str, start: Usage, delta: Usage, whole: Usage
) -> None:
    assert merged(start, delta) == whole, why


def test_unknown_counts_are_left_out_where_the_format_lets_them_be() -> None:
    assert written_usage(UNKNOWN) == {"input_tokens": 0, "output_tokens": 0}
    assert written_late_usage(UNKNOWN) == {"output_tokens": 0}


def test_written_counts_are_read_as_they_were() -> None:
    usage = Usage(input=1, cache_read=2, cache_write=5, cache_write_1h=3, output=9, reasoning=4)
    assert read_usage(json.dumps(written_usage(usage)).encode()) == usage


def test_zeros_at_the_end_do_not_undo_the_prompt() -> None:
    start = Usage(input=5000, cache_read=100)
    assert merged(start, Usage(input=0, cache_read=0, output=5)) == Usage(
        input=5000, cache_read=100, output=5
    )
