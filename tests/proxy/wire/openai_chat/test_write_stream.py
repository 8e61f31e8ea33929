"""How a stream is written for a client."""

import json
from typing import Any

from msgspec import Raw

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
    Refusal,
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
from proxy.wire.openai_chat.write_stream import StreamWriter
from proxy.wire.target import Reply

END = Finish(Stop(StopReason.END_TURN))
USED = Usage(input=3, cache_read=4, output=2)


def streamed(*events: Event, usage_in_stream: bool = True) -> bytes:
    writer = StreamWriter(Reply(id="req_1", model="asked-for", created=7, usage_in_stream=usage_in_stream))
    return b"".join(writer.write(event) for event in events)


def chunks(*events: Event, **reply: bool) -> list[Any]:
    *data, rest = streamed(*events, **reply).decode().split("\n\n")
    assert rest == ""
    assert all(line.startswith("data: ") for line in data)
    return [line[6:] if line == "data: [DONE]" else json.loads(line[6:]) for line in data]


def deltas(*events: Event) -> list[dict[str, Any]]:
    """The deltas between the role and the end."""
    return [chunk["choices"][0]["delta"] for chunk in chunks(*events, END)[1:-2]]


def test_a_stream_by_the_book() -> None:
    told = chunks(
        Begin("msg_1", "served"),
        BlockBegin(0, Text("")),
        TextDelta(0, 'a "b"\n'),
        BlockEnd(0),
        Finish(Stop(StopReason.END_TURN), USED),
    )
    envelope = {"id": "msg_1", "object": "chat.completion.chunk", "created": 7, "model": "asked-for"}
    usage = {
        "prompt_tokens": 7,
        "completion_tokens": 2,
        "total_tokens": 9,
        "prompt_tokens_details": {"cached_tokens": 4},
    }
    choices: list[list[dict[str, Any]]] = [
        [{"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}],
        [{"index": 0, "delta": {"content": 'a "b"\n'}, "finish_reason": None}],
        [{"index": 0, "delta": {}, "finish_reason": "stop"}],
    ]
    assert told == [
        *({**envelope, "choices": choice} for choice in choices),
        {**envelope, "choices": [], "usage": usage},
        "[DONE]",
    ]


def test_usage_is_only_for_those_who_asked_and_only_if_it_is_known() -> None:
    used = Finish(Stop(StopReason.END_TURN), USED)
    assert len(chunks(Begin(), used)) == 4
    assert len(chunks(Begin(), used, usage_in_stream=False)) == 3
    assert len(chunks(Begin(), END)) == 3


def test_parallel_calls_keep_an_index_each() -> None:
    told = deltas(
        Begin(),
        BlockBegin(0, Text("")),
        BlockEnd(0),
        BlockBegin(1, ToolCall("a", "f", "")),
        BlockBegin(2, ToolCall("b", "g", "")),
        ArgumentsDelta(2, '{"y"'),
        ArgumentsDelta(1, '{"x":1}'),
        ArgumentsDelta(2, ":2}"),
        BlockEnd(1),
        BlockEnd(2),
    )
    assert [call for delta in told for call in delta["tool_calls"]] == [
        {"index": 0, "id": "a", "type": "function", "function": {"name": "f", "arguments": ""}},
        {"index": 1, "id": "b", "type": "function", "function": {"name": "g", "arguments": ""}},
        {"index": 1, "function": {"arguments": '{"y"'}},
        {"index": 0, "function": {"arguments": '{"x":1}'}},
        {"index": 1, "function": {"arguments": ":2}"}},
    ]


def test_a_call_without_arguments_has_none_in_braces() -> None:
    begin = BlockBegin(0, ToolCall("a", "f", ""))
    for events in ([begin, BlockEnd(0)], [begin]):
        told = chunks(Begin(), *events, END)
        pieces = [call["function"]["arguments"] for c in told[1:3] for call in _calls(c)]
        assert pieces == ["", "{}"]


def _calls(chunk: dict[str, Any]) -> list[dict[str, Any]]:
    calls: list[dict[str, Any]] = chunk["choices"][0]["delta"]["tool_calls"]
    return calls


def test_thinking_refusals_and_what_is_known_from_the_start() -> None:
    assert deltas(
        Begin(),
        BlockBegin(0, Thinking("h", "si")),
        ThinkingDelta(0, "m"),
        SignatureDelta(0, "g"),
        BlockEnd(0),
        BlockBegin(1, RedactedThinking("secret")),
        BlockEnd(1),
        BlockBegin(2, Text("t")),
        BlockEnd(2),
        BlockBegin(3, Refusal("n")),
        TextDelta(3, "o"),
        BlockEnd(3),
    ) == [
        {"reasoning_content": "h"},
        {"reasoning_details": [{"type": "reasoning.text", "signature": "si", "index": 0}]},
        {"reasoning_content": "m"},
        {"reasoning_details": [{"type": "reasoning.text", "signature": "g", "index": 0}]},
        {"reasoning_details": [{"type": "reasoning.encrypted", "data": "secret", "index": 1}]},
        {"content": "t"},
        {"refusal": "n"},
        {"refusal": "o"},
    ]


def test_the_text_of_a_custom_tool_comes_as_text() -> None:
    call = BlockBegin(0, ToolCall("a", "p", "", custom=True))
    pieces = [ArgumentsDelta(0, '{"inp'), ArgumentsDelta(0, 'ut": "x\\'), ArgumentsDelta(0, 'n"}')]
    assert deltas(Begin(), call, *pieces, BlockEnd(0)) == [
        {"tool_calls": [{"index": 0, "id": "a", "type": "custom", "custom": {"name": "p", "input": ""}}]},
        {"tool_calls": [{"index": 0, "custom": {"input": "x\n"}}]},
    ]


def test_the_signature_of_a_call_goes_where_gemini_puts_it() -> None:
    told = deltas(Begin(), BlockBegin(0, ToolCall("a", "f", "{}", signature="sig")), BlockEnd(0))
    signed = {"index": 0, "function": {"arguments": ""}}
    assert told[1] == {"tool_calls": [{**signed, "extra_content": {"google": {"thought_signature": "sig"}}}]}


def test_citations_of_addresses_become_annotations() -> None:
    page = Citation(Format.ANTHROPIC, Raw(b"{}"), "https://x.test", "X")
    book = Citation(Format.ANTHROPIC, Raw(b"{}"), quote="p. 7")
    told = deltas(
        Begin(),
        BlockBegin(0, Text("so: ")),
        BlockEnd(0),
        BlockBegin(1, Text("")),
        TextDelta(1, "fact"),
        CitationDelta(1, page),
        CitationDelta(1, book),
        BlockEnd(1),
    )
    citation = {"url": "https://x.test", "title": "X", "start_index": 4, "end_index": 8}
    assert told[2:] == [{"annotations": [{"type": "url_citation", "url_citation": citation}]}]


def test_another_providers_own_tools_never_look_like_calls() -> None:
    search = Opaque(Format.ANTHROPIC, "server_tool_use", Raw(b"{}"))
    told = chunks(Begin(), BlockBegin(0, search), BlockEnd(0), Finish(Stop(StopReason.TOOL_USE)))
    assert [chunk["choices"][0]["delta"] for chunk in told[:-1]] == [{"role": "assistant", "content": ""}, {}]
    assert told[-2]["choices"][0]["finish_reason"] == "stop"


def test_a_failure_is_an_error_event_and_no_done_follows() -> None:
    failed = Failed(Failure(FailureKind.OVERLOADED, "The provider is busy."))
    told = streamed(Begin(), BlockBegin(0, Text("")), TextDelta(0, "half"), failed, END, TextDelta(0, "x"))
    *_, last, rest = told.decode().split("\n\n")
    assert rest == ""
    assert json.loads(last.removeprefix("data: "))["error"]["message"] == "The provider is busy."
    assert b"[DONE]" not in told


def test_a_failure_may_come_first() -> None:
    told = streamed(Failed(Failure(FailureKind.TIMEOUT, "Nothing came.")))
    assert json.loads(told.removeprefix(b"data: "))["error"]["message"] == "Nothing came."


def test_a_sign_of_life_is_a_comment() -> None:
    assert streamed(KeepAlive()) == b": keep-alive\n\n"


def test_a_stream_without_its_beginning_is_written_all_the_same() -> None:
    told = chunks(TextDelta(0, "x"), END)
    assert [chunk["choices"][0]["delta"] for chunk in told[:-1]] == [
        {"role": "assistant", "content": ""},
        {"content": "x"},
        {},
    ]
    assert chunks(END)[0]["id"] == "chatcmpl-req_1"


def test_nothing_follows_the_end() -> None:
    assert streamed(Begin(), END, END, KeepAlive(), TextDelta(0, "x")) == streamed(Begin(), END)
