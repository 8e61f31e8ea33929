"""Calls and their results in requests to Converse."""

from typing import Any

import pytest

from proxy.wire.canonical import (
    Message,
    Text,
    ToolCall,
    ToolResult,
)
from proxy.wire.target import Loss
from tests.proxy.wire.bedrock.asking import ASK, ASSISTANT, CALL, LLAMA, LOOK, PNG, RESULT, asked, user


def test_parallel_calls_and_their_results_stay_together_results_first() -> None:
    calls = (ToolCall("call_1", "look", '{"x":1}'), ToolCall("call_2", "look", '{"x":2}'))
    answers = user(
        Text("And then?"),
        ToolResult("call_2", (Text("two"),), is_error=True),
        ToolResult("call_1", (Text("one"), PNG)),
    )
    request = asked(ASK, Message(ASSISTANT, calls), answers, tools=(LOOK,))
    assert [block["toolUse"]["input"] for block in request.turns[1][1]] == [{"x": 1}, {"x": 2}]
    image = {"image": {"format": "png", "source": {"bytes": "AAAA"}}}
    assert sorted(request.turns[2][1][:2], key=lambda b: b["toolResult"]["toolUseId"]) == [
        {"toolResult": {"toolUseId": "call_1", "content": [{"text": "one"}, image]}},
        {"toolResult": {"toolUseId": "call_2", "content": [{"text": "two"}], "status": "error"}},
    ]
    assert request.turns[2][1][2:] == [{"text": "And then?"}]


def test_an_error_without_words_gets_some() -> None:
    request = asked(ASK, CALL, user(ToolResult("call_1", is_error=True)), tools=(LOOK,))
    assert request.turns[2][1][0]["toolResult"]["content"] == [
        {"text": "Error: the tool failed and said nothing."}
    ]


def test_images_in_results_are_shown_below_where_models_take_none_inside() -> None:
    result = ToolResult("call_1", (PNG,))
    request = asked(ASK, CALL, user(Text("And?"), result), tools=(LOOK,), model=LLAMA)
    inside = {"toolUseId": "call_1", "content": [{"text": "[The result is shown below.]"}]}
    assert request.turns[2][1] == [
        {"toolResult": inside},
        {"text": "[From the result of the tool call call_1:]"},
        {"image": {"format": "png", "source": {"bytes": "AAAA"}}},
        {"text": "And?"},
    ]
    assert request.lost == set()


@pytest.mark.parametrize(
    ("arguments", "written"),
    [
        ("", {}),
        (" ", {}),
        ('{"b":1,"a":[]}', {"b": 1, "a": []}),
        ("not json", {"_arguments": "not json"}),
        ("[1]", {"_arguments": "[1]"}),
        ('{"cut":', {"_arguments": '{"cut":'}),
    ],
)
def test_arguments_are_an_object(arguments: str, written: Any) -> None:
    call = Message(ASSISTANT, (ToolCall("call_1", "look", arguments),))
    assert asked(ASK, call, RESULT, tools=(LOOK,)).turns[1][1][0]["toolUse"]["input"] == written


def test_arguments_keep_their_bytes() -> None:
    call = Message(ASSISTANT, (ToolCall("call_1", "look", '{ "b":1.0, "a":"\\u00e9" }'),))
    assert b'{ "b":1.0, "a":"\\u00e9" }' in asked(ASK, call, RESULT, tools=(LOOK,)).written.body


def test_ids_that_do_not_fit_are_changed_on_both_sides_alike() -> None:
    call = Message(ASSISTANT, (ToolCall("call|1/" + "x" * 80, "look", "{}"),))
    result = user(ToolResult("call|1/" + "x" * 80, (Text("seen"),)))
    request = asked(ASK, call, result, tools=(LOOK,))
    id_ = request.turns[1][1][0]["toolUse"]["toolUseId"]
    assert id_.startswith("tooluse_")
    assert request.turns[2][1][0]["toolResult"]["toolUseId"] == id_


def test_a_lone_call_gets_a_result_that_says_so() -> None:
    request = asked(ASK, CALL, user(Text("Go on.")), tools=(LOOK,))
    assert request.turns[2][1][0]["toolResult"]["status"] == "error"
    assert request.lost == {Loss.LONE_CALL}
