"""The tap forwards what comes, and knows afterwards what it told."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from proxy.wire.canonical import UNKNOWN, Usage
from proxy.wire.failure import FailureKind
from proxy.wire.format import Format
from proxy.wire.formats import ERRORS
from proxy.wire.tap import Tap
from proxy.wire.tap.tap import MAX_WHOLE
from proxy.wire.tap.told import Told
from tests.proxy.wire.strategies import chunkings

F = Format


def sse(*events: Any, end: str = "\n\n") -> bytes:
    texts = [event if isinstance(event, str) else json.dumps(event) for event in events]
    return "".join(f"data: {text}{end}" for text in texts).encode()


def chunk(delta: dict[str, Any], reason: str | None = None, **more: Any) -> dict[str, Any]:
    choices = [{"index": 0, "delta": delta, "finish_reason": reason}]
    return {"id": "c_1", "object": "chat.completion.chunk", "model": "gpt", "choices": choices, **more}


CHAT_COUNTS = {"prompt_tokens": 12, "completion_tokens": 3, "prompt_tokens_details": {"cached_tokens": 2}}
CHAT_USAGE = {"id": "c_1", "model": "gpt", "choices": [], "usage": CHAT_COUNTS}
RESPONSE = {"id": "resp_1", "model": "gpt", "status": "in_progress", "usage": None, "error": None}
RESPONSE_DONE = RESPONSE | {"status": "completed", "usage": {"input_tokens": 12, "output_tokens": 3}}

ANTHROPIC = sse(
    {
        "type": "message_start",
        "message": {
            "id": "msg_1",
            "model": "claude",
            "usage": {"input_tokens": 10, "cache_read_input_tokens": 2},
        },
    },
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    {"type": "ping"},
    {
        "type": "content_block_delta",
        "index": 0,
        "delta": {"type": "text_delta", "text": '"message_stop" "error"'},
    },
    {"type": "content_block_stop", "index": 0},
    {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 3}},
    {"type": "message_stop"},
)
CHAT = sse(
    chunk({"role": "assistant", "content": ""}, usage=None),
    chunk({"content": '"usage":{"prompt_tokens":99} "error" "finish_reason":"length"'}, usage=None),
    chunk({}, "stop", usage=None),
    CHAT_USAGE,
    "[DONE]",
)
RESPONSES = sse(
    {"type": "response.created", "sequence_number": 0, "response": RESPONSE},
    {
        "type": "response.output_text.delta",
        "sequence_number": 1,
        "delta": '"response" "response.failed" "error"',
    },
    {"type": "response.completed", "sequence_number": 2, "response": RESPONSE_DONE},
)
GEMINI = sse(
    {
        "candidates": [{"content": {"parts": [{"text": '"error"'}]}}],
        "modelVersion": "gemini",
        "responseId": "r_1",
    },
    {
        "candidates": [{"content": {"parts": [{"text": "x"}]}, "finishReason": "STOP"}],
        "usageMetadata": {"promptTokenCount": 12, "cachedContentTokenCount": 2, "candidatesTokenCount": 3},
        "modelVersion": "gemini",
    },
)
USED = Usage(input=10, cache_read=2, output=3)
STREAMS = {
    F.ANTHROPIC: (
        ANTHROPIC,
        Told(usage=USED, model="claude", id="msg_1", stop_reason="end_turn", is_over=True),
    ),
    F.OPENAI_CHAT: (CHAT, Told(usage=USED, model="gpt", id="c_1", stop_reason="stop", is_over=True)),
    F.RESPONSES: (
        RESPONSES,
        Told(
            usage=Usage(input=12, output=3),
            model="gpt",
            id="resp_1",
            stop_reason="completed",
            sequence_number=2,
            is_over=True,
        ),
    ),
    F.GEMINI: (GEMINI, Told(usage=USED, model="gemini", id="r_1", stop_reason="STOP", is_over=True)),
}


def passed(tap: Tap, chunks: list[bytes]) -> bytes:
    return b"".join([*(tap.pass_on(chunk) for chunk in chunks), tap.end()])


@pytest.mark.parametrize("format_", list(STREAMS))
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"])
@given(data=st.data())
def test_a_stream_tells_the_same_however_it_is_cut(
    format_: Format, line_end: bytes, data: st.DataObject
) -> None:
    stream, expected = STREAMS[format_]
    stream = stream.replace(b"\n", line_end)
    tap = Tap(format_, streamed=True)
    assert passed(tap, data.draw(chunkings(stream))) == stream
    assert tap.told == expected


@pytest.mark.parametrize("format_", list(STREAMS))
def test_what_is_forwarded_is_the_very_chunk(format_: Format) -> None:
    tap = Tap(format_, streamed=True, drop_usage_chunk=format_ is not F.OPENAI_CHAT)
    for piece in (b"", b"data: half", b" an event\n\nda", b"\xff\xfe", STREAMS[format_][0]):
        assert tap.pass_on(piece) is piece


@pytest.mark.parametrize(
    ("format_", "body", "expected"),
    [
        (
            F.ANTHROPIC,
            {
                "id": "i",
                "model": "m",
                "stop_reason": "tool_use",
                "usage": {"input_tokens": 1, "output_tokens": 2},
            },
            Told(usage=Usage(input=1, output=2), model="m", id="i", stop_reason="tool_use"),
        ),
        (
            F.OPENAI_CHAT,
            {"id": "i", "model": "m", "choices": [{"finish_reason": "length"}], "usage": CHAT_COUNTS},
            Told(usage=USED, model="m", id="i", stop_reason="length"),
        ),
        (F.OPENAI_CHAT, {"timings": {"prompt_n": 4, "predicted_n": 5}}, Told(usage=Usage(input=4, output=5))),
        (
            F.RESPONSES,
            RESPONSE_DONE | {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}},
            Told(usage=Usage(input=12, output=3), model="gpt", id="resp_1", stop_reason="max_output_tokens"),
        ),
        (
            F.GEMINI,
            [{"modelVersion": "m"}, {"usageMetadata": {"promptTokenCount": 1, "candidatesTokenCount": 2}}],
            Told(usage=Usage(input=1, output=2), model="m"),
        ),
    ],
)
def test_an_answer_in_one_piece(format_: Format, body: Any, expected: Told) -> None:
    data = json.dumps(body).encode()
    tap = Tap(format_, streamed=False)
    assert passed(tap, [data[:7], data[7:]]) == data
    assert tap.told == expected
    assert tap.usage == expected.usage


@pytest.mark.parametrize("format_", list(STREAMS))
@pytest.mark.parametrize("streamed", [True, False])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"[1]",
        b'{"usage":7,"message":[]}',
        b"\x1f\x8b\x08compressed",
        b"data: {\n\n",
        b"[" * 9_999,
    ],
)
def test_what_is_not_understood_passes_unknown(format_: Format, streamed: bool, body: bytes) -> None:
    tap = Tap(format_, streamed=streamed)
    assert passed(tap, [body]) == body
    assert tap.usage == UNKNOWN


def test_a_format_that_nobody_taps_passes() -> None:
    tap = Tap(Format.OLLAMA, streamed=True)
    assert passed(tap, [b"x", b"y"]) == b"xy"
    assert tap.told == Told()


@pytest.mark.parametrize("streamed", [True, False])
def test_an_answer_beyond_all_size_passes_unread(streamed: bool) -> None:
    tap = Tap(F.ANTHROPIC, streamed=streamed)
    piece = b"x" * (1 << 20)
    for _ in range(MAX_WHOLE // len(piece) + 2):
        assert tap.pass_on(piece) is piece
    assert tap.end() == b""
    assert tap.told == Told()


@pytest.mark.parametrize("format_", list(ERRORS))
def test_an_error_inside_a_stream_is_a_failure(format_: Format) -> None:
    stream, _ = STREAMS[format_]
    begun = stream[: stream.index(b"\n\n") + 2]
    tap = Tap(format_, streamed=True)
    tap.pass_on(begun + sse({"type": "error", "error": {"type": "overloaded_error", "message": "Later."}}))
    failure = tap.failure
    assert failure is not None
    assert (failure.kind, failure.sentence) == (FailureKind.OVERLOADED, "Later.")
    assert not tap.told.is_over


@pytest.mark.parametrize(
    ("format_", "event", "kind"),
    [
        (
            F.OPENAI_CHAT,
            chunk({"content": ""}, "error", error={"code": 429, "message": "m"}),
            FailureKind.RATE_LIMIT,
        ),
        (F.OPENAI_CHAT, {"code": 500, "message": "m", "type": "server_error"}, FailureKind.SERVER),
        (
            F.RESPONSES,
            {
                "type": "response.failed",
                "sequence_number": 5,
                "response": RESPONSE
                | {"status": "failed", "error": {"code": "rate_limit_exceeded", "message": "m"}},
            },
            FailureKind.RATE_LIMIT,
        ),
        (F.GEMINI, {"error": {"code": 503, "message": "m", "status": "UNAVAILABLE"}}, FailureKind.OVERLOADED),
    ],
)
def test_each_formats_own_way_of_failing_in_a_stream(
    format_: Format, event: dict[str, Any], kind: FailureKind
) -> None:
    tap = Tap(format_, streamed=True)
    tap.pass_on(sse(event))
    assert tap.failure is not None
    assert tap.failure.kind is kind


def test_a_stream_that_breaks_says_how_far_it_came() -> None:
    tap = Tap(F.RESPONSES, streamed=True)
    tap.pass_on(RESPONSES[: RESPONSES.rindex(b"data:") + 9])
    assert (tap.told.id, tap.told.sequence_number, tap.told.is_over) == ("resp_1", 1, False)
    assert not tap.at_event_end


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ([], True),
        ([b"data: x\n\n"], True),
        ([b"data: x\r\n\r\n"], True),
        ([b"data: x\n", b"\n"], True),
        ([b"data: x\r\n", b"\r", b"\n"], True),
        ([b"data: x\n"], False),
        ([b"data: x\r\n"], False),
        ([b"data: x"], False),
        ([b"\n\n", b"d"], False),
        ([b"data: x\n\n", b""], True),
    ],
)
def test_our_own_event_follows_only_a_whole_one(pieces: list[bytes], expected: bool) -> None:
    tap = Tap(F.ANTHROPIC, streamed=True)
    for piece in pieces:
        tap.pass_on(piece)
    assert tap.at_event_end is expected


WITHOUT_USAGE = CHAT.replace(sse(CHAT_USAGE), b"")


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
@given(data=st.data())
def test_an_unasked_usage_chunk_is_dropped_whole_and_still_read(line_end: bytes, data: st.DataObject) -> None:
    tap = Tap(F.OPENAI_CHAT, streamed=True, drop_usage_chunk=True)
    stream = CHAT.replace(b"\n", line_end)
    assert passed(tap, data.draw(chunkings(stream))) == WITHOUT_USAGE.replace(b"\n", line_end)
    assert tap.usage == USED


@pytest.mark.parametrize(
    "kept",
    [
        sse(chunk({"content": "x"}, usage=CHAT_COUNTS)),
        sse({"choices": [], "prompt_filter_results": []}),
        sse({"choices": [], "usage": None}),
        sse({"choices": [], "usage": CHAT_COUNTS, "error": {"message": "m"}}),
        b": keep-alive\n\n",
        b'data: {"usage":{}, \n\n',
    ],
)
def test_nothing_else_is_dropped(kept: bytes) -> None:
    tap = Tap(F.OPENAI_CHAT, streamed=True, drop_usage_chunk=True)
    assert passed(tap, [kept]) == kept


@pytest.mark.parametrize(
    ("pieces", "forwarded"),
    [
        ([b'data: {"cho', b'ices":[{"a":1}]}', b"\n\n"], [b"", b'data: {"choices":[{"a":1}]}', b"\n\n"]),
        ([b'data: {"choices":[{"a":1', b"}]}\n\ndata: x"], [b'data: {"choices":[{"a":1', b"}]}\n\n"]),
        ([b": waiting\n", b": still\n"], [b": waiting\n", b": still\n"]),
        ([sse(chunk({})), sse(chunk({}))], [sse(chunk({})), sse(chunk({}))]),
        ([sse(chunk({})) + b'data: {"ch'], [sse(chunk({}))]),
        ([b": a\n\n" + sse(CHAT_USAGE)], [b": a\n\n"]),
        ([b": a\n" + sse(CHAT_USAGE)], [b": a\n"]),
    ],
)
def test_no_more_is_withheld_than_must_be(pieces: list[bytes], forwarded: list[bytes]) -> None:
    tap = Tap(F.OPENAI_CHAT, streamed=True, drop_usage_chunk=True)
    assert [tap.pass_on(piece) for piece in pieces] == forwarded


def test_a_chunk_without_usage_is_forwarded_as_the_same_object() -> None:
    tap = Tap(F.OPENAI_CHAT, streamed=True, drop_usage_chunk=True)
    for piece in (sse(chunk({"content": "x"})), sse(chunk({"content": "x"}, usage=None)), sse("[DONE]")):
        assert tap.pass_on(piece) is piece


def test_a_usage_chunk_at_the_very_end_needs_no_blank_line() -> None:
    tap = Tap(F.OPENAI_CHAT, streamed=True, drop_usage_chunk=True)
    assert passed(tap, [sse(chunk({})), sse(CHAT_USAGE).strip()]) == sse(chunk({}))


@given(st.data(), st.binary(max_size=60) | st.sampled_from([CHAT, CHAT[:-20], CHAT.replace(b"\n", b"\r")]))
@example(None, b"\r\n\r").via("a line ending in halves")
def test_dropping_passes_on_what_it_does_not_understand(data: st.DataObject | None, stream: bytes) -> None:
    pieces = data.draw(chunkings(stream)) if data is not None else [stream]
    tap = Tap(F.OPENAI_CHAT, streamed=True, drop_usage_chunk=True)
    out = passed(tap, pieces)
    assert out == stream or (len(out) < len(stream) and b'"choices": []' in stream)


def test_counts_and_reason_in_different_deltas_are_both_told() -> None:
    tap = Tap(Format.ANTHROPIC, streamed=True)
    for delta in (b'{"delta":{},"usage":{"output_tokens":50}}', b'{"delta":{"stop_reason":"end_turn"}}'):
        tap.pass_on(b'event: message_delta\ndata: {"type":"message_delta",' + delta[1:] + b"\n\n")
    assert (tap.usage.output, tap.told.stop_reason) == (50, "end_turn")


def test_of_several_answers_in_one_each_has_an_end() -> None:
    def of(index: int, reason: str | None) -> dict[str, Any]:
        return {**chunk({}), "choices": [{"index": index, "delta": {}, "finish_reason": reason}]}

    tap = Tap(F.OPENAI_CHAT, streamed=True, choices=2)
    seen: list[bool] = []
    for event in (of(0, None), of(1, None), of(1, "stop"), of(1, "stop"), of(0, "length")):
        tap.pass_on(sse(event))
        seen.append(tap.told.is_over)
    assert seen == [False, False, False, False, True]
    assert tap.told.stop_reason == "length"
