"""Providers' streams, strict and careless ones."""

import json
from typing import Any

import pytest
from msgspec import Raw

from proxy.wire.anthropic.read_stream import stream_reader
from proxy.wire.canonical import (
    ArgumentsDelta,
    Begin,
    BlockBegin,
    BlockEnd,
    Citation,
    CitationDelta,
    Event,
    Failed,
    Finish,
    KeepAlive,
    Opaque,
    RedactedThinking,
    SignatureDelta,
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
from proxy.wire.failure import FailureKind
from proxy.wire.format import Format
from proxy.wire.target import Expecting, ToolNames

START = {
    "type": "message_start",
    "message": {"id": "msg_1", "model": "served", "usage": {"input_tokens": 3, "output_tokens": 1}},
}
BEGIN = Begin("msg_1", "served", Usage(input=3, output=1))
STOP = {"type": "message_stop"}
ENDED = Stop(StopReason.END_TURN)


def begin(index: int, **block: Any) -> dict[str, Any]:
    return {"type": "content_block_start", "index": index, "content_block": block}


def more(index: int, kind: str, **delta: Any) -> dict[str, Any]:
    return {"type": "content_block_delta", "index": index, "delta": {"type": kind, **delta}}


def end(index: int) -> dict[str, Any]:
    return {"type": "content_block_stop", "index": index}


def last(reason: str | None = "end_turn", **usage: int) -> dict[str, Any]:
    return {"type": "message_delta", "delta": {"stop_reason": reason}, "usage": {"output_tokens": 9, **usage}}


def stream(*frames: dict[str, Any]) -> bytes:
    return b"".join(
        b"event: %b\ndata: %b\n\n" % (frame.get("type", "x").encode(), json.dumps(frame).encode())
        for frame in frames
    )


def read(*frames: dict[str, Any], expecting: Expecting | None = None) -> list[Event]:
    reader = stream_reader(expecting or Expecting())
    return [*reader.feed(stream(*frames)), *reader.end()]


def inside(*frames: dict[str, Any], expecting: Expecting | None = None) -> list[Event]:
    """What happens between the beginning and the end."""
    first, *events, finish = read(START, *frames, last(), STOP, expecting=expecting)
    assert isinstance(first, Begin)
    assert isinstance(finish, Finish)
    return events


def test_a_stream_from_beginning_to_end() -> None:
    assert read(
        START,
        begin(0, type="text", text=""),
        {"type": "ping"},
        more(0, "text_delta", text="Hel"),
        more(0, "text_delta", text="lo"),
        end(0),
        last(),
        STOP,
    ) == [
        BEGIN,
        BlockBegin(0, Text("")),
        KeepAlive(),
        TextDelta(0, "Hel"),
        TextDelta(0, "lo"),
        BlockEnd(0),
        Finish(ENDED, Usage(input=3, output=9)),
    ]


def test_thinking_keeps_its_signature() -> None:
    assert inside(
        begin(0, type="thinking", thinking="", signature=""),
        more(0, "thinking_delta", thinking="so"),
        more(0, "signature_delta", signature="s=="),
        end(0),
        begin(1, type="redacted_thinking", data="d=="),
        end(1),
    ) == [
        BlockBegin(0, Thinking("", "")),
        ThinkingDelta(0, "so"),
        SignatureDelta(0, "s=="),
        BlockEnd(0),
        BlockBegin(1, RedactedThinking("d==")),
        BlockEnd(1),
    ]


def test_a_calls_input_comes_as_it_is_written() -> None:
    names = ToolNames({"g__n": ToolRef("n", "g")})
    assert inside(
        begin(0, type="tool_use", id="i", name="g__n", input={}),
        more(0, "input_json_delta", partial_json=""),
        more(0, "input_json_delta", partial_json='{"a":'),
        more(0, "input_json_delta", partial_json="1}"),
        end(0),
        expecting=Expecting(names=names),
    ) == [
        BlockBegin(0, ToolCall("i", "n", "", namespace="g")),
        ArgumentsDelta(0, '{"a":'),
        ArgumentsDelta(0, "1}"),
        BlockEnd(0),
    ]


@pytest.mark.parametrize(
    ("members", "arguments"), [({}, "{}"), ({"input": {}}, "{}"), ({"input": {"a": 1}}, '{"a": 1}')]
)
def test_a_call_with_all_of_its_input_or_none_at_the_start(members: dict[str, Any], arguments: str) -> None:
    assert inside(begin(0, type="tool_use", id="i", name="n", **members), end(0)) == [
        BlockBegin(0, ToolCall("i", "n", "")),
        ArgumentsDelta(0, arguments),
        BlockEnd(0),
    ]


def test_parallel_calls_keep_an_index_each() -> None:
    events = inside(
        begin(0, type="tool_use", id="i", name="n", input={}),
        begin(1, type="tool_use", id="j", name="n", input={}),
        more(0, "input_json_delta", partial_json="{"),
        more(1, "input_json_delta", partial_json='{"b":1}'),
        more(0, "input_json_delta", partial_json="}"),
        end(0),
        end(1),
    )
    assert [e for e in events if isinstance(e, ArgumentsDelta)] == [
        ArgumentsDelta(0, "{"),
        ArgumentsDelta(1, '{"b":1}'),
        ArgumentsDelta(0, "}"),
    ]


def test_citations() -> None:
    citation = {"type": "char_location", "cited_text": "q", "document_title": "d"}
    raw = Raw(json.dumps(citation).encode())
    assert inside(
        begin(0, type="text", text="", citations=[]), more(0, "citations_delta", citation=citation), end(0)
    ) == [
        BlockBegin(0, Text("")),
        CitationDelta(0, Citation(Format.ANTHROPIC, raw, title="d", quote="q")),
        BlockEnd(0),
    ]


def test_what_the_provider_does_itself_is_whole_at_its_beginning_and_no_call() -> None:
    result = {"type": "web_search_tool_result", "tool_use_id": "s", "content": []}
    events = inside(
        begin(0, type="server_tool_use", id="s", name="web_search", input={}),
        more(0, "input_json_delta", partial_json='{"query":'),
        more(0, "input_json_delta", partial_json='"q"}'),
        end(0),
        begin(1, **result),
        end(1),
        begin(2, type="compaction", content=None),
        more(2, "compaction_delta", content="short"),
        end(2),
        begin(3, type="text", text=""),
        end(3),
    )
    blocks = [event.block for event in events if isinstance(event, BlockBegin)]
    assert [type(block) for block in blocks] == [Opaque, Opaque, Opaque, Text]
    assert [json.loads(bytes(block.raw)) for block in blocks if isinstance(block, Opaque)] == [
        {"type": "server_tool_use", "id": "s", "name": "web_search", "input": {"query": "q"}},
        result,
        {"type": "compaction", "content": "short"},
    ]
    assert [event.index for event in events if isinstance(event, BlockBegin)] == [0, 1, 2, 3]
    assert not any(isinstance(event, ArgumentsDelta) for event in events)


def test_llama_cpp_begins_a_block_before_it_ends_the_one_in_front() -> None:
    assert inside(
        begin(0, type="thinking", thinking=""),
        more(0, "thinking_delta", thinking="so"),
        begin(1, type="text", text=""),
        more(1, "text_delta", text="hi"),
        more(0, "signature_delta", signature=""),
        end(0),
        end(1),
    ) == [
        BlockBegin(0, Thinking("")),
        ThinkingDelta(0, "so"),
        BlockBegin(1, Text("")),
        TextDelta(1, "hi"),
        BlockEnd(0),
        BlockEnd(1),
    ]


def test_what_a_block_says_at_its_start_is_told_like_the_rest() -> None:
    assert inside(
        begin(0, type="text", text="a"), begin(1, type="thinking", thinking="t", signature="s")
    ) == [
        BlockBegin(0, Text("")),
        TextDelta(0, "a"),
        BlockBegin(1, Thinking("", "")),
        ThinkingDelta(1, "t"),
        SignatureDelta(1, "s"),
        BlockEnd(0),
        BlockEnd(1),
    ]


def test_a_stream_that_ends_after_its_stop_reason_is_complete() -> None:
    assert read(START, begin(0, type="text", text=""), last("max_tokens"))[-2:] == [
        BlockEnd(0),
        Finish(Stop(StopReason.MAX_TOKENS), Usage(input=3, output=9)),
    ]


@pytest.mark.parametrize(
    "frames", [[], [START], [START, begin(0, type="text", text="")], [START, last(None)]]
)
def test_a_stream_that_ends_before_its_stop_reason_has_broken_off(frames: list[dict[str, Any]]) -> None:
    *_, failed = read(*frames)
    assert isinstance(failed, Failed)
    assert failed.failure.kind is FailureKind.BROKEN_OFF


def test_the_stop_reason_and_the_counts_may_come_apart() -> None:
    finish = read(
        START,
        {"type": "message_delta", "delta": {"stop_reason": "stop_sequence", "stop_sequence": "END"}},
        {"type": "message_delta", "delta": {}, "usage": {"input_tokens": 5, "output_tokens": 7}},
        STOP,
    )[-1]
    assert finish == Finish(Stop(StopReason.STOP_SEQUENCE, "END"), Usage(input=5, output=7))


def test_tool_use_is_claimed_only_with_a_call() -> None:
    assert read(START, last("tool_use"), STOP)[-1] == Finish(ENDED, Usage(input=3, output=9))
    called = read(START, begin(0, type="tool_use", id="i", name="n"), last("end_turn"), STOP)[-1]
    assert called == Finish(Stop(StopReason.TOOL_USE), Usage(input=3, output=9))


def test_details_of_a_refusal_are_kept() -> None:
    details = {"type": "refusal", "category": None}
    frame = {"type": "message_delta", "delta": {"stop_reason": "refusal", "stop_details": details}}
    finish = read(START, frame, STOP)[-1]
    assert isinstance(finish, Finish)
    assert finish.stop == Stop(StopReason.REFUSAL, extra={"stop_details": Raw(json.dumps(details).encode())})


@pytest.mark.parametrize(
    ("frame", "kind"),
    [
        (
            {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}},
            FailureKind.OVERLOADED,
        ),
        ({"error": {"type": "server_error", "message": "broke", "code": 500}}, FailureKind.SERVER),
        ({"code": 500, "type": "server_error", "message": "broke"}, FailureKind.SERVER),
    ],
)
def test_an_error_in_the_middle_ends_the_stream(frame: dict[str, Any], kind: FailureKind) -> None:
    events = read(START, begin(0, type="text", text=""), frame, last(), STOP)
    assert isinstance(events[-1], Failed)
    assert events[-1].failure.kind is kind
    assert sum(isinstance(event, Failed | Finish) for event in events) == 1


@pytest.mark.parametrize(
    "frame",
    [
        more(7, "text_delta", text="x"),
        {"type": "content_block_delta", "index": "first", "delta": {}},
        begin(0, type="text", text=[]),
        begin(0, text="of no type"),
    ],
)
def test_a_malformed_stream_fails(frame: dict[str, Any]) -> None:
    *_, failed = read(START, frame, last(), STOP)
    assert isinstance(failed, Failed)
    assert failed.failure.kind is FailureKind.BAD_ANSWER


def test_what_is_not_understood_is_passed_over() -> None:
    frames = ({"type": "of tomorrow", "delta": {"type": 1}}, end(9))
    assert inside(frames[1], begin(0, type="text", text=""), more(0, "delta_of_tomorrow", x=1), end(0)) == [
        BlockBegin(0, Text("")),
        BlockEnd(0),
    ]


def test_a_stream_without_a_beginning_gets_one() -> None:
    assert read(begin(0, type="text", text=""), last(), STOP)[:2] == [Begin(), BlockBegin(0, Text(""))]


def test_a_ping_in_front_of_everything_costs_nothing_of_the_beginning() -> None:
    assert read({"type": "ping"}, START, last(), STOP)[:2] == [KeepAlive(), BEGIN]


def test_no_error_is_no_error() -> None:
    events = read({**START, "error": None}, last(), STOP)
    assert isinstance(events[-1], Finish)


@pytest.mark.parametrize("members", [{"code": None, "message": None}, {"code": None, "message": {}}])
def test_no_code_is_no_error(members: dict[str, Any]) -> None:
    events = read(START, {**last(), **members}, STOP)
    assert isinstance(events[-1], Finish)


def test_a_beginning_that_comes_late_still_counts() -> None:
    *_, finish = read(begin(0, type="text", text=""), end(0), START, last(), STOP)
    assert finish == Finish(ENDED, Usage(input=3, output=9))


def test_text_of_a_block_that_is_not_understood_comes_in_pieces() -> None:
    begun, _end = inside(
        begin(0, type="of tomorrow", text="a", n=1),
        more(0, "text_delta", text="b"),
        more(0, "text_delta", text="c", n=2),
        end(0),
    )
    assert isinstance(begun, BlockBegin)
    assert isinstance(begun.block, Opaque)
    assert json.loads(bytes(begun.block.raw)) == {"type": "of tomorrow", "text": "abc", "n": 2}
