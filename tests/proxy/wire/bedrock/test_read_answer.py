"""Whole answers of Converse."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from msgspec import Raw

from proxy.wire.bedrock.read_answer import read_answer
from proxy.wire.bedrock.usage import read_usage
from proxy.wire.canonical import (
    UNKNOWN,
    Answer,
    Citation,
    Data,
    Image,
    Opaque,
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
from proxy.wire.format import Format
from proxy.wire.target import Expecting, ToolNames
from tests.proxy.wire.bedrock import speaking
from tests.proxy.wire.strategies import answers


def read(*content: Any, stop: str = "end_turn", expecting: Expecting | None = None, **members: Any) -> Answer:
    body = {"output": {"message": {"role": "assistant", "content": content}}, "stopReason": stop, **members}
    return read_answer(msgspec.json.encode(body), expecting or Expecting())


CITATION = {
    "title": "Page",
    "sourceContent": [{"text": "so it "}, {"text": "says"}],
    "location": {"web": {"url": "https://example.test/"}},
}


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ({"text": "Hello"}, Text("Hello")),
        (
            {"reasoningContent": {"reasoningText": {"text": "Hm.", "signature": "c2ln"}}},
            Thinking("Hm.", "c2ln"),
        ),
        ({"reasoningContent": {"reasoningText": {"text": "Hm."}}}, Thinking("Hm.")),
        ({"reasoningContent": {"reasoningText": {"text": "", "signature": "c2ln"}}}, Thinking("", "c2ln")),
        ({"reasoningContent": {"redactedContent": "AAEC"}}, RedactedThinking("AAEC")),
        (
            {"toolUse": {"toolUseId": "tooluse_1", "name": "look", "input": {"a": [1, None]}}},
            ToolCall("tooluse_1", "look", '{"a":[1,null]}'),
        ),
        ({"toolUse": {"toolUseId": "tooluse_1", "name": "look"}}, ToolCall("tooluse_1", "look", "{}")),
        ({"image": {"format": "png", "source": {"bytes": "AAAA"}}}, Image(Data("image/png", "AAAA"))),
        (
            {"citationsContent": {"content": [{"text": "As "}, {"text": "said"}], "citations": [CITATION]}},
            Text(
                "As said",
                citations=(
                    Citation(
                        Format.BEDROCK,
                        Raw(msgspec.json.encode(CITATION)),
                        url="https://example.test/",
                        title="Page",
                        quote="so it says",
                    ),
                ),
            ),
        ),
        ({"novelty": {"x": 1}}, Opaque(Format.BEDROCK, "novelty", Raw(b'{"novelty":{"x":1}}'))),
    ],
    ids=[
        "text", "thinking", "unsigned thinking", "signature alone", "redacted thinking", "call",
        "call without input", "image", "citations", "unknown",
    ],
)  # fmt: skip
def test_every_block_is_read(block: dict[str, Any], expected: Any) -> None:
    assert read(block).content == (expected,)


def test_a_call_that_the_provider_runs_is_none_for_the_client() -> None:
    use = {"toolUseId": "t", "name": "nova_grounding", "input": {}, "type": "server_tool_use"}
    answer = read({"toolUse": use}, {"toolResult": {"toolUseId": "t", "content": []}}, {"text": "Found."})
    assert [type(block) for block in answer.content] == [Opaque, Opaque, Text]
    assert answer.stop == Stop(StopReason.END_TURN)


def test_blocks_that_say_nothing_are_left_out() -> None:
    empty = {"reasoningContent": {"reasoningText": {"text": ""}}}
    assert read({"text": ""}, empty, {"text": "Hello"}).content == (Text("Hello"),)


def test_a_tool_has_the_name_that_the_client_gave_it() -> None:
    names = ToolNames({"group__look": ToolRef("look", "group", custom=True)})
    answer = read(
        {"toolUse": {"toolUseId": "t", "name": "group__look", "input": {"input": "x"}}},
        expecting=Expecting(names=names),
    )
    assert answer.content == (ToolCall("t", "look", '{"input":"x"}', namespace="group", custom=True),)


def test_calls_without_ids_get_one_each() -> None:
    call = {"toolUse": {"name": "look", "input": {}}}
    first, second = (block.id for block in read(call, call).content if isinstance(block, ToolCall))
    assert first != second
    assert first.startswith("tooluse_")
    assert first != read(call, expecting=Expecting(seed="another")).content[0].id


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("end_turn", StopReason.END_TURN),
        ("max_tokens", StopReason.MAX_TOKENS),
        ("stop_sequence", StopReason.STOP_SEQUENCE),
        ("guardrail_intervened", StopReason.CONTENT_FILTER),
        ("content_filtered", StopReason.CONTENT_FILTER),
        ("model_context_window_exceeded", StopReason.CONTEXT_FULL),
        ("tool_use", StopReason.END_TURN),
        ("something_new", StopReason.END_TURN),
    ],
)
def test_every_reason_to_stop_is_understood(reason: str, expected: StopReason) -> None:
    assert read({"text": "x"}, stop=reason).stop == Stop(expected)


def test_an_answer_with_calls_stops_for_them() -> None:
    call = {"toolUse": {"toolUseId": "t", "name": "look", "input": {}}}
    assert read(call, stop="end_turn").stop == Stop(StopReason.TOOL_USE)
    assert read(call, stop="max_tokens").stop == Stop(StopReason.MAX_TOKENS)


def test_the_stop_sequence_is_told_where_the_model_tells_it() -> None:
    fields = {"stop_sequence": "END"}
    answer = read({"text": "x"}, stop="stop_sequence", additionalModelResponseFields=fields)
    assert answer.stop == Stop(StopReason.STOP_SEQUENCE, "END")
    assert read({"text": "x"}, additionalModelResponseFields=fields).stop == Stop(StopReason.END_TURN)


@pytest.mark.parametrize("reason", ["malformed_model_output", "malformed_tool_use"])
def test_an_answer_that_the_provider_could_not_read_is_none(reason: str) -> None:
    with pytest.raises(Failure) as caught:
        read({"text": "x"}, stop=reason)
    assert (caught.value.kind, caught.value.code) == (FailureKind.BAD_ANSWER, reason)


@pytest.mark.parametrize(
    ("counts", "usage"),
    [
        ({"inputTokens": 5, "outputTokens": 7, "totalTokens": 12}, Usage(input=5, output=7)),
        (
            {
                "inputTokens": 5,
                "outputTokens": 7,
                "totalTokens": 3112,
                "cacheReadInputTokens": 3000,
                "cacheWriteInputTokens": 100,
                "cacheDetails": [{"ttl": "1h", "inputTokens": 60}, {"ttl": "5m", "inputTokens": 40}],
            },
            Usage(input=5, cache_read=3000, cache_write=100, cache_write_1h=60, output=7),
        ),
        ({"inputTokens": -1, "outputTokens": 0}, Usage(output=0)),
        ({"inputTokens": "many"}, UNKNOWN),
        ({}, UNKNOWN),
        (None, UNKNOWN),
    ],
    ids=["plain", "cached", "impossible", "unreadable", "none", "null"],
)
def test_input_leaves_out_what_was_cached(counts: Any, usage: Usage) -> None:
    assert read_usage(msgspec.json.encode(counts)) == usage
    assert read({"text": "x"}, usage=counts).usage == usage


def test_usage_that_is_not_there_is_unknown() -> None:
    assert read({"text": "x"}).usage == UNKNOWN


def test_a_router_tells_which_model_answered() -> None:
    trace = {"promptRouter": {"invokedModelId": "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova"}}
    assert read({"text": "x"}, trace=trace).model == trace["promptRouter"]["invokedModelId"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", FailureKind.BAD_ANSWER),
        (b"null", FailureKind.BAD_ANSWER),
        (b"{}", FailureKind.BAD_ANSWER),
        (b'{"output":{}}', FailureKind.BAD_ANSWER),
        (b'{"output":{"message":{"content":[1]}}}', FailureKind.BAD_ANSWER),
        (b'{"output":{"message":{"content":[{"toolUse":{}}]}}}', FailureKind.BAD_ANSWER),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, FailureKind.BAD_ANSWER),
        (b'{"message":"Input is too long for requested model."}', FailureKind.CONTEXT_OVERFLOW),
        (
            b'{"__type":"com.amazon.coral#ThrottlingException","message":"Too many tokens, wait"}',
            FailureKind.RATE_LIMIT,
        ),
    ],
    ids=["nothing", "null", "empty", "no message", "no block", "no name", "deep", "overflow", "throttled"],
)
def test_what_is_no_answer_is_a_failure(body: bytes, kind: FailureKind) -> None:
    with pytest.raises(Failure) as caught:
        read_answer(body, Expecting())
    assert caught.value.kind is kind


def test_half_a_surrogate_pair_in_an_answer_is_replaced() -> None:
    body = b'{"output":{"message":{"content":[{"text":"cut \\ud83d"}]}},"stopReason":"end_turn"}'
    assert read_answer(body, Expecting()).content == (Text("cut \ufffd"),)


@given(answers())
def test_what_bedrock_says_is_what_was_to_be_said(answer: Answer) -> None:
    """But for the answer's id and model, thinking counts, and that refusals are text."""
    content = tuple(Text(block.text) if isinstance(block, Refusal) else block for block in answer.content)
    expected = msgspec.structs.replace(
        answer,
        format=Format.BEDROCK,
        id=None,
        model=None,
        content=content,
        usage=msgspec.structs.replace(answer.usage, reasoning=None),
    )
    assert read_answer(speaking.whole(answer), Expecting()) == expected
