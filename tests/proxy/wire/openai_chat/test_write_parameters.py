"""How tools, choices and parameters are written for a provider, and for the dialects of this format."""

from typing import Any

import msgspec
import pytest
from msgspec import Raw

from proxy.wire.canonical import (
    Choice,
    ChoiceMode,
    Conversation,
    Message,
    OpaqueTool,
    Output,
    OutputKind,
    Reasoning,
    Role,
    Text,
    Tool,
    ToolGroup,
    ToolRef,
)
from proxy.wire.format import Format
from proxy.wire.openai_chat.read_request import read_request
from proxy.wire.openai_chat.write_request import write_request
from proxy.wire.target import Loss, Target, Thinks
from tests.proxy.wire.openai_chat.bodies import reading, writing

ASKED = Conversation(format=Format.ANTHROPIC, messages=(Message(Role.USER, (Text("x"),)),))
TWO = (Tool("f", schema=Raw(b'{"type":"object","properties":{}}')), Tool("g", schema=Raw(b"{}")))


def asking(**members: Any) -> Conversation:
    return msgspec.structs.replace(ASKED, **members)


def test_the_model_is_the_targets() -> None:
    body, _ = writing(asking(model="claude"), model="qwen")
    assert body == {"model": "qwen", "messages": [{"role": "user", "content": "x"}]}


def test_schemas_are_untouched_down_to_their_spaces() -> None:
    schema = b'{ "type":"object", "$defs": {"x": {"anyOf": []}},"properties":{"a":{"$ref":"#/$defs/x"}} }'
    written = write_request(asking(tools=(Tool("f", schema=Raw(schema), strict=True),)), Target(model="m"))
    assert b'"parameters":' + schema + b',"strict":true' in written.body


@pytest.mark.parametrize(
    ("schema", "sent"),
    [
        (None, {"type": "object", "properties": {}}),
        (b"{}", {"type": "object", "properties": {}}),
        (b'{"type": "object"}\n', {"type": "object", "properties": {}}),
        (b'{"properties": {"a": {}}, "type": "object"}', {"type": "object", "properties": {"a": {}}}),
        (
            b'{"type": "object", "additionalProperties": {"type": "object"}}',
            {"type": "object", "properties": {}, "additionalProperties": {"type": "object"}},
        ),
    ],
)
def test_lm_studio_gets_empty_properties_added_and_nothing_stripped(
    schema: bytes | None, sent: dict[str, Any]
) -> None:
    tool = Tool("f", schema=None if schema is None else Raw(schema))
    body, written = writing(asking(tools=(tool,)), schema_needs_properties=True)
    assert body["tools"][0]["function"]["parameters"] == sent
    has_properties = schema is None or b"properties" in schema.replace(b"additionalProperties", b"")
    assert bool(written.added) is not has_properties


def test_groups_and_custom_tools_become_functions_elsewhere_and_come_back() -> None:
    grammar = Raw(b'{"type":"grammar","syntax":"lark","definition":"x"}')
    tools = (ToolGroup("mcp", (Tool("run", schema=Raw(b"{}")),)), Tool("patch", custom=True, grammar=grammar))
    body, written = writing(asking(format=Format.RESPONSES, tools=tools))
    assert [tool["function"]["name"] for tool in body["tools"]] == ["mcp__run", "patch"]
    assert body["tools"][1]["function"]["parameters"]["required"] == ["input"]
    assert written.names.restored("mcp__run") == ToolRef("run", "mcp")
    assert written.names.restored("patch") == ToolRef("patch", custom=True)
    assert written.lost == {Loss.TOOL_GRAMMAR}


def test_a_custom_tool_of_this_format_stays_as_it_was() -> None:
    tool = {
        "type": "custom",
        "custom": {"name": "p", "format": {"type": "grammar", "grammar": {"syntax": "lark"}}},
    }
    call = {"id": "c1", "type": "custom", "custom": {"name": "p", "input": 'a "b"\n'}}
    messages = [{"role": "assistant", "content": None, "tool_calls": [call]}]
    messages.append({"role": "tool", "tool_call_id": "c1", "content": "ok"})
    choice = {"type": "custom", "custom": {"name": "p"}}
    body, written = writing(reading(*messages, tools=[tool], tool_choice=choice))
    assert (body["tools"], body["messages"], body["tool_choice"]) == ([tool], messages, choice)
    assert written.lost == frozenset()


def test_tools_that_another_provider_runs_are_not_offered() -> None:
    search = OpaqueTool(Format.ANTHROPIC, "web_search_20250305", Raw(b"{}"))
    body, written = writing(asking(tools=(search,), choice=Choice(ChoiceMode.AUTO), parallel_calls=False))
    assert not body.keys() & {"tools", "tool_choice", "parallel_tool_calls"}
    assert written.lost == {Loss.SERVER_TOOL, Loss.TOOL_CHOICE, Loss.PARALLEL_CALLS}


def test_tools_of_this_format_go_back_as_they_came() -> None:
    tools = [
        {"type": "web_search", "a": 1},
        {"type": "function", "function": {"name": "f", "future": 1}, "more": 2},
    ]
    body, _ = writing(reading({"role": "user", "content": "x"}, tools=tools))
    assert sorted(body["tools"], key=str) == sorted(tools, key=str)


F = Choice(ChoiceMode.TOOL, (ToolRef("f"),))
SOME = Choice(ChoiceMode.AUTO, (ToolRef("g"),))
NAMED = {"type": "function", "function": {"name": "f"}}
ALLOWED = {
    "type": "allowed_tools",
    "allowed_tools": {"mode": "auto", "tools": [{"type": "function", "function": {"name": "g"}}]},
}


@pytest.mark.parametrize(
    ("choice", "named", "sent", "tools"),
    [
        (None, True, None, ["f", "g"]),
        (Choice(ChoiceMode.AUTO), True, "auto", ["f", "g"]),
        (Choice(ChoiceMode.NONE), True, "none", ["f", "g"]),
        (Choice(ChoiceMode.ANY), True, "required", ["f", "g"]),
        (F, True, NAMED, ["f", "g"]),
        (F, False, "required", ["f"]),
        (SOME, True, ALLOWED, ["f", "g"]),
        (SOME, False, "auto", ["g"]),
    ],
)
def test_every_choice_also_for_llama_cpp_which_heeds_no_name(
    choice: Choice | None, named: bool, sent: Any, tools: list[str]
) -> None:
    body, written = writing(asking(tools=TWO, choice=choice), named_choice=named)
    assert body.get("tool_choice") == sent
    assert [tool["function"]["name"] for tool in body["tools"]] == tools
    assert written.lost == frozenset()


@pytest.mark.parametrize(("takes", "lost"), [(True, set()), (False, {Loss.PARALLEL_CALLS})])
def test_one_call_at_a_time_is_said_where_it_is_heard(takes: bool, lost: set[Loss]) -> None:
    body, written = writing(asking(tools=TWO, parallel_calls=False), parallel_parameter=takes)
    assert body.get("parallel_tool_calls") == (False if takes else None)
    assert written.lost == lost


def test_nothing_is_said_of_tools_that_the_client_did_not_speak_of() -> None:
    body, _ = writing(ASKED)
    assert body.keys() == {"model", "messages"}


@pytest.mark.parametrize("field", ["max_tokens", "max_completion_tokens"])
def test_the_limit_goes_by_the_targets_name_and_under_its_cap(field: str) -> None:
    body, written = writing(asking(max_tokens=64000), max_tokens_field=field, max_output=8192)
    assert body[field] == 8192
    assert written.added == ("The answer's limit was lowered from 64000 to 8192 tokens.",)


@pytest.mark.parametrize(("takes", "options"), [(True, {"include_usage": True}), (False, None)])
def test_usage_is_always_asked_for_on_streams(takes: bool, options: Any) -> None:
    body, _ = writing(asking(stream=True, usage_in_stream=False), stream_usage=takes)
    assert body["stream"] is True
    assert body.get("stream_options") == options


def test_other_stream_options_stay() -> None:
    options = {"include_obfuscation": False}
    body, _ = writing(reading({"role": "user", "content": "x"}, stream=True, stream_options=options))
    assert body["stream_options"] == {"include_obfuscation": False, "include_usage": True}


@pytest.mark.parametrize(
    ("reasoning", "thinks", "sent", "lost"),
    [
        (Reasoning(effort="high"), None, {"reasoning_effort": "high"}, False),
        (Reasoning(enabled=True, budget=31999), None, {"reasoning_effort": "max"}, False),
        (Reasoning(enabled=True, budget=4097), Thinks.EFFORT, {"reasoning_effort": "medium"}, False),
        (Reasoning(enabled=True, budget=10**6), None, {"reasoning_effort": "max"}, False),
        (Reasoning(enabled=False), None, {"reasoning_effort": "none"}, False),
        (Reasoning(adaptive=True), None, {}, True),
        (Reasoning(adaptive=True, effort="low"), None, {"reasoning_effort": "low"}, False),
        (Reasoning(effort="high"), Thinks.NOT, {}, True),
        (Reasoning(enabled=False), Thinks.NOT, {}, False),
        (Reasoning(effort="high"), Thinks.TOGGLE, {"thinking": {"type": "enabled"}}, False),
        (Reasoning(effort="none"), Thinks.TOGGLE, {"thinking": {"type": "disabled"}}, False),
        (Reasoning(effort="low"), Thinks.BUDGET, {"reasoning": {"max_tokens": 4096}}, False),
        (Reasoning(budget=5000), Thinks.BUDGET, {"reasoning": {"max_tokens": 5000}}, False),
        (Reasoning(adaptive=True), Thinks.BUDGET, {"reasoning": {"enabled": True}}, False),
        (Reasoning(enabled=False), Thinks.BUDGET, {"reasoning": {"enabled": False}}, False),
    ],
)
def test_how_much_to_think_is_said_in_the_targets_way(
    reasoning: Reasoning, thinks: Thinks | None, sent: dict[str, Any], lost: bool
) -> None:
    body, written = writing(asking(reasoning=reasoning), thinks=thinks)
    assert {n: body[n] for n in ("reasoning_effort", "reasoning", "thinking") if n in body} == sent
    assert (Loss.REASONING in written.lost) is lost


def test_what_openrouter_clients_say_beside_the_effort_stays() -> None:
    said = {"effort": "high", "exclude": True}
    body, _ = writing(reading({"role": "user", "content": "x"}, reasoning=said))
    assert (body["reasoning_effort"], body["reasoning"]) == ("high", {"exclude": True})


@pytest.mark.parametrize(
    ("output", "sent"),
    [
        (Output(OutputKind.JSON), {"type": "json_object"}),
        (
            Output(OutputKind.SCHEMA, Raw(b'{"type":"object"}'), "n", "d", strict=True),
            {
                "type": "json_schema",
                "json_schema": {
                    "name": "n",
                    "description": "d",
                    "schema": {"type": "object"},
                    "strict": True,
                },
            },
        ),
        (
            Output(OutputKind.SCHEMA, Raw(b"{}")),
            {"type": "json_schema", "json_schema": {"name": "answer", "schema": {}}},
        ),
    ],
)
def test_the_form_of_the_answer(output: Output, sent: dict[str, Any]) -> None:
    assert writing(asking(output=output))[0]["response_format"] == sent


@pytest.mark.parametrize(
    ("members", "sent", "lost"),
    [
        ({"temperature": 0.0, "top_p": 0.5}, {"temperature": 0.0, "top_p": 0.5}, set()),
        ({"top_k": 40}, {}, {Loss.TOP_K}),
        ({"stop": ("a",)}, {"stop": ["a"]}, set()),
        ({"stop": tuple("abcdef")}, {"stop": ["a", "b", "c", "d"]}, {Loss.STOP}),
        ({"seed": 1, "verbosity": "low"}, {"seed": 1, "verbosity": "low"}, set()),
        ({"cache_key": "k"}, {"prompt_cache_key": "k"}, set()),
        ({"user": "u"}, {"user": "u"}, set()),
        ({"user": "u" * 65}, {}, {Loss.USER}),
        ({"metadata": Raw(b"{}")}, {}, {Loss.METADATA}),
        ({"service_tier": "standard_only"}, {}, {Loss.SERVICE_TIER}),
        ({"store": False}, {}, {Loss.STORE}),
        ({"previous_id": "r"}, {}, {Loss.PREVIOUS_ID}),
        ({"extra": {"context_management": Raw(b"{}")}}, {}, {Loss.UNKNOWN_FIELDS}),
    ],
)
def test_parameters_of_another_format(members: dict[str, Any], sent: dict[str, Any], lost: set[Loss]) -> None:
    body, written = writing(asking(**members))
    assert {name: value for name, value in body.items() if name not in ("model", "messages")} == sent
    assert written.lost == lost


def test_parameters_of_this_format_all_go_back() -> None:
    members = {
        "top_k": 4,
        "metadata": {"a": "b"},
        "service_tier": "flex",
        "store": True,
        "user": "u" * 100,
        "n": 2,
        "logprobs": True,
        "response_format": {"type": "grammar", "grammar": "x"},
    }
    body, written = writing(reading({"role": "user", "content": "x"}, **members))
    assert {name: body[name] for name in members} == members
    assert written.lost == frozenset()


def test_what_the_target_refuses_is_not_sent() -> None:
    conversation = asking(temperature=1.0, seed=1, stream=True, reasoning=Reasoning(effort="low"))
    refused = frozenset({"temperature", "seed", "top_p", "reasoning_effort", "stream_options"})
    body, written = writing(conversation, refuses=refused)
    assert not body.keys() & refused
    assert written.lost == {Loss.TEMPERATURE, Loss.SEED, Loss.REASONING}


def test_metadata_is_carried_byte_for_byte() -> None:
    body = b'{"messages": [], "metadata": {"a":  "\\u00e9"}}'
    assert b'{"a":  "\\u00e9"}' in write_request(read_request(body), Target(model="m")).body
