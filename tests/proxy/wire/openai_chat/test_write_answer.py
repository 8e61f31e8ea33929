"""How a whole answer is written for a client."""

import json
from typing import Any

import pytest
from msgspec import Raw

from proxy.wire.canonical import (
    Answer,
    Block,
    Citation,
    Opaque,
    RedactedThinking,
    Refusal,
    Stop,
    StopReason,
    Text,
    Thinking,
    ToolCall,
    Usage,
)
from proxy.wire.format import Format
from proxy.wire.openai_chat.read_answer import read_answer
from proxy.wire.openai_chat.write_answer import write_answer
from proxy.wire.target import Expecting, Reply

REPLY = Reply(id="req_1", model="asked-for", created=1_700_000_000)


def body(*content: Block, stop: StopReason = StopReason.END_TURN, **members: Any) -> dict[str, Any]:
    answer = Answer(format=Format.ANTHROPIC, content=content, stop=Stop(stop), **members)
    written: dict[str, Any] = json.loads(write_answer(answer, REPLY))
    return written


def test_the_model_is_the_one_that_the_client_asked_for() -> None:
    assert body(Text("hi"), model="served", usage=Usage(input=3, cache_read=4, output=2, reasoning=1)) == {
        "id": "chatcmpl-req_1",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": "asked-for",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": "hi", "refusal": None},
                "finish_reason": "stop",
            }
        ],
        "usage": {
            "prompt_tokens": 7,
            "completion_tokens": 2,
            "total_tokens": 9,
            "prompt_tokens_details": {"cached_tokens": 4},
            "completion_tokens_details": {"reasoning_tokens": 1},
        },
    }


def test_unknown_usage_is_not_zero() -> None:
    assert "usage" not in body(Text("hi"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([], {"content": None}),
        ([Text("a"), Text("b")], {"content": "ab"}),
        ([Refusal("no")], {"content": None, "refusal": "no"}),
        ([Thinking("hm"), Text("x")], {"content": "x", "reasoning_content": "hm"}),
        (
            [ToolCall("a", "f", '{"x":1}'), ToolCall("b", "g", "")],
            {
                "content": None,
                "tool_calls": [
                    {"id": "a", "type": "function", "function": {"name": "f", "arguments": '{"x":1}'}},
                    {"id": "b", "type": "function", "function": {"name": "g", "arguments": "{}"}},
                ],
            },
        ),
        (
            [ToolCall("a", "p", '{"input": "x\\n"}', custom=True)],
            {
                "content": None,
                "tool_calls": [{"id": "a", "type": "custom", "custom": {"name": "p", "input": "x\n"}}],
            },
        ),
    ],
)
def test_each_kind_of_block_has_its_place(content: list[Block], message: dict[str, Any]) -> None:
    written = body(*content)["choices"][0]["message"]
    assert written == {"role": "assistant", "refusal": None, **message}


def test_signatures_come_back_from_clients_that_keep_details() -> None:
    message = body(Thinking("hm", "sig"), RedactedThinking("secret"), Text("x"))["choices"][0]["message"]
    assert message["reasoning_content"] == "hm"
    assert message["reasoning_details"] == [
        {"type": "reasoning.text", "text": "hm", "index": 0, "signature": "sig"},
        {"type": "reasoning.encrypted", "data": "secret", "index": 1},
    ]


def test_another_providers_own_tools_never_look_like_calls() -> None:
    search = Opaque(Format.ANTHROPIC, "server_tool_use", Raw(b'{"type":"server_tool_use"}'))
    choice = body(search, Text("found"), stop=StopReason.TOOL_USE)["choices"][0]
    assert choice["message"] == {"role": "assistant", "content": "found", "refusal": None}
    assert choice["finish_reason"] == "stop"


def test_citations_of_addresses_become_annotations() -> None:
    cited = Text("fact", citations=(Citation(Format.ANTHROPIC, Raw(b"{}"), "https://x.test", "X"),))
    other = Text("page", citations=(Citation(Format.ANTHROPIC, Raw(b"{}"), quote="p. 7"),))
    message = body(Text("so: "), cited, other)["choices"][0]["message"]
    citation = {"url": "https://x.test", "title": "X", "start_index": 4, "end_index": 8}
    assert message["annotations"] == [{"type": "url_citation", "url_citation": citation}]


@pytest.mark.parametrize(
    ("stop", "content", "word"),
    [
        (StopReason.END_TURN, Text("x"), "stop"),
        (StopReason.STOP_SEQUENCE, Text("x"), "stop"),
        (StopReason.PAUSE, Text("x"), "stop"),
        (StopReason.MAX_TOKENS, Text("x"), "length"),
        (StopReason.CONTEXT_FULL, Text("x"), "length"),
        (StopReason.CONTENT_FILTER, Text("x"), "content_filter"),
        (StopReason.REFUSAL, Text("x"), "content_filter"),
        (StopReason.REFUSAL, Refusal("no"), "stop"),
        (StopReason.TOOL_USE, ToolCall("a", "f", "{}"), "tool_calls"),
        (StopReason.END_TURN, ToolCall("a", "f", "{}"), "tool_calls"),
        (StopReason.MAX_TOKENS, ToolCall("a", "f", "{"), "length"),
        (StopReason.TOOL_USE, Text("x"), "stop"),
    ],
)
def test_why_it_stopped(stop: StopReason, content: Block, word: str) -> None:
    assert body(content, stop=stop)["choices"][0]["finish_reason"] == word


def test_what_a_provider_of_this_format_said_beyond_all_this_stays() -> None:
    message = {"role": "assistant", "content": "x", "refusal": None, "audio": {"id": "a"}}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": {"content": []}}
    original = {
        "id": "c",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": "asked-for",
        "choices": [choice],
        "system_fingerprint": "fp",
        "message": "as some name what they say beside it",
    }
    read = read_answer(json.dumps(original).encode(), Expecting())
    assert json.loads(write_answer(read, REPLY)) == original
