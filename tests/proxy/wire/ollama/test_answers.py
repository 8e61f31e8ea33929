"""Answers of Ollama, whole and streamed."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proxy.wire.assemble import collected
from proxy.wire.canonical import (
    Answer,
    ArgumentsDelta,
    Begin,
    BlockBegin,
    BlockEnd,
    Event,
    Failed,
    Finish,
    Stop,
    StopReason,
    Text,
    TextDelta,
    Thinking,
    ThinkingDelta,
    ToolCall,
    ToolRef,
    Usage,
)
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format
from proxy.wire.ollama.read_answer import read_answer
from proxy.wire.ollama.read_stream import stream_reader
from proxy.wire.target import Expecting, ToolNames
from tests.proxy.wire.strategies import chunkings

END = {"done": True, "done_reason": "stop", "prompt_eval_count": 3, "eval_count": 4, "total_duration": 5}


def line(done: dict[str, Any] | None = None, **message: Any) -> dict[str, Any]:
    said = {"role": "assistant", "content": "", **message}
    return {
        "model": "qwen3",
        "created_at": "2026-01-01T00:00:00Z",
        "message": said,
        "done": False,
        **(done or {}),
    }


def call(name: str, arguments: Any, **more: Any) -> dict[str, Any]:
    return {"function": {"index": 0, "name": name, "arguments": arguments}, **more}


def stream(*lines: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(said, ensure_ascii=False).encode() + b"\n" for said in lines)


def read(data: bytes, expecting: Expecting | None = None) -> list[Event]:
    reader = stream_reader(expecting or Expecting(seed="s"))
    return [*reader.feed(data), *reader.end()]


def whole(said: dict[str, Any], expecting: Expecting | None = None) -> Answer:
    return read_answer(json.dumps(said).encode(), expecting or Expecting(seed="s"))


STREAM = stream(
    line(thinking="h"),
    line(thinking="m"),
    line(content="Let me"),
    line(content=" see: ä漢"),
    line(tool_calls=[call("ls", {"p": 1}, id="1"), call("cat", {})]),
    line(tool_calls=[call("ls", '{"p": 2}')]),
    line(END),
)


def test_a_stream() -> None:
    events = read(STREAM)
    made_up = [event.block for event in events if isinstance(event, BlockBegin)][3:]
    assert all(isinstance(block, ToolCall) and block.id.startswith("call_") for block in made_up)
    assert events == [
        Begin(None, "qwen3"),
        BlockBegin(0, Thinking("")),
        ThinkingDelta(0, "h"),
        ThinkingDelta(0, "m"),
        BlockEnd(0),
        BlockBegin(1, Text("")),
        TextDelta(1, "Let me"),
        TextDelta(1, " see: ä漢"),
        BlockEnd(1),
        BlockBegin(2, ToolCall("1", "ls", "")),
        ArgumentsDelta(2, '{"p": 1}'),
        BlockEnd(2),
        BlockBegin(3, made_up[0]),
        ArgumentsDelta(3, "{}"),
        BlockEnd(3),
        BlockBegin(4, made_up[1]),
        ArgumentsDelta(4, '{"p": 2}'),
        BlockEnd(4),
        Finish(Stop(StopReason.TOOL_USE), Usage(input=3, output=4)),
    ]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data())
def test_line_endings_and_pieces_change_no_event(data: st.DataObject) -> None:
    expected = read(STREAM)
    for text in (STREAM, STREAM.replace(b"\n", b"\r\n"), STREAM.rstrip()):
        reader = stream_reader(Expecting(seed="s"))
        events = [event for chunk in data.draw(chunkings(text)) for event in reader.feed(chunk)]
        assert [*events, *reader.end()] == expected


def test_a_stream_cut_anywhere_has_broken_off() -> None:
    for cut in range(len(STREAM) - 1):
        events = read(STREAM[:cut])
        assert sum(isinstance(event, Finish | Failed) for event in events) == 1
        assert isinstance(events[-1], Failed)
        assert events[-1].failure.kind is FailureKind.BROKEN_OFF


def test_a_whole_answer_is_the_stream_in_one_piece() -> None:
    said = line(
        END,
        thinking="hm",
        content="Let me see: ä漢",
        tool_calls=[call("ls", {"p": 1}, id="1"), call("cat", {}), call("ls", {"p": 2})],
    )
    assert whole(said) == collected(read(STREAM), Format.OLLAMA)


def test_made_up_ids_differ_from_call_to_call_and_from_exchange_to_exchange() -> None:
    """Servers that number the calls of each answer from zero mixed up the results of a session."""
    said = line(END, tool_calls=[call("f", {}), call("f", {})])
    answers = [whole(said, Expecting(seed=seed)) for seed in ("one", "two")]
    assert (
        len({block.id for answer in answers for block in answer.content if isinstance(block, ToolCall)}) == 4
    )


def test_names_that_were_changed_are_restored() -> None:
    names = ToolNames({"mcp__read": ToolRef("read", "mcp")})
    answer = whole(line(END, tool_calls=[call("mcp__read", {}, id="1")]), Expecting(names=names))
    assert answer.content == (ToolCall("1", "read", "{}", namespace="mcp"),)


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("stop", StopReason.END_TURN),
        ("length", StopReason.MAX_TOKENS),
        ("load", StopReason.END_TURN),
        ("unload", StopReason.END_TURN),
        (None, StopReason.END_TURN),
    ],
)
def test_reasons_to_stop(word: str | None, reason: StopReason) -> None:
    assert whole(line({"done": True, "done_reason": word}, content="a")).stop == Stop(reason)


@pytest.mark.parametrize(
    ("counts", "usage"),
    [
        ({"prompt_eval_count": 3, "eval_count": 4}, Usage(input=3, output=4)),
        ({"prompt_eval_count": 0, "eval_count": 4}, Usage(output=4)),
        ({"eval_count": 4}, Usage(output=4)),
        ({}, Usage()),
        ({"prompt_eval_count": "many", "eval_count": -1}, Usage()),
    ],
)
def test_a_prompt_that_was_not_counted_is_unknown_and_not_free(counts: dict[str, Any], usage: Usage) -> None:
    assert whole(line({"done": True, **counts}, content="a")).usage == usage


def test_an_error_in_the_middle_is_a_failure() -> None:
    events = read(stream(line(content="a"), {"error": "model runner has unexpectedly stopped"}))
    assert isinstance(events[-1], Failed)
    assert "unexpectedly stopped" in events[-1].failure.sentence


def test_an_error_under_a_good_status_is_an_error() -> None:
    with pytest.raises(Failure) as caught:
        whole({"error": "model 'x' not found"})
    assert "not found" in caught.value.sentence


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"{", b'{"done":1}', b'{"message":{"tool_calls":[{}]}}'])
def test_what_is_no_answer_is_a_bad_answer(body: bytes) -> None:
    with pytest.raises(Failure) as caught:
        read_answer(body, Expecting())
    assert caught.value.kind is FailureKind.BAD_ANSWER
