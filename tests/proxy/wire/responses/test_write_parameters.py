"""What clients of other formats offer, choose and wish for, as a provider of this one is told it."""

from typing import Any

import pytest
from msgspec import Raw

from proxy.wire.canonical import (
    Block,
    Choice,
    ChoiceMode,
    Citation,
    Document,
    Message,
    Opaque,
    OpaqueTool,
    Output,
    OutputKind,
    PlainText,
    Reasoning,
    Role,
    Text,
    Tool,
    ToolRef,
)
from proxy.wire.format import Format
from proxy.wire.target import Loss, Thinks
from tests.proxy.wire.responses.bodies import conversation, sent, written


def user(*blocks: Block) -> Message:
    return Message(Role.USER, blocks)


def assistant(*blocks: Block) -> Message:
    return Message(Role.ASSISTANT, blocks)


def test_schemas_are_as_they_came_and_not_made_strict() -> None:
    schema = b'{ "type":"object", "properties":{"a":{"anyOf":[{"$ref":"#/$defs/x"}]}}, "$defs":{"x":{}} }'
    result = written(conversation(tools=(Tool("look", "Looks.", Raw(schema)), Tool("bare"))))
    assert schema in result.body
    look, bare = sent(conversation(tools=(Tool("look", schema=Raw(schema)), Tool("bare"))))["tools"]
    assert look["strict"] is False
    assert bare["parameters"] == {"type": "object", "properties": {}}


def test_a_name_that_does_not_fit_is_found_again() -> None:
    result = written(conversation(tools=(Tool("a tool/with signs"),)))
    (tool,) = sent(conversation(tools=(Tool("a tool/with signs"),)))["tools"]
    assert tool["name"] != "a tool/with signs"
    assert result.names.restored(tool["name"]) == ToolRef("a tool/with signs")


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        (Choice(ChoiceMode.AUTO), "auto"),
        (Choice(ChoiceMode.ANY), "required"),
        (Choice(ChoiceMode.NONE), "none"),
        (Choice(ChoiceMode.TOOL, (ToolRef("look"),)), {"type": "function", "name": "look"}),
        (
            Choice(ChoiceMode.ANY, (ToolRef("look"),)),
            {"type": "allowed_tools", "mode": "required", "tools": [{"type": "function", "name": "look"}]},
        ),
    ],
)
def test_every_form_of_choice(choice: Choice, said: Any) -> None:
    assert sent(conversation(tools=(Tool("look"),), choice=choice))["tool_choice"] == said


def test_without_tools_nothing_is_said_of_them() -> None:
    search = OpaqueTool(Format.ANTHROPIC, "web_search_20250305", Raw(b'{"type":"web_search_20250305"}'))
    said = conversation(tools=(search,), choice=Choice(ChoiceMode.ANY), parallel_calls=False)
    result = written(said)
    assert not {"tools", "tool_choice", "parallel_tool_calls"} & sent(said).keys()
    assert {Loss.SERVER_TOOL, Loss.TOOL_CHOICE, Loss.PARALLEL_CALLS} <= result.lost


def test_nothing_is_stored_and_thinking_comes_sealed_for_clients_of_other_formats() -> None:
    body = sent(conversation(reasoning=Reasoning(enabled=True, budget=10_000)))
    assert (body["store"], body["include"]) == (False, ["reasoning.encrypted_content"])
    assert "include" not in sent(conversation(reasoning=Reasoning(enabled=False)))
    assert "include" not in sent(conversation())


@pytest.mark.parametrize(
    ("reasoning", "said"),
    [
        (Reasoning(effort="xhigh", summary="auto"), {"effort": "xhigh", "summary": "auto"}),
        (Reasoning(enabled=True, budget=1024), {"effort": "minimal"}),
        (Reasoning(enabled=True, budget=5000), {"effort": "medium"}),
        (Reasoning(enabled=True, budget=31999), {"effort": "max"}),
        (Reasoning(enabled=False), {"effort": "none"}),
        (Reasoning(adaptive=True, effort="high"), {"effort": "high"}),
        (Reasoning(adaptive=True), None),
    ],
)
def test_budgets_become_efforts(reasoning: Reasoning, said: Any) -> None:
    assert sent(conversation(reasoning=reasoning)).get("reasoning") == said


def test_a_model_that_cannot_think_is_not_asked_to() -> None:
    result = written(conversation(reasoning=Reasoning(effort="high")), thinks=Thinks.NOT)
    assert b"reasoning" not in result.body
    assert Loss.REASONING in result.lost


@pytest.mark.parametrize(
    ("limit", "most", "sent_limit"), [(1, None, 16), (64000, 32768, 32768), (4096, 32768, 4096)]
)
def test_limits_are_ones_that_are_taken(limit: int, most: int | None, sent_limit: int) -> None:
    result = written(conversation(max_tokens=limit), max_output=most)
    assert sent(conversation(max_tokens=limit), max_output=most)["max_output_tokens"] == sent_limit
    assert bool(result.added) is (limit != sent_limit)


def test_the_form_of_the_answer_has_a_name() -> None:
    output = Output(OutputKind.SCHEMA, schema=Raw(b'{"type":"object"}'))
    form = sent(conversation(output=output, verbosity="low"))["text"]
    schema = {"type": "json_schema", "name": "answer", "schema": {"type": "object"}}
    assert form == {"format": schema, "verbosity": "low"}


def test_what_is_lost_is_said() -> None:
    cited = Citation(Format.ANTHROPIC, Raw(b"{}"), url="https://a.test")
    said = conversation(
        user(Text("hi", cache=Raw(b'{"type":"ephemeral"}')), Document(PlainText("x"), "n", context="c")),
        assistant(Text("so", (cited,)), Opaque(Format.ANTHROPIC, "server_tool_use", Raw(b"{}"))),
        Message(Role.USER, (Text("go"),), name="bob"),
        top_k=1,
        seed=1,
        stop=("END",),
        frequency_penalty=0.1,
        metadata=Raw(b"{}"),
        service_tier="standard_only",
        user="u" * 65,
        extra={"context_management": Raw(b"{}")},
    )
    assert written(said).lost == {
        Loss.CACHE_MARKS,
        Loss.DOCUMENT_DETAILS,
        Loss.CITATIONS,
        Loss.SERVER_TOOL_HISTORY,
        Loss.NAMES,
        Loss.TOP_K,
        Loss.SEED,
        Loss.STOP,
        Loss.PENALTIES,
        Loss.METADATA,
        Loss.SERVICE_TIER,
        Loss.USER,
        Loss.UNKNOWN_FIELDS,
    }


def test_what_the_model_refuses_is_not_sent() -> None:
    result = written(conversation(temperature=0.5, top_p=0.5), refuses=frozenset(("temperature", "top_p")))
    assert b"temperature" not in result.body
    assert result.lost == {Loss.TEMPERATURE, Loss.TOP_P}
