"""A stream and the whole answer it tells are the same answer."""

import pytest
from hypothesis import given

from proxy.wire.assemble import collected, spread
from proxy.wire.canonical import (
    Answer,
    Begin,
    BlockBegin,
    Failed,
    Finish,
    KeepAlive,
    SignatureDelta,
    Stop,
    StopReason,
    Text,
    TextDelta,
    Thinking,
    ThinkingDelta,
    Usage,
)
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format
from tests.proxy.wire.strategies import answers

END = Stop(StopReason.END_TURN)


@given(answers())
def test_an_answer_taken_apart_and_put_together_is_the_same(answer: Answer) -> None:
    assert collected(spread(answer), answer.format) == answer


def test_deltas_are_joined_in_their_blocks() -> None:
    events = [
        Begin("id", "model"),
        BlockBegin(0, Thinking("")),
        KeepAlive(),
        ThinkingDelta(0, "let me "),
        ThinkingDelta(0, "see"),
        SignatureDelta(0, "si"),
        SignatureDelta(0, "g"),
        BlockBegin(1, Text("")),
        TextDelta(1, "o"),
        TextDelta(1, "k"),
        Finish(END),
    ]
    answer = collected(events, Format.ANTHROPIC)
    assert answer.content == (Thinking("let me see", "sig"), Text("ok"))
    assert (answer.id, answer.model) == ("id", "model")


def test_the_usage_of_the_end_adds_to_that_of_the_beginning() -> None:
    events = [Begin(usage=Usage(input=5, cache_read=7, output=1)), Finish(END, Usage(output=9))]
    assert collected(events, Format.ANTHROPIC).usage == Usage(input=5, cache_read=7, output=9)


def test_a_failure_in_the_stream_is_the_failure_of_the_answer() -> None:
    failure = Failure(FailureKind.OVERLOADED, "busy")
    with pytest.raises(Failure) as caught:
        collected([Begin(), Failed(failure)], Format.ANTHROPIC)
    assert caught.value is failure


def test_a_stream_without_an_end_has_broken_off() -> None:
    with pytest.raises(Failure) as caught:
        collected([Begin(), BlockBegin(0, Text("")), TextDelta(0, "half")], Format.ANTHROPIC)
    assert caught.value.kind is FailureKind.BROKEN_OFF
