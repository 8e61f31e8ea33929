"""How a provider's whole answer is read."""

import json
from typing import Any

import pytest

from proxy.wire.canonical import (
    Answer,
    Block,
    RedactedThinking,
    Refusal,
    Stop,
    StopReason,
    Text,
    Thinking,
    ToolCall,
    ToolRef,
    Usage,
)
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.openai_chat.read_answer import read_answer
from proxy.wire.target import Expecting, ToolNames

CALL = {"id": "a", "type": "function", "function": {"name": "f", "arguments": '{"x": 1}'}}


def answer(message: dict[str, Any], finish: str | None = "stop", **members: Any) -> Answer:
    choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": finish}
    body = {"id": "cmpl-1", "object": "chat.completion", "created": 1, "model": "served", "choices": [choice]}
    return read_answer(json.dumps({**body, **members}).encode(), Expecting(seed="s"))


@pytest.mark.parametrize(
    ("message", "content"),
    [
        ({"content": "hi"}, (Text("hi"),)),
        ({"content": None}, ()),
        ({"content": ""}, ()),
        ({}, ()),
        ({"content": None, "refusal": "no"}, (Refusal("no"),)),
        ({"content": "ok", "reasoning_content": "hm"}, (Thinking("hm"), Text("ok"))),
        ({"content": "ok", "reasoning": "hm"}, (Thinking("hm"), Text("ok"))),
        ({"content": "", "tool_calls": [CALL]}, (ToolCall("a", "f", '{"x": 1}'),)),
        ({"content": "ok", "tool_calls": []}, (Text("ok"),)),
        ({"content": "ok", "tool_calls": None}, (Text("ok"),)),
        (
            {
                "content": [
                    {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]},
                    {"type": "text", "text": "ok"},
                ]
            },
            (Thinking("hm"), Text("ok")),
        ),
    ],
)
def test_what_an_answer_holds(message: dict[str, Any], content: tuple[Block, ...]) -> None:
    assert answer(message).content == content


def test_parallel_calls_under_the_names_that_the_client_knows() -> None:
    names = ToolNames({"f": ToolRef("run", "mcp")})
    calls = [CALL, {"function": {"name": "g", "arguments": {"y": 2}}}, {**CALL, "id": "a"}]
    body = json.dumps({"choices": [{"message": {"tool_calls": calls}}]}).encode()
    one, two, three = read_answer(body, Expecting(names=names, seed="s")).content
    assert one == ToolCall("a", "run", '{"x": 1}', namespace="mcp")
    assert isinstance(two, ToolCall)
    assert isinstance(three, ToolCall)
    assert (two.name, two.arguments) == ("g", '{"y": 2}')
    assert len({"a", two.id, three.id}) == 3


def test_a_function_call_of_old() -> None:
    [block] = answer({"function_call": {"name": "f", "arguments": "{}"}}, "function_call").content
    assert isinstance(block, ToolCall)
    assert block.name == "f"
    assert block.id


def test_signed_and_encrypted_thinking() -> None:
    details = [
        {"type": "reasoning.text", "text": "hm", "signature": "sig"},
        {"type": "reasoning.encrypted", "data": "secret"},
    ]
    first, second, _ = answer({"content": "ok", "reasoning": "hm", "reasoning_details": details}).content
    assert isinstance(first, Thinking)
    assert isinstance(second, RedactedThinking)
    assert (first.text, first.signature, second.data) == ("hm", "sig", "secret")


def test_citations_stand_with_the_text() -> None:
    cited = {"type": "url_citation", "url_citation": {"url": "https://x.test", "title": "X"}}
    [text] = answer({"content": "ok", "annotations": [cited]}).content
    assert isinstance(text, Text)
    [citation] = text.citations
    assert (citation.url, citation.title) == ("https://x.test", "X")


@pytest.mark.parametrize(
    ("finish", "message", "stop"),
    [
        ("stop", {"content": "x"}, Stop(StopReason.END_TURN)),
        (None, {"content": "x"}, Stop(StopReason.END_TURN)),
        ("length", {"content": "x"}, Stop(StopReason.MAX_TOKENS)),
        ("length", {"tool_calls": [CALL]}, Stop(StopReason.MAX_TOKENS)),
        ("content_filter", {"content": "x"}, Stop(StopReason.CONTENT_FILTER)),
        ("stop", {"tool_calls": [CALL]}, Stop(StopReason.TOOL_USE)),
        ("tool_calls", {"content": "x"}, Stop(StopReason.END_TURN)),
        ("stop", {"refusal": "no"}, Stop(StopReason.REFUSAL)),
    ],
)
def test_why_it_stopped(finish: str | None, message: dict[str, Any], stop: Stop) -> None:
    assert answer(message, finish).stop == stop


def test_who_answered_and_what_it_took() -> None:
    read = answer({"content": "x"}, usage={"prompt_tokens": 3, "completion_tokens": 2})
    assert (read.id, read.model, read.usage) == ("cmpl-1", "served", Usage(input=3, output=2))
    assert answer({"content": "x"}).usage == Usage()
    assert answer({"content": "x"}, timings={"prompt_n": 3, "predicted_n": 2}).usage == Usage(
        input=3, output=2
    )


def test_what_we_do_not_know_is_kept() -> None:
    read = answer({"content": "x", "audio": {"id": "a"}}, system_fingerprint="fp", provider="p")
    assert {name: bytes(raw) for name, raw in (read.extra or {}).items()} == {
        "system_fingerprint": b'"fp"',
        "provider": b'"p"',
        "choices": b'{"message":{"audio":{"id": "a"}}}',
    }


def test_the_first_choice_is_the_answer() -> None:
    choices = [{"index": 1, "message": {"content": "other"}}, {"index": 0, "message": {"content": "first"}}]
    assert answer({}, choices=choices).content == (Text("first"),)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"error": {"message": "slow down", "code": 429}}', FailureKind.RATE_LIMIT),
        (b'{"error": "Unexpected endpoint or method. (POST /x)"}', None),
        (b'{"choices": [{"error": {"message": "slow down", "code": 429}}]}', FailureKind.RATE_LIMIT),
        (b'{"object": "error", "message": "slow down", "code": 429}', FailureKind.RATE_LIMIT),
        (b'{"choices": [{"message": {}, "finish_reason": "error"}]}', FailureKind.SERVER),
        (b'{"choices": []}', FailureKind.BAD_ANSWER),
        (b'{"choices": [{}]}', FailureKind.BAD_ANSWER),
        (b'{"choices": [{"message": {"content": 1}}]}', FailureKind.BAD_ANSWER),
        (b'{"choices": [{"message": {"tool_calls": [{"id": "a"}]}}]}', FailureKind.BAD_ANSWER),
        (b"<html>", FailureKind.BAD_ANSWER),
        (b"", FailureKind.BAD_ANSWER),
        (b"[" * 100_000, FailureKind.BAD_ANSWER),
    ],
)
def test_what_is_no_answer_is_a_failure(body: bytes, kind: FailureKind | None) -> None:
    with pytest.raises(Failure) as caught:
        read_answer(body, Expecting())
    assert caught.value.sentence
    assert kind is None or caught.value.kind is kind
