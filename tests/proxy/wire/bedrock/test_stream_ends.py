"""Streams of ConverseStream that fail or break off, and what holds for all of them."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.wire.assemble import collected
from proxy.wire.bedrock.read_answer import read_answer
from proxy.wire.canonical import (
    Answer,
    Failed,
    Finish,
    TextDelta,
)
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format
from proxy.wire.target import Expecting
from tests.proxy.wire.bedrock import speaking
from tests.proxy.wire.bedrock.speaking import delta
from tests.proxy.wire.bedrock.streaming import COUNTS, START, ended, read, stopped
from tests.proxy.wire.framing.frames import event, exception, frame
from tests.proxy.wire.strategies import answers, chunkings, json_values


@pytest.mark.parametrize(
    ("kind", "payload", "expected"),
    [
        ("throttlingException", {"message": "Too many requests"}, FailureKind.RATE_LIMIT),
        ("serviceUnavailableException", {"message": "Try again"}, FailureKind.OVERLOADED),
        ("internalServerException", {"message": "Unexpected"}, FailureKind.SERVER),
        ("modelTimeoutException", {"message": "Too slow"}, FailureKind.TIMEOUT),
        ("validationException", {"message": "The model does not like this"}, FailureKind.BAD_REQUEST),
        (
            "validationException",
            {"message": "Input is too long for requested model."},
            FailureKind.CONTEXT_OVERFLOW,
        ),
        ("modelStreamErrorException", {"message": "The model failed"}, FailureKind.SERVER),
        (
            "modelStreamErrorException",
            {"message": "The model failed", "originalStatusCode": 503, "originalMessage": "Overloaded"},
            FailureKind.OVERLOADED,
        ),
        ("somethingNewException", {}, FailureKind.SERVER),
    ],
)
def test_an_exception_in_the_stream_is_its_failure(
    kind: str, payload: dict[str, Any], expected: FailureKind
) -> None:
    events = read(START, delta(0, text="x"), exception(kind, msgspec.json.encode(payload)), stopped(), COUNTS)
    assert isinstance(events[-1], Failed)
    assert events[-1].failure.kind is expected
    assert (
        events[-1].failure.sentence == payload.get("originalMessage", payload.get("message")) or not payload
    )


def test_an_exception_whose_payload_is_no_json_is_one_nonetheless() -> None:
    events = read(START, exception("throttlingException", b"slow down please"))
    assert isinstance(events[-1], Failed)
    assert events[-1].failure.kind is FailureKind.RATE_LIMIT


def test_an_error_says_all_in_its_headers() -> None:
    headers = {":message-type": "error", ":error-code": "ThrottlingException", ":error-message": "Slow down"}
    events = read(START, frame(headers))
    assert isinstance(events[-1], Failed)
    assert (events[-1].failure.kind, events[-1].failure.sentence) == (FailureKind.RATE_LIMIT, "Slow down")


@pytest.mark.parametrize("reason", ["malformed_model_output", "malformed_tool_use"])
def test_an_answer_that_the_provider_could_not_read_has_failed(reason: str) -> None:
    events = read(START, delta(0, text="x"), stopped(reason), COUNTS)
    assert isinstance(events[-1], Failed)
    assert events[-1].failure.kind is FailureKind.BAD_ANSWER


@pytest.mark.parametrize(
    "bad",
    [
        event("contentBlockDelta", b"no json"),
        event("contentBlockDelta", b'{"delta":{"text":1}}'),
        event("contentBlockDelta", b'{"delta":{"toolUse":{"input":"{}"}}}'),
        event("contentBlockDelta", b'{"delta":' * 100_000),
        event("contentBlockStart", b'{"start":{"toolUse":{}}}'),
        event("messageStop", b"[]"),
        delta(0, reasoningContent={"redactedContent": "A"}) * 2 + ended(0),
        delta(0, text="x")[:-1] + b"\x00",
        b"data: these are no frames\n\n",
    ],
    ids=[
        "no json", "wrong type", "call not begun", "deep", "no name", "no object", "no base64",
        "wrong checksum", "no frames",
    ],
)  # fmt: skip
def test_what_breaks_the_rules_is_a_failure(bad: bytes) -> None:
    events = read(START, bad, delta(0, text="x"), stopped(), COUNTS)
    assert isinstance(events[-1], Failed)
    assert events[-1].failure.kind is FailureKind.BAD_ANSWER
    assert sum(isinstance(event, Failed | Finish) for event in events) == 1


@given(answers(), st.integers(1, 9), st.data())
def test_any_chunking_gives_the_same_events(answer: Answer, piece: int, data: st.DataObject) -> None:
    stream = speaking.streamed(answer, piece)
    assert read(*data.draw(chunkings(stream))) == read(stream)


@given(answers(), st.integers(1, 9))
def test_a_stream_is_the_whole_answer_in_pieces(answer: Answer, piece: int) -> None:
    whole = read_answer(speaking.whole(answer), Expecting())
    assert collected(read(speaking.streamed(answer, piece)), Format.BEDROCK) == whole


@given(answers(), st.data())
def test_a_stream_cut_off_anywhere_ends_once_and_not_silently(answer: Answer, data: st.DataObject) -> None:
    stream = speaking.streamed(answer)
    cut = data.draw(st.integers(0, len(stream) - 1))
    events = read(*data.draw(chunkings(stream[:cut])))
    assert sum(isinstance(event, Finish | Failed) for event in events) == 1
    last = events[-1]
    is_told = len(stream[:cut]) >= len(stream) - len(_counts(stream))
    if isinstance(last, Failed):
        assert not is_told
        assert last.failure.kind is FailureKind.BROKEN_OFF
    else:
        assert is_told


def _counts(stream: bytes) -> bytes:
    """The last frame."""
    at = 0
    while at + int.from_bytes(stream[at : at + 4]) < len(stream):
        at += int.from_bytes(stream[at : at + 4])
    return stream[at:]


kinds = st.sampled_from(
    ["contentBlockStart", "contentBlockDelta", "contentBlockStop", "messageStop", "metadata", "x"]
)
members = st.sampled_from(
    [
        "contentBlockIndex", "delta", "start", "text", "toolUse", "input", "name", "reasoningContent",
        "signature", "redactedContent", "citation", "stopReason", "usage", "inputTokens", "type",
    ]
)  # fmt: skip
payloads = st.recursive(
    json_values | members,
    lambda inner: st.dictionaries(members, inner, max_size=4),
    max_leaves=10,
).map(msgspec.json.encode)
odd_frames = (
    st.builds(event, kinds, payloads) | st.builds(exception, kinds, payloads) | st.binary(max_size=20)
)


@given(st.lists(odd_frames, max_size=6), st.data())
def test_any_frames_end_in_one_finish_or_failure(frames: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(frames)
    events = read(*data.draw(chunkings(stream)))
    assert events == read(stream)
    assert sum(isinstance(event, Finish | Failed) for event in events) == 1
    assert isinstance(events[-1], Finish | Failed)


def test_a_failure_tells_what_was_said_before_it() -> None:
    damaged = delta(0, text="b")[:-1] + b"\x00"
    for pieces in ([START + delta(0, text="a") + damaged], [START, delta(0, text="a"), damaged]):
        events = read(*pieces)
        assert TextDelta(0, "a") in events
        assert isinstance(events[-1], Failed)
    with pytest.raises(Failure):
        collected(events, Format.BEDROCK)
