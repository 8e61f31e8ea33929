"""Streams of Gemini models, and streams of any model for clients of the Gemini API."""

import json
from typing import Any

import pytest
from msgspec import Raw

from proxy.wire.canonical import (
    ArgumentsDelta,
    Begin,
    BlockBegin,
    BlockEnd,
    Event,
    Failed,
    Finish,
    KeepAlive,
    Opaque,
    SignatureDelta,
    Stop,
    StopReason,
    Text,
    TextDelta,
    Thinking,
    ThinkingDelta,
    ToolCall,
    Usage,
)
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format
from proxy.wire.gemini.read_stream import stream_reader
from proxy.wire.gemini.write_stream import ArrayWriter, StreamWriter
from proxy.wire.target import Expecting, Reply

REPLY = Reply(id="req_1", model="asked-for", created=1)


def chunk(*parts: dict[str, Any], reason: str | None = None, **more: Any) -> dict[str, Any]:
    candidate: dict[str, Any] = {"content": {"parts": list(parts), "role": "model"}, "index": 0}
    if reason is not None:
        candidate["finishReason"] = reason
    return {"candidates": [candidate], **more}


def sse(*chunks: dict[str, Any]) -> bytes:
    return b"".join(b"data: " + json.dumps(said).encode() + b"\r\n\r\n" for said in chunks)


def read(data: bytes) -> list[Event]:
    reader = stream_reader(Expecting(seed="s"))
    return [*reader.feed(data), *reader.end()]


def test_a_stream() -> None:
    events = read(
        sse(
            chunk(
                {"text": "h", "thought": True},
                usageMetadata={"promptTokenCount": 3},
                responseId="r",
                modelVersion="m",
            ),
            chunk({"text": "m", "thought": True}),
            chunk({"text": "Let me"}),
            chunk({"text": " see."}),
            chunk({"functionCall": {"id": "1", "name": "ls", "args": {"p": 1}}, "thoughtSignature": "s"}),
            chunk({"functionCall": {"id": "2", "name": "ls"}}),
            chunk({"text": ""}, reason="STOP"),
            {"usageMetadata": {"promptTokenCount": 3, "candidatesTokenCount": 4, "totalTokenCount": 7}},
        )
    )
    assert events == [
        Begin("r", "m", Usage(input=3)),
        BlockBegin(0, Thinking("")),
        ThinkingDelta(0, "h"),
        ThinkingDelta(0, "m"),
        BlockEnd(0),
        BlockBegin(1, Text("")),
        TextDelta(1, "Let me"),
        TextDelta(1, " see."),
        BlockEnd(1),
        BlockBegin(2, ToolCall("1", "ls", "", signature="s")),
        ArgumentsDelta(2, '{"p": 1}'),
        BlockEnd(2),
        BlockBegin(3, ToolCall("2", "ls", "")),
        ArgumentsDelta(3, "{}"),
        BlockEnd(3),
        Finish(Stop(StopReason.TOOL_USE), Usage(input=3, output=4)),
    ]


def test_finish_and_usage_in_different_chunks_make_one_end() -> None:
    """Closed at the finish reason, the usage was lost."""
    reader = stream_reader(Expecting())
    assert not any(
        isinstance(event, Finish) for event in reader.feed(sse(chunk({"text": "a"}, reason="STOP")))
    )
    reader.feed(sse({"usageMetadata": {"promptTokenCount": 1, "candidatesTokenCount": 2}}))
    assert reader.end() == [BlockEnd(0), Finish(Stop(StopReason.END_TURN), Usage(input=1, output=2))]


def test_signatures_in_parts_of_their_own() -> None:
    events = read(
        sse(
            chunk({"text": "hm", "thought": True}),
            chunk({"text": "", "thought": True, "thoughtSignature": "s1"}),
            chunk({"text": "ok"}),
            chunk({"text": "", "thoughtSignature": "s2"}, reason="STOP"),
        )
    )
    assert events[1:-1] == [
        BlockBegin(0, Thinking("")),
        ThinkingDelta(0, "hm"),
        SignatureDelta(0, "s1"),
        BlockEnd(0),
        BlockBegin(1, Text("")),
        TextDelta(1, "ok"),
        BlockEnd(1),
        BlockBegin(2, Thinking("")),
        SignatureDelta(2, "s2"),
        BlockEnd(2),
    ]


@pytest.mark.parametrize("pretty", [None, 2])
def test_an_error_in_the_middle_comes_bare(pretty: int | None) -> None:
    error = {"error": {"code": 503, "message": "The model is overloaded.", "status": "UNAVAILABLE"}}
    events = read(sse(chunk({"text": "a"})) + json.dumps(error, indent=pretty).encode() + b"\n")
    assert isinstance(events[-1], Failed)
    assert events[-1].failure.status == 503
    assert "overloaded" in events[-1].failure.sentence


def test_an_error_as_an_event_is_heard_too() -> None:
    events = read(
        sse(chunk({"text": "a"}), {"error": {"code": 429, "message": "slow", "status": "RESOURCE_EXHAUSTED"}})
    )
    assert isinstance(events[-1], Failed)
    assert events[-1].failure.status == 429


def test_without_events_the_stream_is_one_array() -> None:
    chunks = [chunk({"text": "ä ["}), chunk({"text": "]}"}, reason="STOP")]
    data = json.dumps(chunks, indent=1, ensure_ascii=False).encode()
    expected = read(sse(*chunks))
    for size in (1, 2, 3, 7, len(data)):
        reader = stream_reader(Expecting(seed="s"))
        pieces = [data[start : start + size] for start in range(0, len(data), size)]
        assert [*(event for piece in pieces for event in reader.feed(piece)), *reader.end()] == expected


def test_a_stream_without_a_finish_reason_has_broken_off() -> None:
    events = read(sse(chunk({"text": "a"})))
    assert isinstance(events[-1], Failed)
    assert events[-1].failure.kind is FailureKind.BROKEN_OFF


@pytest.mark.parametrize("word", ["MALFORMED_FUNCTION_CALL", "OTHER"])
def test_a_stream_that_ends_without_an_answer_has_failed(word: str) -> None:
    events = read(sse({"candidates": [{"finishReason": word, "finishMessage": "why"}]}))
    assert isinstance(events[-1], Failed)
    assert "why" in events[-1].failure.sentence


def test_a_blocked_prompt_ends_as_filtered() -> None:
    events = read(sse({"promptFeedback": {"blockReason": "SAFETY"}}))
    assert events == [Begin(), Finish(Stop(StopReason.CONTENT_FILTER))]


def test_opaque_parts_and_other_candidates() -> None:
    second = {"content": {"parts": [{"text": "other"}]}, "index": 1}
    said = chunk({"thought": True}, {"codeExecutionResult": {"output": "1"}}, reason="STOP")
    events = read(sse({"candidates": [*said["candidates"], second]}))
    assert [type(event) for event in events] == [Begin, BlockBegin, BlockEnd, Finish]
    assert isinstance(events[1], BlockBegin)
    assert isinstance(events[1].block, Opaque)
    assert events[1].block.kind == "codeExecutionResult"


# For clients


def write(*events: Event) -> list[dict[str, Any]]:
    """The chunks, as Google's own clients take them apart: an event each, all of it JSON."""
    writer = StreamWriter(REPLY)
    data = b"".join(writer.write(event) for event in events).decode()
    assert data.endswith("\n\n")
    return [json.loads(event.removeprefix("data: ")) for event in data[:-2].split("\n\n")]


def parts(chunks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [part for said in chunks for part in said["candidates"][0]["content"]["parts"]]


def test_a_stream_for_a_client() -> None:
    chunks = write(
        Begin("x", "served", Usage(input=3)),
        BlockBegin(0, Thinking("")),
        ThinkingDelta(0, "hm"),
        SignatureDelta(0, "s"),
        SignatureDelta(0, "1"),
        BlockEnd(0),
        BlockBegin(1, Text("")),
        TextDelta(1, 'a"b\n'),
        BlockEnd(1),
        BlockBegin(2, ToolCall("1", "f", "")),
        BlockBegin(3, ToolCall("2", "g", "", signature="s2")),
        ArgumentsDelta(2, '{"a":'),
        ArgumentsDelta(3, "{}"),
        ArgumentsDelta(2, " 1}"),
        BlockEnd(2),
        BlockEnd(3),
        Finish(Stop(StopReason.TOOL_USE), Usage(output=2)),
    )
    assert parts(chunks) == [
        {"text": "hm", "thought": True},
        {"text": "", "thought": True, "thoughtSignature": "s1"},
        {"text": 'a"b\n'},
        {"functionCall": {"name": "f", "args": {"a": 1}, "id": "1"}},
        {"functionCall": {"name": "g", "args": {}, "id": "2"}, "thoughtSignature": "s2"},
        {"text": ""},
    ]
    assert all((said["modelVersion"], said["responseId"]) == ("asked-for", "req_1") for said in chunks)
    assert [said["candidates"][0].get("finishReason") for said in chunks] == [None] * 5 + ["STOP"]
    assert chunks[-1]["usageMetadata"] == {
        "promptTokenCount": 3,
        "candidatesTokenCount": 2,
        "totalTokenCount": 5,
    }


def test_text_is_never_held_back() -> None:
    writer = StreamWriter(REPLY)
    writer.write(Begin())
    writer.write(BlockBegin(0, Text("")))
    assert b'"text":"a"' in writer.write(TextDelta(0, "a"))


def test_a_failure_comes_bare_as_googles_clients_look_for_it() -> None:
    """Wrapped in an event it was taken for an empty chunk, and the client waited for the rest."""
    writer = StreamWriter(REPLY)
    writer.write(Begin())
    data = writer.write(Failed(Failure(FailureKind.OVERLOADED, "busy")))
    error = json.loads(data)["error"]
    assert (error["code"], error["status"], error["message"]) == (503, "UNAVAILABLE", "busy")
    assert data.endswith(b"\n\n")
    assert data.count(b"\n") == 2
    assert writer.write(Finish(Stop(StopReason.END_TURN))) == b""
    events = read(data)
    assert isinstance(events[-1], Failed)


def test_keep_alive_is_a_chunk_that_says_nothing() -> None:
    """Google's clients take every line for JSON, a comment too."""
    (alive,) = write(KeepAlive())
    assert alive == {"modelVersion": "asked-for", "responseId": "req_1"}
    assert read(sse(alive))[:-1] == [Begin("req_1", "asked-for")]


def test_the_end_closes_what_is_open() -> None:
    chunks = write(
        BlockBegin(0, ToolCall("1", "f", "")),
        ArgumentsDelta(0, '{"a": 1}'),
        Finish(Stop(StopReason.TOOL_USE)),
    )
    assert parts(chunks)[0] == {"functionCall": {"name": "f", "args": {"a": 1}, "id": "1"}}


def test_a_call_that_was_cut_off_is_not_handed_on() -> None:
    cut = (BlockBegin(0, ToolCall("1", "f", "")), ArgumentsDelta(0, '{"a'), BlockEnd(0))
    (last,) = write(*cut, Finish(Stop(StopReason.MAX_TOKENS)))
    assert last["candidates"][0]["finishReason"] == "MAX_TOKENS"
    (error,) = write(*cut, Finish(Stop(StopReason.TOOL_USE)))
    assert error["error"]["message"].startswith("The model called the tool f")


def test_blocks_of_other_formats_never_look_like_calls() -> None:
    foreign = Opaque(Format.ANTHROPIC, "server_tool_use", Raw(b'{"name":"web_search"}'))
    chunks = write(BlockBegin(0, foreign), BlockEnd(0), Finish(Stop(StopReason.END_TURN)))
    assert parts(chunks) == [{"text": ""}]


def test_arguments_on_several_lines_stay_one_event() -> None:
    (called, _) = write(
        BlockBegin(0, ToolCall("1", "f", "")),
        ArgumentsDelta(0, '{\n  "a": "b\\nc",\r\n\r\n  "d": 1\n\n}'),
        BlockEnd(0),
        Finish(Stop(StopReason.TOOL_USE)),
    )
    assert parts([called])[0]["functionCall"]["args"] == {"a": "b\nc", "d": 1}


@pytest.mark.parametrize(
    "last", [Finish(Stop(StopReason.END_TURN)), Failed(Failure(FailureKind.SERVER, "broken"))]
)
def test_clients_that_ask_for_no_events_get_one_array(last: Event) -> None:
    told = [BlockBegin(0, Text("")), TextDelta(0, "a"), KeepAlive(), TextDelta(0, "b"), BlockEnd(0), last]
    writer = ArrayWriter(REPLY)
    pieces = [writer.write(event) for event in (Begin(), *told)]
    assert json.loads(b"".join(pieces)) == write(*told)
    assert b'"a"' in pieces[2]
    assert writer.write(last) == b""
