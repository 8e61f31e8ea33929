"""What the whole answers of providers mean."""

import json
from typing import Any

import pytest
from msgspec import Raw

from proxy.wire.canonical import (
    Answer,
    Opaque,
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
from proxy.wire.responses.read_answer import read_answer
from proxy.wire.responses.usage import read_usage, written_usage
from proxy.wire.responses.write_answer import write_answer
from proxy.wire.target import Expecting, ToolNames
from tests.proxy.wire.responses.bodies import REPLY, plain

OUTPUT: list[dict[str, Any]] = [
    {
        "type": "reasoning",
        "id": "rs_1",
        "summary": [{"type": "summary_text", "text": "hm"}],
        "encrypted_content": "sealed",
    },
    {"type": "web_search_call", "id": "ws_1", "status": "completed"},
    {
        "type": "message",
        "id": "msg_1",
        "role": "assistant",
        "status": "completed",
        "phase": "final_answer",
        "content": [{"type": "output_text", "text": "Hi", "annotations": []}],
    },
    {
        "type": "function_call",
        "id": "fc_1",
        "call_id": "call_1",
        "name": "docs__find",
        "arguments": "{}",
        "status": "completed",
    },
]


def answered(expecting: Expecting = Expecting(), **members: Any) -> Answer:  # noqa: B008 -- it is frozen
    body = {"id": "resp_1", "model": "gpt", "status": "completed", "output": OUTPUT, **members}
    return read_answer(json.dumps(body).encode(), expecting)


def test_an_answer_with_everything() -> None:
    names = ToolNames({"docs__find": ToolRef("find", "docs")})
    answer = answered(Expecting(names=names), usage={"input_tokens": 3, "output_tokens": 4})
    thinking, search, text, call = answer.content
    assert thinking == Thinking("hm", "sealed", id="rs_1")
    assert isinstance(search, Opaque)
    assert isinstance(text, Text)
    assert text.text == "Hi"
    assert isinstance(call, ToolCall)
    assert (call.id, call.namespace, call.name) == ("call_1", "docs", "find")
    assert answer.stop == Stop(StopReason.TOOL_USE)
    assert answer.usage == Usage(input=3, output=4)
    assert (answer.id, answer.model) == ("resp_1", "gpt")


def test_an_answer_of_the_same_format_is_passed_on_with_what_only_it_knows() -> None:
    answer = answered(tool_usage={"web_search": {"num_requests": 1}}, service_tier="default", tools=[])
    said = json.loads(write_answer(answer, REPLY))
    assert said["tool_usage"] == {"web_search": {"num_requests": 1}}
    assert said["service_tier"] == "default"
    assert (said["id"], said["model"]) == ("resp_1", "asked-for")
    message = said["output"][2]
    assert (message["id"], message["phase"]) == ("msg_1", "final_answer")
    assert said["output"][1] == OUTPUT[1]
    assert said["output"][3]["id"] == "fc_1"


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({}, StopReason.END_TURN),
        ({"status": None}, StopReason.END_TURN),
        (
            {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}},
            StopReason.MAX_TOKENS,
        ),
        (
            {"status": "incomplete", "incomplete_details": {"reason": "content_filter"}},
            StopReason.CONTENT_FILTER,
        ),
        ({"status": "incomplete", "incomplete_details": None}, StopReason.MAX_TOKENS),
    ],
)
def test_why_it_stopped(members: dict[str, Any], reason: StopReason) -> None:
    assert answered(output=OUTPUT[:3], **members).stop == Stop(reason)


def test_a_refusal_is_why_it_stopped() -> None:
    refusal = {"type": "message", "role": "assistant", "content": [{"type": "refusal", "refusal": "No."}]}
    answer = answered(output=[refusal])
    assert answer.content == (Refusal("No."),)
    assert answer.stop == Stop(StopReason.REFUSAL)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"status": "failed", "error": {"code": "server_error", "message": "Oh."}}, FailureKind.SERVER),
        ({"error": {"code": "rate_limit_exceeded", "message": "Slow."}}, FailureKind.RATE_LIMIT),
        ({"status": "cancelled", "output": []}, FailureKind.BROKEN_OFF),
        ({"status": "in_progress", "output": []}, FailureKind.BAD_ANSWER),
        ({"id": "resp_1"}, FailureKind.BAD_ANSWER),
        ({"output": [{"type": "function_call"}]}, FailureKind.BAD_ANSWER),
        ([], FailureKind.BAD_ANSWER),
    ],
)
def test_what_is_no_answer_is_a_failure(body: Any, kind: FailureKind) -> None:
    with pytest.raises(Failure) as caught:
        read_answer(json.dumps(body).encode(), Expecting())
    assert caught.value.kind is kind


def test_a_call_of_a_custom_tool_is_an_object_with_its_text() -> None:
    call = {"type": "custom_tool_call", "call_id": "c", "name": "patch", "input": 'a "b"\n'}
    (block,) = answered(output=[call]).content
    assert block == ToolCall("c", "patch", '{"input":"a \\"b\\"\\n"}', custom=True)


@pytest.mark.parametrize(
    ("raw", "usage"),
    [
        (
            {
                "input_tokens": 100,
                "input_tokens_details": {"cached_tokens": 60, "cache_write_tokens": 10},
                "output_tokens": 20,
                "output_tokens_details": {"reasoning_tokens": 5},
                "total_tokens": 120,
            },
            Usage(input=30, cache_read=60, cache_write=10, output=20, reasoning=5),
        ),
        ({"input_tokens": 1, "output_tokens": 2, "cost": 0.5}, Usage(input=1, output=2, cost_usd=0.5)),
        ({"input_tokens": 5, "input_tokens_details": {"cached_tokens": 9}}, Usage(input=0, cache_read=9)),
        ({"input_tokens": -1, "output_tokens": "many", "input_tokens_details": 3}, Usage()),
        ({}, Usage()),
        ([], Usage()),
    ],
)
def test_cached_tokens_are_taken_out_of_the_input(raw: Any, usage: Usage) -> None:
    assert read_usage(json.dumps(raw).encode()) == usage


def test_counts_are_all_there_or_none_is() -> None:
    assert written_usage(Usage()) is None
    said = written_usage(Usage(input=1, cache_read=2, cache_write=3, output=4, cost_usd=0.1))
    assert said is not None
    assert read_usage(Raw(json.dumps(said).encode())) == Usage(1, 2, 3, None, 4, 0, 0.1)
    assert plain(said)["total_tokens"] == 10
