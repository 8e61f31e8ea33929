"""An Anthropic model's own stream, taken out of Bedrock's frames."""

import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.wire.anthropic.read_stream import stream_reader
from proxy.wire.anthropic.write_stream import StreamWriter
from proxy.wire.assemble import collected, spread
from proxy.wire.bedrock.invoke import Unwrapped
from proxy.wire.canonical import Answer
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format
from proxy.wire.target import Expecting, Reply
from tests.proxy.wire.bedrock.speaking import chunk
from tests.proxy.wire.framing.frames import event, exception, frame
from tests.proxy.wire.strategies import answers, chunkings

DELTA = b'{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"h\xc3\xa9"}}'
METRICS = b'"amazon-bedrock-invocationMetrics":{"inputTokenCount":16,"outputTokenCount":7}'
STOP = b'{"type":"message_stop",' + METRICS + b"}"


def told(kind: bytes, data: bytes) -> bytes:
    return b"event: " + kind + b"\ndata: " + data + b"\n\n"


def unwrapped(*pieces: bytes) -> tuple[bytes, Failure | None]:
    """What is handed out, and the failure after it."""
    stream = Unwrapped()
    out = b""
    try:
        for piece in pieces:
            out += stream.feed(piece)
        stream.end()
    except Failure as failure:
        return out, failure
    return out, None


def test_each_event_comes_out_as_it_is() -> None:
    out, failure = unwrapped(chunk(DELTA) + chunk(STOP))
    assert failure is None
    assert out == told(b"content_block_delta", DELTA) + told(b"message_stop", STOP)


def test_an_event_comes_out_as_soon_as_it_is_whole() -> None:
    stream = Unwrapped()
    wrapped = chunk(DELTA)
    assert stream.feed(wrapped[:-1]) == b""
    assert stream.feed(wrapped[-1:]) == told(b"content_block_delta", DELTA)


def test_line_ends_between_the_members_do_not_cut_an_event() -> None:
    out, _ = unwrapped(chunk(b'{\r\n"type":\n"message_stop"}'))
    assert out == told(b"message_stop", b'{  "type": "message_stop"}')


def test_frames_that_wrap_nothing_are_passed_over() -> None:
    assert unwrapped(event("initial-response", b"{}") + chunk(STOP)) == (told(b"message_stop", STOP), None)


@given(answers(Format.ANTHROPIC), st.data())
def test_the_stream_is_the_one_that_anthropic_would_send(answer: Answer, data: st.DataObject) -> None:
    writer = StreamWriter(Reply(id="req_1", model="m", created=0))
    sent = b"".join(writer.write(said) for said in spread(answer))
    wrapped = b"".join(chunk(line) for line in re.findall(rb"^data: (.*)$", sent, re.MULTILINE))
    out, failure = unwrapped(*data.draw(chunkings(wrapped)))
    assert (out, failure) == (sent, None)
    reader = stream_reader(Expecting())
    assert collected([*reader.feed(out), *reader.end()], Format.ANTHROPIC).content


@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        (exception("throttlingException", b'{"message":"Slow down"}'), FailureKind.RATE_LIMIT),
        (exception("modelStreamErrorException", b'{"message":"Broken"}'), FailureKind.SERVER),
        (exception("modelTimeoutException", b'{"message":"Slow"}'), FailureKind.TIMEOUT),
        (frame({":message-type": "error", ":error-code": "InternalFailure"}), FailureKind.SERVER),
        (event("chunk", b"no json"), FailureKind.BAD_ANSWER),
        (event("chunk", b'{"bytes":"?"}'), FailureKind.BAD_ANSWER),
        (event("chunk", b"{}"), FailureKind.BAD_ANSWER),
        (chunk(b"no json"), FailureKind.BAD_ANSWER),
        (chunk(b"{}"), FailureKind.BAD_ANSWER),
        (b"data: no frames at all\n\n", FailureKind.BAD_ANSWER),
    ],
    ids=[
        "throttled", "model error", "timeout", "error", "no json", "no base64", "no bytes",
        "no json inside", "no type", "no frames",
    ],
)  # fmt: skip
def test_a_failure_is_told_after_what_came_before_it(bad: bytes, kind: FailureKind) -> None:
    for pieces in ([chunk(DELTA) + bad], [chunk(DELTA), bad], [chunk(DELTA) + bad, chunk(STOP)]):
        out, failure = unwrapped(*pieces)
        assert out == told(b"content_block_delta", DELTA)
        assert failure is not None
        assert failure.kind is kind


def test_a_failure_is_told_at_once_where_nothing_comes_before_it() -> None:
    with pytest.raises(Failure):
        Unwrapped().feed(exception("throttlingException", b"{}"))


@given(st.integers(0, len(chunk(DELTA) + chunk(STOP)) - 1))
def test_a_stream_cut_off_anywhere_has_broken_off(cut: int) -> None:
    _, failure = unwrapped((chunk(DELTA) + chunk(STOP))[:cut])
    assert failure is not None
    assert failure.kind is FailureKind.BROKEN_OFF


def test_anthropics_own_error_ends_the_stream() -> None:
    error = msgspec.json.encode({"type": "error", "error": {"type": "overloaded_error", "message": "Busy"}})
    assert unwrapped(chunk(error)) == (told(b"error", error), None)


@given(st.binary(max_size=60) | st.binary(max_size=60).map(chunk), st.data())
def test_any_bytes_come_out_or_are_a_failure(noise: bytes, data: st.DataObject) -> None:
    out, failure = unwrapped(*data.draw(chunkings(noise)))
    assert out == b"" or out.startswith(b"event: ")
    assert failure is not None
