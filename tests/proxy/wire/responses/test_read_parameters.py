"""The tools of a client of this format, its choice among them, and its wishes for the answer."""

from typing import Any

import pytest
from msgspec import Raw

from proxy.wire.canonical import (
    Choice,
    ChoiceMode,
    Output,
    OutputKind,
    Reasoning,
    ToolRef,
)
from tests.proxy.wire.responses.bodies import asked, plain


def test_a_function_may_be_wrapped_as_in_the_older_format() -> None:
    flat = {"name": "look", "description": "Looks.", "parameters": {"type": "object"}}
    (one,) = asked("hi", tools=[{"type": "function", **flat}]).tools
    (other,) = asked("hi", tools=[{"type": "function", "function": flat}]).tools
    assert plain(one) == plain(other)


@pytest.mark.parametrize(
    ("said", "choice"),
    [
        (None, None),
        ("auto", Choice(ChoiceMode.AUTO)),
        ("none", Choice(ChoiceMode.NONE)),
        ("required", Choice(ChoiceMode.ANY)),
        ({"type": "function", "name": "ls"}, Choice(ChoiceMode.TOOL, (ToolRef("ls"),))),
        (
            {"type": "function", "name": "find", "namespace": "docs"},
            Choice(ChoiceMode.TOOL, (ToolRef("find", "docs"),)),
        ),
        ({"type": "custom", "name": "patch"}, Choice(ChoiceMode.TOOL, (ToolRef("patch", custom=True),))),
        (
            {"type": "allowed_tools", "mode": "required", "tools": [{"type": "function", "name": "ls"}]},
            Choice(ChoiceMode.ANY, (ToolRef("ls"),)),
        ),
    ],
)
def test_every_form_of_choice(said: Any, choice: Choice | None) -> None:
    assert asked("hi", tool_choice=said).choice == choice


def test_a_group_allowed_as_a_whole_allows_its_tools() -> None:
    tools = [{"type": "namespace", "name": "docs", "tools": [{"type": "function", "name": "find"}]}]
    said = {"type": "allowed_tools", "mode": "auto", "tools": [{"type": "namespace", "name": "docs"}]}
    choice = asked("hi", tools=tools, tool_choice=said).choice
    assert choice is not None
    assert choice.allowed == (ToolRef("find", "docs"),)
    assert plain(choice.raw) == said


def test_the_choice_of_a_hosted_tool_is_nothing_to_others() -> None:
    for said in ({"type": "web_search_preview"}, {"type": "mcp", "server_label": "x", "name": "y"}):
        choice = asked("hi", tool_choice=said).choice
        assert choice is not None
        assert (choice.mode, plain(choice.raw)) == (ChoiceMode.OPAQUE, said)


@pytest.mark.parametrize(
    ("form", "output"),
    [
        ({"type": "text"}, None),
        ({"type": "json_object"}, Output(OutputKind.JSON)),
        (
            {"type": "json_schema", "name": "n", "schema": {"type": "object"}, "strict": True},
            Output(OutputKind.SCHEMA, Raw(b'{"type": "object"}'), "n", strict=True),
        ),
    ],
)
def test_the_form_of_the_answer(form: dict[str, Any], output: Output | None) -> None:
    assert asked("hi", text={"format": form}).output == output


def test_no_effort_is_no_thinking() -> None:
    assert asked("hi", reasoning={"effort": "none"}).reasoning == Reasoning(enabled=False)
