"""How tools, choices and parameters of a client's request are read."""

import json
from typing import Any

import pytest

from proxy.wire.canonical import (
    Choice,
    ChoiceMode,
    OpaqueTool,
    Output,
    OutputKind,
    Reasoning,
    Tool,
    ToolRef,
)
from proxy.wire.openai_chat.read_request import read_request
from proxy.wire.openai_chat.shape import is_responses_shaped
from proxy.wire.splice import Body
from tests.proxy.wire.openai_chat.bodies import reading

SCHEMA = '{"type": "object",  "properties": {"a": {"anyOf": [{"$ref": "#/$defs/x"}]}}, "$defs": {"x": {}}}'


def test_schemas_are_untouched_down_to_their_spaces() -> None:
    function = b'{"name": "f", "description": "d", "strict": true, "parameters": %s}' % SCHEMA.encode()
    body = b'{"messages": [], "tools": [{"type": "function", "function": %s}]}' % function
    [tool] = read_request(body).tools
    assert isinstance(tool, Tool)
    assert (tool.name, tool.description, tool.strict) == ("f", "d", True)
    assert bytes(tool.schema or b"") == SCHEMA.encode()


@pytest.mark.parametrize("parameters", [{}, {"parameters": None}])
def test_a_function_without_parameters_has_no_schema(parameters: dict[str, Any]) -> None:
    [tool] = reading(tools=[{"type": "function", "function": {"name": "f", **parameters}}]).tools
    assert tool == Tool("f")


@pytest.mark.parametrize(
    "tool",
    [
        {"function": {"name": "f", "parameters": {}}},
        {"type": "function", "name": "f", "parameters": {}},
        {"name": "f", "input_schema": {}},
    ],
)
def test_functions_without_their_wrapping_are_understood(tool: dict[str, Any]) -> None:
    [read] = reading(tools=[tool]).tools
    assert isinstance(read, Tool)
    assert (read.name, bytes(read.schema or b"")) == ("f", b"{}")


def test_a_custom_tool_keeps_its_grammar_in_the_flat_form() -> None:
    grammar = {"type": "grammar", "grammar": {"syntax": "lark", "definition": "start: x"}}
    [tool] = reading(tools=[{"type": "custom", "custom": {"name": "patch", "format": grammar}}]).tools
    assert isinstance(tool, Tool)
    assert tool.custom
    assert json.loads(bytes(tool.grammar or b"")) == {
        "type": "grammar",
        "syntax": "lark",
        "definition": "start: x",
    }


def test_a_tool_of_unknown_type_is_kept_as_it_came() -> None:
    raw = {"type": "web_search", "filters": {"a": 1}}
    [tool] = reading(tools=[raw]).tools
    assert isinstance(tool, OpaqueTool)
    assert (tool.kind, json.loads(bytes(tool.raw))) == ("web_search", raw)


def test_cache_marks_and_unknown_members_of_a_tool_are_kept() -> None:
    function = {"name": "f", "future": 1}
    [tool] = reading(tools=[{"type": "function", "function": function, "cache_control": {}, "x": 2}]).tools
    assert isinstance(tool, Tool)
    assert bytes(tool.cache or b"") == b"{}"
    assert {name: bytes(raw) for name, raw in (tool.extra or {}).items()} == {
        "x": b"2",
        "function": b'{"future":1}',
    }


def test_the_functions_of_old_are_tools() -> None:
    conversation = reading(functions=[{"name": "f"}], function_call={"name": "f"})
    assert conversation.tools == (Tool("f"),)
    assert conversation.choice == Choice(ChoiceMode.TOOL, (ToolRef("f"),))


@pytest.mark.parametrize(
    ("choice", "read"),
    [
        ("auto", Choice(ChoiceMode.AUTO)),
        ("none", Choice(ChoiceMode.NONE)),
        ("required", Choice(ChoiceMode.ANY)),
        ("any", Choice(ChoiceMode.ANY)),
        (None, None),
        ({"type": "function", "function": {"name": "f"}}, Choice(ChoiceMode.TOOL, (ToolRef("f"),))),
        ({"type": "function", "name": "f"}, Choice(ChoiceMode.TOOL, (ToolRef("f"),))),
        (
            {"type": "custom", "custom": {"name": "f"}},
            Choice(ChoiceMode.TOOL, (ToolRef("f", custom=True),)),
        ),
        (
            {
                "type": "allowed_tools",
                "allowed_tools": {
                    "mode": "required",
                    "tools": [
                        {"type": "function", "function": {"name": "f"}},
                        {"type": "custom", "custom": {"name": "g"}},
                    ],
                },
            },
            Choice(ChoiceMode.ANY, (ToolRef("f"), ToolRef("g", custom=True))),
        ),
    ],
)
def test_every_choice_of_tools(choice: Any, read: Choice | None) -> None:
    assert reading(tool_choice=choice).choice == read


def test_a_choice_that_we_do_not_know_is_kept_as_it_came() -> None:
    choice = reading(tool_choice={"type": "web_search"}).choice
    assert choice is not None
    assert choice.mode is ChoiceMode.OPAQUE
    assert choice.raw is not None
    assert bytes(choice.raw) == b'{"type": "web_search"}'


@pytest.mark.parametrize(
    ("members", "read"),
    [
        ({"max_tokens": 5}, {"max_tokens": 5}),
        ({"max_completion_tokens": 6, "max_tokens": 5}, {"max_tokens": 6}),
        ({"stop": "END"}, {"stop": ("END",)}),
        ({"stop": ["a", "b"]}, {"stop": ("a", "b")}),
        ({"stop": None}, {"stop": ()}),
        ({"temperature": 0, "top_p": 0.5, "top_k": 3}, {"temperature": 0.0, "top_p": 0.5, "top_k": 3}),
        ({"frequency_penalty": 1, "presence_penalty": -1}, {"frequency_penalty": 1, "presence_penalty": -1}),
        ({"seed": 7, "user": "u", "store": True}, {"seed": 7, "user": "u", "store": True}),
        ({"prompt_cache_key": "k", "service_tier": "flex"}, {"cache_key": "k", "service_tier": "flex"}),
        ({"parallel_tool_calls": False, "verbosity": "low"}, {"parallel_calls": False, "verbosity": "low"}),
        ({"reasoning_effort": "high"}, {"reasoning": Reasoning(effort="high")}),
        ({"reasoning_effort": "none"}, {"reasoning": Reasoning(enabled=False)}),
        ({"reasoning": {"max_tokens": 99}}, {"reasoning": Reasoning(budget=99)}),
        ({"reasoning": {"enabled": False}}, {"reasoning": Reasoning(enabled=False)}),
        ({"thinking": {"type": "disabled"}}, {"reasoning": Reasoning(enabled=False)}),
        (
            {"thinking": {"type": "enabled", "budget_tokens": 9}},
            {"reasoning": Reasoning(enabled=True, budget=9)},
        ),
        ({"response_format": {"type": "text"}}, {"output": None}),
        ({"response_format": {"type": "json_object"}}, {"output": Output(OutputKind.JSON)}),
        ({"stream": True}, {"stream": True, "usage_in_stream": False}),
        ({"stream": True, "stream_options": {"include_usage": True}}, {"usage_in_stream": True}),
        ({"stream": True, "stream_options": None}, {"usage_in_stream": False}),
        ({}, {"stream": False, "usage_in_stream": True, "extra": None}),
    ],
)
def test_parameters(members: dict[str, Any], read: dict[str, Any]) -> None:
    conversation = reading(**members)
    assert {name: getattr(conversation, name) for name in read} == read


def test_a_schema_for_the_answer() -> None:
    schema = {"name": "n", "description": "d", "strict": True, "schema": {"type": "object"}}
    output = reading(response_format={"type": "json_schema", "json_schema": schema}).output
    assert output is not None
    assert (output.kind, output.name, output.description, output.strict) == (
        OutputKind.SCHEMA,
        "n",
        "d",
        True,
    )
    assert bytes(output.schema or b"") == b'{"type": "object"}'


def test_a_form_of_answer_that_we_do_not_know_is_kept_as_it_came() -> None:
    conversation = reading(response_format={"type": "grammar", "grammar": "x"})
    assert conversation.output is None
    assert bytes((conversation.extra or {})["response_format"]) == b'{"type": "grammar", "grammar": "x"}'


def test_unknown_members_are_kept_as_they_came() -> None:
    conversation = reading(n=2, logprobs=True, metadata={"a": "b"}, prediction={"x": [1]})
    extra = {name: bytes(raw) for name, raw in (conversation.extra or {}).items()}
    assert extra == {"n": b"2", "logprobs": b"true", "prediction": b'{"x": [1]}'}
    assert bytes(conversation.metadata or b"") == b'{"a": "b"}'


@pytest.mark.parametrize(
    ("body", "shaped"),
    [
        (b'{"model": "m", "input": [{"role": "user", "content": "x"}]}', True),
        (b'{"input": "hello"}', True),
        (b'{"input": "a\\ud83d"}', True),
        (b'{"messages": [], "input": "x"}', False),
        (b'{"messages": []}', False),
        (b'{"input": null}', False),
        (b'{"a": {"input": 1}}', False),
    ],
)
def test_cursor_sends_responses_bodies_to_this_address(body: bytes, shaped: bool) -> None:
    assert is_responses_shaped(Body(body)) is shaped
