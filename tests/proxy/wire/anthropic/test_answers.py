"""Whole answers, read from providers and written for clients."""

import json
from typing import Any

import pytest
from msgspec import Raw

from proxy.wire.anthropic.read_answer import read_answer
from proxy.wire.anthropic.write_answer import write_answer
from proxy.wire.canonical import (
    Answer,
    Block,
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
from proxy.wire.target import Expecting, Reply, ToolNames

REPLY = Reply(id="req_1", model="asked-for", created=1)
WHOLE: dict[str, Any] = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "served",
    "content": [{"type": "text", "text": "hi"}],
    "stop_reason": "end_turn",
    "stop_sequence": None,
    "usage": {"input_tokens": 3, "cache_read_input_tokens": 4, "output_tokens": 2},
}
CALL = {"type": "tool_use", "id": "i", "name": "n", "input": {}}


def read(expecting: Expecting | None = None, **members: Any) -> Answer:
    return read_answer(json.dumps({**WHOLE, **members}).encode(), expecting or Expecting())


def written(
    *content: Block, stop: Stop | None = None, reply: Reply = REPLY, **members: Any
) -> dict[str, Any]:
    answer = Answer(
        **{
            "format": Format.OPENAI_CHAT,
            "content": content,
            "stop": stop or Stop(StopReason.END_TURN),
            **members,
        }
    )
    value: dict[str, Any] = json.loads(write_answer(answer, reply))
    return value


def test_an_answer_is_read() -> None:
    assert read() == Answer(
        format=Format.ANTHROPIC,
        id="msg_1",
        model="served",
        content=(Text("hi"),),
        stop=Stop(StopReason.END_TURN),
        usage=Usage(input=3, cache_read=4, output=2),
    )


def test_an_answer_of_this_format_comes_back_as_it_was_but_for_the_model_asked_for() -> None:
    members = {
        "container": {"id": "c"},
        "content": [*WHOLE["content"], {**CALL, "caller": {"type": "direct"}}],
    }
    answer = read(**members, stop_reason="tool_use")
    assert json.loads(write_answer(answer, REPLY)) == {
        **WHOLE, **members, "stop_reason": "tool_use", "model": "asked-for",
    }  # fmt: skip


REASONS = [
    ("end_turn", StopReason.END_TURN),
    ("max_tokens", StopReason.MAX_TOKENS),
    ("stop_sequence", StopReason.STOP_SEQUENCE),
    ("pause_turn", StopReason.PAUSE),
    ("refusal", StopReason.REFUSAL),
    ("model_context_window_exceeded", StopReason.CONTEXT_FULL),
]


@pytest.mark.parametrize(("name", "reason"), REASONS)
def test_reasons_to_stop(name: str, reason: StopReason) -> None:
    assert read(stop_reason=name).stop.reason is reason
    assert written(stop=Stop(reason))["stop_reason"] == name


def test_reasons_that_others_have() -> None:
    assert written(stop=Stop(StopReason.CONTENT_FILTER))["stop_reason"] == "refusal"
    assert read(stop_reason="a reason of tomorrow").stop == Stop(StopReason.END_TURN)


def test_tool_use_is_claimed_when_there_is_a_call_and_never_without() -> None:
    assert read(stop_reason="tool_use").stop.reason is StopReason.END_TURN
    assert read(stop_reason="end_turn", content=[CALL]).stop.reason is StopReason.TOOL_USE
    assert written(stop=Stop(StopReason.TOOL_USE))["stop_reason"] == "end_turn"
    assert written(ToolCall("i", "n", "{}"))["stop_reason"] == "tool_use"


def test_a_stop_sequence_is_told_even_where_llama_cpp_calls_it_the_end_of_the_turn() -> None:
    stop = read(stop_reason="end_turn", stop_sequence="END").stop
    assert stop == Stop(StopReason.STOP_SEQUENCE, "END")
    assert written(stop=stop)["stop_sequence"] == "END"


def test_the_details_of_a_refusal_come_back() -> None:
    details = {"type": "refusal", "category": "bio"}
    answer = read(stop_reason="refusal", stop_details=details)
    assert json.loads(write_answer(answer, REPLY))["stop_details"] == details


def test_calls_are_told_by_the_names_the_client_gave() -> None:
    names = ToolNames({"g__n": ToolRef("n", "g"), "c": ToolRef("c", custom=True)})
    content = [
        {**CALL, "name": "g__n"},
        {**CALL, "id": "j", "name": "c", "input": {"input": "free"}},
    ]
    assert read(Expecting(names=names), content=content).content == (
        ToolCall("i", "n", "{}", namespace="g"),
        ToolCall("j", "c", '{"input": "free"}', custom=True),
    )


def test_a_call_without_an_id_gets_one_that_depends_on_the_exchange() -> None:
    content = [{"type": "tool_use", "name": "n", "input": {}}] * 2
    ids = [
        block.id
        for block in read(Expecting(seed="a"), content=content).content
        if isinstance(block, ToolCall)
    ]
    again = [
        block.id
        for block in read(Expecting(seed="a"), content=content).content
        if isinstance(block, ToolCall)
    ]
    other = [
        block.id
        for block in read(Expecting(seed="b"), content=content).content
        if isinstance(block, ToolCall)
    ]
    assert ids == again
    assert len({*ids, *other}) == 4


def test_an_error_under_status_200_is_an_error() -> None:
    body = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
    with pytest.raises(Failure) as caught:
        read_answer(json.dumps(body).encode(), Expecting())
    assert caught.value.kind is FailureKind.OVERLOADED


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"content":[{"type":"text"}]}', b'{"content":"x"}'])
def test_an_answer_that_cannot_be_read_is_the_providers_mistake(body: bytes) -> None:
    with pytest.raises(Failure) as caught:
        read_answer(body, Expecting())
    assert caught.value.kind is FailureKind.BAD_ANSWER


OURS = Raw(b'{"type":"char_location","cited_text":"q"}')


@pytest.mark.parametrize(
    ("block", "meant"),
    [
        (Text("a"), [{"type": "text", "text": "a"}]),
        (Text(""), []),
        (
            Text("a", (Citation(Format.ANTHROPIC, OURS), Citation(Format.RESPONSES, Raw(b"{}")))),
            [{"type": "text", "text": "a", "citations": [{"type": "char_location", "cited_text": "q"}]}],
        ),
        (Refusal("no"), [{"type": "text", "text": "no"}]),
        (Thinking("t", "s"), [{"type": "thinking", "thinking": "t", "signature": "s"}]),
        (Thinking("t"), []),
        (RedactedThinking("d"), [{"type": "redacted_thinking", "data": "d"}]),
        (ToolCall("i", "n", '{"a":1}'), [{"type": "tool_use", "id": "i", "name": "n", "input": {"a": 1}}]),
        (ToolCall("i", "n", ""), [CALL]),
        (ToolCall("i", "n", " \n"), [CALL]),
        (
            Opaque(Format.ANTHROPIC, "server_tool_use", Raw(b'{"type":"server_tool_use"}')),
            [{"type": "server_tool_use"}],
        ),
        (Opaque(Format.RESPONSES, "web_search_call", Raw(b"{}")), []),
        (
            Image(Data("image/png", "AAAA")),
            [
                {
                    "type": "text",
                    "text": "[The model answered with an image or a file, which cannot be shown here.]",
                }
            ],
        ),
    ],
)
def test_blocks(block: Block, meant: list[dict[str, Any]]) -> None:
    assert written(block)["content"] == meant


def test_unsigned_thinking_is_shown_to_those_who_take_it() -> None:
    reply = Reply(id="r", model="m", created=1, shows_unsigned_thinking=True)
    assert written(Thinking("t"), reply=reply)["content"] == [
        {"type": "thinking", "thinking": "t", "signature": ""}
    ]


def test_counts_that_the_format_demands_are_zero_where_unknown_and_others_are_left_out() -> None:
    assert written()["usage"] == {"input_tokens": 0, "output_tokens": 0}


def test_members_of_other_formats_are_left_out() -> None:
    assert "system_fingerprint" not in written(extra={"system_fingerprint": Raw(b'"f"')})


@pytest.mark.parametrize(
    ("id_", "meant"), [(None, "msg_req_1"), ("chatcmpl-1", "msg_req_1"), ("msg_9", "msg_9")]
)
def test_ids_look_as_the_client_expects(id_: str | None, meant: str) -> None:
    assert written(id=id_)["id"] == meant


NO_INPUTS = ["{cut", "[1]", '"a"', "null"]


@pytest.mark.parametrize("arguments", NO_INPUTS)
@pytest.mark.parametrize("reason", [StopReason.END_TURN, StopReason.TOOL_USE, StopReason.STOP_SEQUENCE])
def test_a_call_with_what_is_no_object_is_an_error(arguments: str, reason: StopReason) -> None:
    with pytest.raises(Failure, match="the tool n") as caught:
        written(Text("a"), ToolCall("i", "n", arguments), stop=Stop(reason))
    assert caught.value.kind is FailureKind.BAD_ANSWER


@pytest.mark.parametrize("arguments", NO_INPUTS)
@pytest.mark.parametrize("reason", [StopReason.MAX_TOKENS, StopReason.CONTEXT_FULL])
def test_a_call_that_was_cut_off_is_left_out_and_never_run(arguments: str, reason: StopReason) -> None:
    answer = written(ToolCall("i", "n", "{}"), ToolCall("j", "n", arguments), stop=Stop(reason))
    assert answer["content"] == [CALL]
    assert answer["stop_reason"] != "tool_use"
