"""Streams for clients: strictly one block after the other, and one end."""

import json
from itertools import pairwise
from typing import Any

import pytest
from msgspec import Raw

from proxy.wire.anthropic.write_stream import StreamWriter
from proxy.wire.canonical import (
    ArgumentsDelta,
    Begin,
    Block,
    BlockBegin,
    BlockEnd,
    Citation,
    CitationDelta,
    Event,
    Failed,
    Finish,
    Image,
    KeepAlive,
    Opaque,
    RedactedThinking,
    Refusal,
    SignatureDelta,
    Stop,
    StopReason,
    Text,
    TextDelta,
    Thinking,
    ThinkingDelta,
    ToolCall,
    Url,
    Usage,
)
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format
from proxy.wire.target import Reply

REPLY = Reply(id="req_1", model="asked-for", created=1)
END = Finish(Stop(StopReason.END_TURN))
CALL = ToolCall("i", "n", "")


def frames(*events: Event, reply: Reply = REPLY) -> list[dict[str, Any]]:
    """The data of what is written, each under the event's own name."""
    writer = StreamWriter(reply)
    text = b"".join(writer.write(event) for event in events)
    values = []
    for frame in text.decode().split("\n\n")[:-1]:
        name, data = frame.split("\n")
        value = json.loads(data.removeprefix("data: "))
        assert name == f"event: {value['type']}"
        values.append(value)
    return values


def blocks(*events: Event, reply: Reply = REPLY) -> list[tuple[Any, ...]]:
    """What is told of blocks, shortened: (index, start block | delta members | "stop")."""
    told: list[tuple[Any, ...]] = []
    for frame in frames(Begin(), *events, END, reply=reply):
        match frame:
            case {"type": "content_block_start", "index": index, "content_block": block}:
                told.append((index, block))
            case {"type": "content_block_delta", "index": index, "delta": {"type": kind, **rest}}:
                told.append((index, kind, *rest.values()))
            case {"type": "content_block_stop", "index": index}:
                told.append((index, "stop"))
    return told


def test_a_stream_from_beginning_to_end() -> None:
    usage = Usage(input=3, cache_read=4, output=9, reasoning=2)
    assert frames(
        Begin("msg_1", "served", Usage(input=3, cache_read=4)),
        BlockBegin(0, Text("")),
        TextDelta(0, "hé\n"),
        BlockEnd(0),
        KeepAlive(),
        Finish(Stop(StopReason.STOP_SEQUENCE, "END"), usage),
    ) == [
        {
            "type": "message_start",
            "message": {
                "id": "msg_1",
                "type": "message",
                "role": "assistant",
                "model": "asked-for",
                "content": [],
                "stop_reason": None,
                "stop_sequence": None,
                "usage": {"input_tokens": 3, "cache_read_input_tokens": 4, "output_tokens": 0},
            },
        },
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "hé\n"}},
        {"type": "content_block_stop", "index": 0},
        {"type": "ping"},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "stop_sequence", "stop_sequence": "END"},
            "usage": {
                "input_tokens": 3,
                "cache_read_input_tokens": 4,
                "output_tokens": 9,
                "output_tokens_details": {"thinking_tokens": 2},
            },
        },
        {"type": "message_stop"},
    ]


@pytest.mark.parametrize("first", [KeepAlive(), BlockBegin(0, CALL), END])
def test_the_message_begins_before_anything_else(first: Event) -> None:
    assert frames(first)[0]["type"] == "message_start"
    assert [f["type"] for f in frames(first, Begin("msg_9"))].count("message_start") == 1


def test_text_is_passed_on_at_once() -> None:
    writer = StreamWriter(REPLY)
    writer.write(Begin())
    writer.write(BlockBegin(0, Text("")))
    assert b'"text":"now"' in writer.write(TextDelta(0, "now"))
    writer.write(BlockEnd(0))
    writer.write(BlockBegin(1, CALL))
    assert b'"partial_json":"{\\"a\\""' in writer.write(ArgumentsDelta(1, '{"a"'))


def test_blocks_never_interleave() -> None:
    told = blocks(
        BlockBegin(0, ToolCall("i", "n", "")),
        BlockBegin(1, ToolCall("j", "m", "")),
        ArgumentsDelta(1, "{"),
        ArgumentsDelta(0, "{"),
        ArgumentsDelta(1, "}"),
        ArgumentsDelta(0, "}"),
    )
    assert told == [
        (0, {"type": "tool_use", "id": "i", "name": "n", "input": {}}),
        (0, "input_json_delta", "{"),
        (0, "input_json_delta", "}"),
        (0, "stop"),
        (1, {"type": "tool_use", "id": "j", "name": "m", "input": {}}),
        (1, "input_json_delta", "{"),
        (1, "input_json_delta", "}"),
        (1, "stop"),
    ]
    assert all(one[0] <= other[0] for one, other in pairwise(told))


def test_places_are_counted_without_gaps_whatever_is_left_out() -> None:
    told = blocks(
        BlockBegin(0, Thinking("")),
        ThinkingDelta(0, "unsigned"),
        BlockEnd(0),
        BlockBegin(1, Opaque(Format.RESPONSES, "web_search_call", Raw(b"{}"))),
        BlockEnd(1),
        BlockBegin(2, Text("")),
        BlockEnd(2),
        BlockBegin(3, Refusal("")),
        TextDelta(3, "no"),
        BlockEnd(3),
        BlockBegin(4, CALL),
        BlockEnd(4),
    )
    assert told == [
        (0, {"type": "text", "text": ""}),
        (0, "text_delta", "no"),
        (0, "stop"),
        (1, {"type": "tool_use", "id": "i", "name": "n", "input": {}}),
        (1, "stop"),
    ]


def test_signed_thinking_is_told_with_one_whole_signature() -> None:
    told = blocks(
        BlockBegin(0, Thinking("")),
        ThinkingDelta(0, "a"),
        ThinkingDelta(0, "b"),
        SignatureDelta(0, "s"),
        SignatureDelta(0, "=="),
        BlockEnd(0),
        BlockBegin(1, RedactedThinking("d")),
        BlockEnd(1),
    )
    assert told == [
        (0, {"type": "thinking", "thinking": "", "signature": ""}),
        (0, "thinking_delta", "ab"),
        (0, "signature_delta", "s=="),
        (0, "stop"),
        (1, {"type": "redacted_thinking", "data": "d"}),
        (1, "stop"),
    ]


def test_thinking_that_is_going_to_be_signed_waits_for_nothing() -> None:
    told = blocks(
        BlockBegin(0, Thinking("", signature="")),
        ThinkingDelta(0, "a"),
        ThinkingDelta(0, "b"),
        SignatureDelta(0, "s=="),
        BlockEnd(0),
    )
    assert [what for _, what, *_ in told] == [
        {"type": "thinking", "thinking": "", "signature": ""},
        "thinking_delta",
        "thinking_delta",
        "signature_delta",
        "stop",
    ]


def test_unsigned_thinking_is_shown_as_it_comes_to_those_who_take_it() -> None:
    reply = Reply(id="r", model="m", created=1, shows_unsigned_thinking=True)
    told = blocks(
        BlockBegin(0, Thinking("")), ThinkingDelta(0, "a"), ThinkingDelta(0, "b"), BlockEnd(0), reply=reply
    )
    assert told == [
        (0, {"type": "thinking", "thinking": "", "signature": ""}),
        (0, "thinking_delta", "a"),
        (0, "thinking_delta", "b"),
        (0, "stop"),
    ]


CITED = Citation(Format.ANTHROPIC, Raw(b'{"type":"char_location"}'))


@pytest.mark.parametrize(
    ("block", "told"),
    [
        (Text("a"), [({"type": "text", "text": ""},), ("text_delta", "a")]),
        (
            Text("a", (CITED,)),
            [
                ({"type": "text", "text": ""},),
                ("text_delta", "a"),
                ("citations_delta", {"type": "char_location"}),
            ],
        ),
        (
            Thinking("t", "s"),
            [
                ({"type": "thinking", "thinking": "", "signature": ""},),
                ("thinking_delta", "t"),
                ("signature_delta", "s"),
            ],
        ),
        (
            ToolCall("i", "n", "{}", extra={"caller": Raw(b'{"type":"direct"}'), "other": Raw(b"1")}),
            [
                ({"type": "tool_use", "id": "i", "name": "n", "caller": {"type": "direct"}, "input": {}},),
                ("input_json_delta", "{}"),
            ],
        ),
        (
            Opaque(Format.ANTHROPIC, "server_tool_use", Raw(b'{"type":"server_tool_use","input":{"q":1}}')),
            [({"type": "server_tool_use", "input": {}},), ("input_json_delta", '{"q":1}')],
        ),
        (
            Opaque(Format.ANTHROPIC, "web_search_tool_result", Raw(b'{"type":"web_search_tool_result"}')),
            [({"type": "web_search_tool_result"},)],
        ),
        (
            Image(Url("u")),
            [
                ({"type": "text", "text": ""},),
                ("text_delta", "[The model answered with an image or a file, which cannot be shown here.]"),
            ],
        ),
    ],
)
def test_what_a_block_says_from_the_start_is_told(block: Block, told: list[tuple[Any, ...]]) -> None:
    assert blocks(BlockBegin(0, block), BlockEnd(0)) == [*((0, *piece) for piece in told), (0, "stop")]


def test_citations_of_other_formats_are_left_out() -> None:
    told = blocks(
        BlockBegin(0, Text("")),
        TextDelta(0, "a"),
        CitationDelta(0, Citation(Format.GEMINI, Raw(b"{}"))),
        CitationDelta(0, CITED),
        BlockEnd(0),
    )
    assert [piece[1] for piece in told[1:]] == ["text_delta", "citations_delta", "stop"]


def test_a_block_still_open_at_the_end_is_ended() -> None:
    kinds = [f["type"] for f in frames(Begin(), BlockBegin(0, Text("")), TextDelta(0, "a"), END)]
    assert kinds[-3:] == ["content_block_stop", "message_delta", "message_stop"]


def test_tool_use_is_claimed_only_with_a_call_that_was_told() -> None:
    claimed = frames(Begin(), Finish(Stop(StopReason.TOOL_USE)))[-2]
    assert claimed["delta"]["stop_reason"] == "end_turn"
    called = frames(Begin(), BlockBegin(0, CALL), BlockEnd(0), END)[-2]
    assert called["delta"]["stop_reason"] == "tool_use"


def test_counts_known_at_the_beginning_are_told_at_the_end_as_well() -> None:
    last = frames(Begin(usage=Usage(input=3)), Finish(Stop(StopReason.END_TURN), Usage(output=5)))[-2]
    assert last["usage"] == {"output_tokens": 5, "input_tokens": 3}


def test_a_failure_is_an_error_event_and_the_last_word() -> None:
    failure = Failure(FailureKind.OVERLOADED, "Too busy.")
    told = frames(Begin(), BlockBegin(0, Text("")), TextDelta(0, "a"), Failed(failure), END, KeepAlive())
    assert told[-1]["type"] == "error"
    assert told[-1]["error"] == {"type": "overloaded_error", "message": "Too busy."}
    assert told[-1]["request_id"] == "req_1"


def test_a_failure_may_be_all_there_is() -> None:
    assert [f["type"] for f in frames(Failed(Failure(FailureKind.SERVER, "x")))] == ["error"]


@pytest.mark.parametrize(
    ("reason", "ends"),
    [
        (StopReason.END_TURN, "error"),
        (StopReason.TOOL_USE, "error"),
        (StopReason.MAX_TOKENS, "message_stop"),
        (StopReason.CONTEXT_FULL, "message_stop"),
    ],
)
def test_input_that_is_no_json_is_an_error_unless_the_answer_was_cut_off(
    reason: StopReason, ends: str
) -> None:
    events = (Begin(), BlockBegin(0, CALL), ArgumentsDelta(0, '{"a": '), BlockEnd(0), Finish(Stop(reason)))
    assert frames(*events)[-1]["type"] == ends


def test_a_call_without_an_id_gets_one() -> None:
    start = blocks(BlockBegin(0, ToolCall("", "n", "")))[0][1]
    assert start["id"].startswith("toolu_")


def test_json_that_came_on_several_lines_goes_out_on_one() -> None:
    block = Opaque(
        Format.ANTHROPIC, "web_search_tool_result", Raw(b'{\n  "type": "web_search_tool_result"\r\n}')
    )
    writer = StreamWriter(REPLY)
    stream = writer.write(BlockBegin(0, block)) + writer.write(BlockEnd(0))
    assert b'"content_block":{   "type": "web_search_tool_result"  }}' in stream


def test_usage_that_comes_after_a_keep_alive_is_told_at_the_end() -> None:
    writer = StreamWriter(REPLY)
    writer.write(KeepAlive())
    writer.write(Begin(usage=Usage(input=77)))
    assert b'"input_tokens":77' in writer.write(Finish(Stop(StopReason.END_TURN), Usage(output=1)))


def test_details_of_a_refusal_that_came_on_several_lines_go_out_on_one() -> None:
    stop = Stop(StopReason.REFUSAL, extra={"stop_details": Raw(b'{\n  "category": "cyber"\n}')})
    *_, last, _stop = frames(Begin(), Finish(stop))
    assert last["delta"]["stop_details"] == {"category": "cyber"}


@pytest.mark.parametrize("arguments", ["[1]", '"a"', "null"])
def test_json_that_is_no_object_is_no_input(arguments: str) -> None:
    events = (Begin(), BlockBegin(0, CALL), ArgumentsDelta(0, arguments), BlockEnd(0), END)
    assert frames(*events)[-1]["type"] == "error"


def test_input_does_not_begin_with_a_piece_of_whitespace() -> None:
    pieces = [ArgumentsDelta(0, piece) for piece in ("", " ", "\n", '{"a":', " ", "1}")]
    told = blocks(BlockBegin(0, CALL), *pieces, BlockEnd(0))
    assert [rest for _, kind, *rest in told[1:-1]] == [['{"a":'], [" "], ["1}"]]
