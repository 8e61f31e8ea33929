"""The response around the output: how it begins and ends, and what it says of itself."""

import json
from typing import Any

import pytest
from msgspec import Raw

from proxy.wire.assemble import spread
from proxy.wire.canonical import (
    Answer,
    Begin,
    BlockBegin,
    Event,
    Failed,
    Finish,
    Opaque,
    RedactedThinking,
    Refusal,
    Stop,
    StopReason,
    Text,
    TextDelta,
    Thinking,
    ToolCall,
    Usage,
)
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format
from proxy.wire.responses.ending import failed_event
from proxy.wire.responses.write_answer import write_answer
from proxy.wire.target import Reply
from tests.proxy.wire.responses.bodies import REPLY, parsed, told

FINISH = Finish(Stop(StopReason.END_TURN), Usage(input=3, cache_read=4, output=5))
ENDS = {"response.completed", "response.incomplete", "response.failed"}


def answer(*content: Any, reason: StopReason = StopReason.END_TURN) -> Answer:
    return Answer(format=Format.ANTHROPIC, content=content, stop=Stop(reason), usage=Usage(input=1, output=2))


@pytest.mark.parametrize(
    "content",
    [
        (Text("Hi"),),
        (Thinking("hm", "sealed"), RedactedThinking("AAAA"), Text("Hi")),
        (Text("Let me see."), ToolCall("a", "look", '{"x":1}'), ToolCall("b", "look", "")),
        (ToolCall("c", "patch", '{"input":"\\u00e9\\n"}', custom=True),),
        (Text(""), Thinking(""), Refusal("I will not.")),
        (Opaque(Format.RESPONSES, "web_search_call", Raw(b'{"type":"web_search_call","id":"ws_1"}')),),
        (),
    ],
)
def test_a_stream_ends_in_what_the_whole_answer_is(content: tuple[Any, ...]) -> None:
    whole = json.loads(write_answer(answer(*content), REPLY))
    assert told(*spread(answer(*content)))[-1]["response"] == whole


@pytest.mark.parametrize(
    "prefix", [(), (Begin("resp_x", "m"),), (BlockBegin(0, Text("")), TextDelta(0, "H"))]
)
def test_a_failure_ends_the_response_whatever_was_told(prefix: tuple[Event, ...]) -> None:
    failure = Failure(FailureKind.OVERLOADED, "Too busy.")
    stream = told(*prefix, Failed(failure), FINISH, TextDelta(0, "late"))
    assert stream[0]["type"] == "response.created"
    assert [event["type"] for event in stream if event["type"] in ENDS] == ["response.failed"]
    last = stream[-1]
    assert last["sequence_number"] == len(stream) - 1
    assert last["response"]["status"] == "failed"
    assert last["response"]["error"] == {"code": "server_is_overloaded", "message": "Too busy."}


@pytest.mark.parametrize(
    ("reason", "type_", "why"),
    [
        (StopReason.END_TURN, "response.completed", None),
        (StopReason.TOOL_USE, "response.completed", None),
        (StopReason.STOP_SEQUENCE, "response.completed", None),
        (StopReason.PAUSE, "response.completed", None),
        (StopReason.MAX_TOKENS, "response.incomplete", {"reason": "max_output_tokens"}),
        (StopReason.CONTEXT_FULL, "response.incomplete", {"reason": "max_output_tokens"}),
        (StopReason.CONTENT_FILTER, "response.incomplete", {"reason": "content_filter"}),
        (StopReason.REFUSAL, "response.incomplete", {"reason": "content_filter"}),
    ],
)
def test_why_it_stopped(reason: StopReason, type_: str, why: Any) -> None:
    last = told(*spread(answer(Text("Hi"), reason=reason)))[-1]
    assert (last["type"], last["response"]["incomplete_details"]) == (type_, why)


def test_the_response_repeats_the_request() -> None:
    tools = Raw(b'[{"type":"function","name":"look"}]')
    reply = Reply(id="r", model="m", created=1, parameters={"tools": tools, "temperature": 0.5})
    for event in (told(FINISH, reply=reply)[0], told(FINISH, reply=reply)[-1]):
        assert event["response"]["tools"] == [{"type": "function", "name": "look"}]
        assert event["response"]["temperature"] == 0.5
        assert event["response"]["created_at"] == 1


def test_ids_stay_the_same_for_the_same_exchange() -> None:
    once, twice = (told(*spread(answer(Text("a"), ToolCall("b", "c", "{}")))) for _ in range(2))
    assert once == twice
    other = told(*spread(answer(Text("a"))), reply=Reply(id="req_2", model="m", created=1))
    assert other[0]["response"]["id"] != once[0]["response"]["id"]
    assert told(Begin("resp_own"), FINISH)[0]["response"]["id"] == "resp_own"


def test_unknown_usage_is_not_zero() -> None:
    assert told(Finish(Stop(StopReason.END_TURN)))[-1]["response"]["usage"] is None
    early = Begin(usage=Usage(input=9))
    assert (
        told(early, Finish(Stop(StopReason.END_TURN), Usage(output=1)))[-1]["response"]["usage"][
            "total_tokens"
        ]
        == 10
    )


def test_a_forwarded_stream_that_breaks_off_fails_with_the_next_number() -> None:
    failure = Failure(FailureKind.BROKEN_OFF, "It broke off.")
    (event,) = parsed(failed_event(failure, "req_1", 42, "resp_theirs"))
    assert (event["type"], event["sequence_number"]) == ("response.failed", 42)
    response = event["response"]
    assert (response["id"], response["status"]) == ("resp_theirs", "failed")
    assert response["error"]["message"] == "It broke off."
    assert parsed(failed_event(failure, "req_1", 0, None))[0]["response"]["id"].startswith("resp_")
