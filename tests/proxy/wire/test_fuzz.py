"""Whatever bytes come, nothing but the typed failure comes out, in bounded time and memory.

Every failing example that was ever found is kept as an `@example`, beside seeds that are nearly right.
"""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.wire.canonical import Failed, Finish
from proxy.wire.errors import read_error
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format
from proxy.wire.peek import peek
from proxy.wire.sides import CLIENT, PROVIDER
from proxy.wire.splice import Remove, Set, spliced
from proxy.wire.tap import Tap
from proxy.wire.target import Expecting
from tests.proxy.wire.strategies import json_values

SEEDS = sorted((Path(__file__).parent / "seeds").glob("*"))
DEEP = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
WORDS = [
    "type", "role", "content", "messages", "input", "contents", "parts", "model", "tools", "tool_calls",
    "function", "arguments", "name", "id", "text", "image_url", "source", "data", "system", "choices",
    "delta", "index", "usage", "output", "item", "message", "user", "assistant", "tool", "functionCall",
    "tool_use", "tool_result", "thinking", "function_call", "finish_reason", "error", "candidates",
    "content_block_start", "content_block_delta", "response.output_item.added", "response.completed",
    "message_start", "content_block", "contentBlockDelta", "done", "stop_reason",
]  # fmt: skip
words = st.sampled_from(WORDS)
near_json = st.recursive(
    words | json_values | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=6),
    max_leaves=20,
).map(lambda value: json.dumps(value).encode())


@st.composite
def damaged_seeds(draw: st.DrawFn) -> bytes:
    """A real message with a piece cut out, doubled or overwritten."""
    seed = draw(st.sampled_from(SEEDS)).read_bytes()
    start = draw(st.integers(0, len(seed)))
    end = draw(st.integers(start, min(len(seed), start + 40)))
    middle = draw(st.sampled_from([b"", seed[start:end] * 2, b"null", b"{}", b"[", b'"', b"\xff", b"-1"]))
    return seed[:start] + middle + seed[end:]


bodies = st.binary(max_size=200) | near_json | damaged_seeds()


@pytest.mark.parametrize("format_", list(CLIENT))
@given(body=bodies)
def test_any_request_is_read_or_refused(format_: Format, body: bytes) -> None:
    try:
        conversation = CLIENT[format_].read_request(body)
    except Failure as failure:
        assert failure.kind is FailureKind.BAD_REQUEST  # noqa: PT017 -- that nothing else is raised is the point
    else:
        assert conversation.format is format_


@pytest.mark.parametrize("format_", list(PROVIDER))
@given(body=bodies)
def test_any_answer_is_read_or_is_a_failure(format_: Format, body: bytes) -> None:
    try:
        answer = PROVIDER[format_].read_answer(body, Expecting())
    except Failure as failure:
        assert failure.sentence  # noqa: PT017 -- the same
    else:
        assert answer.format is format_


@pytest.mark.parametrize("format_", list(PROVIDER))
@given(
    body=bodies | st.lists(near_json, max_size=4).map(lambda e: b"".join(b"data: " + x + b"\n\n" for x in e))
)
def test_any_stream_ends_in_one_finish_or_failure(format_: Format, body: bytes) -> None:
    reader = PROVIDER[format_].stream_reader(Expecting())
    events = [*reader.feed(body), *reader.end()]
    assert sum(isinstance(event, Finish | Failed) for event in events) == 1
    assert isinstance(events[-1], Finish | Failed)
    assert [*reader.feed(body), *reader.end()] == []


@pytest.mark.parametrize("format_", list(CLIENT))
def test_a_request_nested_without_end_is_refused(format_: Format) -> None:
    for body in (DEEP, b"[" * 1_000_000, b'{"messages":' * 200_000, b'{"input":' + DEEP + b"}"):
        with pytest.raises(Failure) as caught:
            CLIENT[format_].read_request(body)
        assert caught.value.kind is FailureKind.BAD_REQUEST


@pytest.mark.parametrize("format_", list(PROVIDER))
def test_a_stream_that_never_ends_an_event_is_given_up(format_: Format) -> None:
    reader = PROVIDER[format_].stream_reader(Expecting())
    piece = b"data: " + b"x" * (1 << 20)
    events = [event for _ in range(70) for event in reader.feed(piece)]
    assert len(events) == 1
    assert isinstance(events[0], Failed)
    assert events[0].failure.kind is FailureKind.BAD_ANSWER


@given(bodies)
def test_any_body_is_peeked_at_and_spliced_or_refused(body: bytes) -> None:
    edits = [Set(("model",), b'"m"'), Set(("a", "b"), b"1"), Remove(("type",))]
    for look in (peek, lambda data: spliced(data, edits)):
        try:
            look(body)
        except Failure as failure:
            assert failure.kind is FailureKind.BAD_REQUEST  # noqa: PT017 -- that nothing else is raised is the point


@given(st.sampled_from([None, 400, 404, 429, 500]), bodies)
def test_any_error_body_is_some_failure(status: int | None, body: bytes) -> None:
    assert read_error(status, body).sentence


@pytest.mark.parametrize("format_", list(CLIENT))
@given(chunks=st.lists(bodies, max_size=4), streamed=st.booleans())
def test_the_tap_lets_pass_what_it_does_not_understand(
    format_: Format, chunks: list[bytes], streamed: bool
) -> None:
    tap = Tap(format_, streamed=streamed)
    passed = b"".join([*(tap.pass_on(chunk) for chunk in chunks), tap.end()])
    assert passed == b"".join(chunks)
