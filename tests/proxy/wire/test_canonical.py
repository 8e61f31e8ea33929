"""The canonical values' few rules: what usage adds up to, and why an answer stopped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw

from proxy.wire.canonical import (
    UNKNOWN,
    Block,
    Opaque,
    Stop,
    StopReason,
    Text,
    ToolCall,
    ToolResult,
    Usage,
)
from proxy.wire.canonical.usage import of_inclusive
from proxy.wire.format import Format

CALL = ToolCall("call_1", "look", "{}")
FULL = Usage(input=1, cache_read=2, cache_write=3, cache_write_1h=1, output=4, reasoning=2, cost_usd=0.5)

counts = st.none() | st.integers(0, 10**7)
usages = st.builds(
    Usage, input=counts, cache_read=counts, cache_write=counts, output=counts, reasoning=counts
)


# Usage


def test_a_later_count_replaces_an_earlier_one_and_what_it_does_not_know_stays() -> None:
    later = Usage(output=40, reasoning=0)
    assert FULL.updated(later) == Usage(
        input=1, cache_read=2, cache_write=3, cache_write_1h=1, output=40, reasoning=0, cost_usd=0.5
    )


def test_a_later_zero_is_known() -> None:
    assert FULL.updated(Usage(input=0, cost_usd=0.0)).input == 0
    assert FULL.updated(Usage(input=0, cost_usd=0.0)).cost_usd == 0.0


@given(usages)
def test_what_is_unknown_changes_nothing(usage: Usage) -> None:
    assert usage.updated(UNKNOWN) == usage
    assert usage.updated(Usage()) == usage
    assert UNKNOWN.updated(usage) == usage


@given(usages, usages, usages)
def test_usage_that_comes_in_parts_is_the_same_however_it_is_put_together(
    one: Usage, two: Usage, three: Usage
) -> None:
    assert one.updated(two).updated(three) == one.updated(two.updated(three))


@pytest.mark.parametrize(
    ("usage", "prompt"),
    [
        (FULL, 6),
        (Usage(input=5), 5),
        (Usage(input=0, cache_read=7), 7),
        (Usage(cache_read=7, cache_write=3), None),
        (UNKNOWN, None),
    ],
    ids=["all", "nothing cached", "everything cached", "unknown rest", "unknown"],
)
def test_the_prompt_is_all_of_its_parts(usage: Usage, prompt: int | None) -> None:
    assert usage.prompt == prompt


@pytest.mark.parametrize(
    ("usage", "known"),
    [
        (UNKNOWN, False),
        (Usage(cache_read=5), False),
        (Usage(cost_usd=1.0), False),
        (Usage(input=0), True),
        (Usage(output=0), True),
    ],
)
def test_usage_is_known_if_either_end_of_the_exchange_is(usage: Usage, known: bool) -> None:
    assert usage.is_known is known


def test_cached_tokens_that_are_part_of_the_prompt_are_taken_apart() -> None:
    assert of_inclusive(100, 20, cache_read=70, cache_write=10, reasoning=5, cost_usd=0.1) == Usage(
        input=20, cache_read=70, cache_write=10, output=20, reasoning=5, cost_usd=0.1
    )


def test_more_cached_than_there_was_is_no_negative_count() -> None:
    assert of_inclusive(100, 20, cache_read=70, cache_write=50).input == 0


def test_an_unknown_prompt_stays_unknown() -> None:
    assert of_inclusive(None, 20, cache_read=70) == Usage(cache_read=70, output=20)
    assert of_inclusive(None, None) == UNKNOWN


@given(st.integers(0, 10**7), counts, counts)
def test_a_prompt_taken_apart_adds_up_again(prompt: int, read: int | None, written: int | None) -> None:
    whole = of_inclusive(prompt, None, cache_read=read, cache_write=written).prompt
    assert whole == max(prompt, (read or 0) + (written or 0))


# Stop


@pytest.mark.parametrize(
    ("said", "content", "expected"),
    [
        (StopReason.END_TURN, (Text("x"), CALL), StopReason.TOOL_USE),
        (StopReason.END_TURN, (Text("x"),), StopReason.END_TURN),
        (StopReason.END_TURN, (), StopReason.END_TURN),
        (StopReason.TOOL_USE, (CALL,), StopReason.TOOL_USE),
        (StopReason.TOOL_USE, (Text("x"),), StopReason.END_TURN),
        (StopReason.MAX_TOKENS, (CALL,), StopReason.MAX_TOKENS),
        (StopReason.CONTENT_FILTER, (CALL,), StopReason.CONTENT_FILTER),
        (StopReason.REFUSAL, (), StopReason.REFUSAL),
        (StopReason.PAUSE, (Text("x"),), StopReason.PAUSE),
        (
            StopReason.TOOL_USE,
            (Opaque(Format.ANTHROPIC, "server_tool_use", Raw(b"{}")), ToolResult("call_1")),
            StopReason.END_TURN,
        ),
    ],
)
def test_tool_use_is_claimed_with_a_call_and_only_then(
    said: StopReason, content: tuple[Block, ...], expected: StopReason
) -> None:
    assert Stop(said).given(content).reason is expected


@pytest.mark.parametrize("reason", list(StopReason))
def test_whether_there_are_calls_is_enough_to_know(reason: StopReason) -> None:
    assert Stop(reason).with_calls() == Stop(reason).given([CALL])
    assert Stop(reason).without_calls() == Stop(reason).given([])


def test_what_else_is_said_of_the_stop_is_kept() -> None:
    extra = {"stop_details": Raw(b"{}")}
    assert Stop(StopReason.END_TURN, extra=extra).with_calls().extra == extra
    assert Stop(StopReason.TOOL_USE, extra=extra).without_calls().extra == extra
    sequence = Stop(StopReason.STOP_SEQUENCE, "END")
    assert sequence.given([CALL]) == sequence
