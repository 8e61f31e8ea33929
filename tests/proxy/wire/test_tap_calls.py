"""The ids of an answer's tool calls, heard while it passes."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.wire.format import Format
from proxy.wire.tap import Tap
from tests.proxy.wire.strategies import chunkings

F = Format


def sse(*events: Any) -> bytes:
    return b"".join(b"data: %b\n\n" % json.dumps(event).encode() for event in events)


def block(index: int, **said: Any) -> dict[str, Any]:
    return {"type": "content_block_start", "index": index, "content_block": said}


def arguments(index: int, text: str) -> dict[str, Any]:
    delta = {"type": "input_json_delta", "partial_json": text}
    return {"type": "content_block_delta", "index": index, "delta": delta}


def chunk(*calls: dict[str, Any], **delta: Any) -> dict[str, Any]:
    said = {**delta, **({"tool_calls": list(calls)} if calls else {})}
    return {"id": "c_1", "choices": [{"index": 0, "delta": said, "finish_reason": None}], "usage": None}


def item(event: str, **said: Any) -> dict[str, Any]:
    return {"type": f"response.output_item.{event}", "output_index": 0, "item": {"id": "fc_1", **said}}


def part(**said: Any) -> dict[str, Any]:
    return {"candidates": [{"content": {"parts": [said], "role": "model"}}], "modelVersion": "gemini"}


# What an answer says of calls in its text and in arguments is not what it calls.
ANTHROPIC = sse(
    {"type": "message_start", "message": {"id": "msg_1", "content": []}},
    block(0, type="text", text=""),
    block(1, type="server_tool_use", id="srvtoolu_1", name="web_search", input={}),
    block(2, type="web_search_tool_result", tool_use_id="srvtoolu_1", content=[]),
    block(3, type="tool_use", id="toolu_1", name="weather", input={}),
    arguments(3, '{"type":"content_block_start","content_block":{"type":"tool_use","id":"toolu_9"}}'),
    block(4, type="tool_use", id="toolu_2", name="weather", input={}),
    {"type": "message_delta", "delta": {"stop_reason": "tool_use"}},
    {"type": "message_stop"},
)
CHAT = sse(
    chunk(role="assistant", content='"tool_calls":[{"id":"call_9"}]'),
    chunk({"index": 0, "id": "call_1", "type": "function", "function": {"name": "a", "arguments": ""}}),
    chunk({"index": 0, "function": {"arguments": '{"id":"call_8"}'}}),
    chunk({"index": 0, "id": None, "function": {"arguments": "x"}}),
    chunk({"index": 0, "id": "", "function": {"arguments": "x"}}),
    chunk({"index": 0, "id": "call_1", "function": {"arguments": "y"}}),
    chunk({"index": 1, "id": "call_2", "type": "custom", "custom": {"name": "b", "input": ""}}),
    {"id": "c_1", "choices": [], "usage": {"prompt_tokens": 1}},
)
RESPONSES = sse(
    {"type": "response.created", "response": {"id": "resp_1", "output": []}},
    {"type": "response.output_text.delta", "delta": '{"item":{"type":"function_call","call_id":"call_9"}}'},
    item("added", type="function_call", call_id="call_1", name="a", arguments=""),
    {"type": "response.function_call_arguments.delta", "item_id": "fc_1", "delta": '{"call_id":"call_8"}'},
    item("done", type="function_call", call_id="call_1", name="a", arguments='{"call_id":"call_8"}'),
    item("done", type="custom_tool_call", call_id="call_2", name="b", input=""),
    item("done", type="function_call_output", call_id="call_7"),
    item("done", type="web_search_call"),
)
GEMINI = sse(
    part(text='"functionCall":{"id":"9"}'),
    part(functionCall={"id": "call_1", "name": "a", "args": {"functionCall": {"id": "8"}}}),
    part(functionCall={"name": "no_id", "args": {}}),
    part(functionCall={"id": "call_2", "name": "b"}),
)
STREAMS = {
    F.ANTHROPIC: (ANTHROPIC, ("toolu_1", "toolu_2")),
    F.OPENAI_CHAT: (CHAT, ("call_1", "call_2")),
    F.RESPONSES: (RESPONSES, ("call_1", "call_2")),
    F.GEMINI: (GEMINI, ("call_1", "call_2")),
}


@pytest.mark.parametrize("format_", list(STREAMS))
@given(data=st.data())
def test_each_call_is_heard_once_however_the_stream_is_cut(format_: Format, data: st.DataObject) -> None:
    stream, expected = STREAMS[format_]
    tap = Tap(format_, streamed=True)
    pieces = data.draw(chunkings(stream))
    assert b"".join([*(tap.pass_on(piece) for piece in pieces), tap.end()]) == stream
    assert tap.told.calls == expected


@pytest.mark.parametrize("format_", list(STREAMS))
def test_a_call_is_known_as_soon_as_its_event_has_passed(format_: Format) -> None:
    stream, expected = STREAMS[format_]
    tap = Tap(format_, streamed=True)
    known = 0
    for event in stream.split(b"\n\n"):
        tap.pass_on(event + b"\n\n")
        known += known < len(expected) and b'"%b"' % expected[known].encode() in event
        assert tap.told.calls == expected[:known]
    assert known == len(expected)


@pytest.mark.parametrize(
    ("format_", "body", "expected"),
    [
        (
            F.ANTHROPIC,
            {
                "content": [
                    {"type": "text", "text": "toolu_9"},
                    {"type": "server_tool_use", "id": "srvtoolu_1"},
                    {"type": "tool_use", "id": "toolu_1", "input": {"type": "tool_use", "id": "toolu_8"}},
                    {"type": "tool_use", "id": "toolu_2"},
                ]
            },
            ("toolu_1", "toolu_2"),
        ),
        (
            F.OPENAI_CHAT,
            {
                "choices": [
                    {"message": {"content": None, "tool_calls": [{"id": "call_1"}, {"id": None}]}},
                    {"message": {"tool_calls": [{"id": "call_2"}, {"id": "call_1"}]}},
                ]
            },
            ("call_1", "call_2"),
        ),
        (F.OPENAI_CHAT, {"choices": [{"message": {"content": "call_1", "tool_calls": None}}]}, ()),
        (
            F.RESPONSES,
            {
                "output": [
                    {"type": "reasoning", "id": "rs_1"},
                    {"type": "function_call", "id": "fc_1", "call_id": "call_1"},
                    {"type": "custom_tool_call", "call_id": "call_2"},
                    {"type": "function_call_output", "call_id": "call_3"},
                ]
            },
            ("call_1", "call_2"),
        ),
        (F.GEMINI, part(functionCall={"id": "call_1", "name": "a"}), ("call_1",)),
        (F.GEMINI, [part(functionCall={"id": "1"}), part(functionCall={"id": "2"})], ("1", "2")),
        (F.GEMINI, part(functionCall={"name": "a"}), ()),
    ],
)
def test_the_calls_of_an_answer_in_one_piece(format_: Format, body: Any, expected: tuple[str, ...]) -> None:
    tap = Tap(format_, streamed=False)
    tap.pass_on(json.dumps(body).encode())
    tap.end()
    assert tap.told.calls == expected


@pytest.mark.parametrize(
    ("format_", "odd"),
    [
        (F.ANTHROPIC, {"type": "content_block_start", "content_block": "tool_use"}),
        (F.ANTHROPIC, block(0, type="tool_use", id=7)),
        (F.ANTHROPIC, block(0, type=["tool_use"], id="toolu_1")),
        (F.OPENAI_CHAT, {"choices": [{"delta": {"tool_calls": {"id": "call_1"}}}]}),
        (F.OPENAI_CHAT, {"choices": [{"delta": {"tool_calls": [{"id": {}}, {"id": ["call_1"]}]}}]}),
        (F.RESPONSES, item("done", type=["function_call"], call_id="call_1")),
        (F.RESPONSES, {"type": "response.output_item.done", "item": [{"call_id": "call_1"}]}),
        (F.GEMINI, {"candidates": [{"content": {"parts": [{"functionCall": "call_1"}]}}]}),
    ],
)
@pytest.mark.parametrize("streamed", [False, True])
def test_calls_of_another_shape_pass_unheard(format_: Format, odd: Any, streamed: bool) -> None:
    tap = Tap(format_, streamed=streamed)
    said = sse(odd) if streamed else json.dumps(odd).encode()
    assert tap.pass_on(said) == said
    tap.end()
    assert tap.told.calls == ()


def test_no_answer_is_heard_without_end() -> None:
    tap = Tap(F.ANTHROPIC, streamed=True)
    tap.pass_on(sse(*[block(n, type="tool_use", id=f"toolu_{n}", name="a", input={}) for n in range(300)]))
    assert tap.told.calls == tuple(f"toolu_{n}" for n in range(256))
