"""The tools of a request to Converse, and the choice among them."""

from typing import Any

import pytest
from msgspec import Raw
from msgspec.structs import replace

from proxy.wire.canonical import (
    Choice,
    ChoiceMode,
    Tool,
    ToolGroup,
    ToolRef,
)
from proxy.wire.target import Loss, ToolNames
from tests.proxy.wire.bedrock.asking import ASK, CALL, LLAMA, LOOK, RESULT, asked


def test_schemas_keep_their_bytes() -> None:
    request = asked(tools=(LOOK,))
    spec = request.body["toolConfig"]["tools"][0]["toolSpec"]
    assert (spec["name"], spec["description"]) == ("look", "Looks.")
    assert LOOK.schema is not None
    assert bytes(LOOK.schema) in request.written.body


@pytest.mark.parametrize(
    ("schema", "written"),
    [
        (None, {"type": "object", "properties": {}}),
        (Raw(b"{}"), {"type": "object"}),
        (Raw(b' {"anyOf":[]}'), {"type": "object", "anyOf": []}),
        (Raw(b'{"type":"object"}'), {"type": "object"}),
        (Raw(b"true"), {"type": "object", "properties": {}}),
    ],
)
def test_a_schema_is_of_an_object(schema: Raw | None, written: Any) -> None:
    config = asked(tools=(Tool("t", schema=schema),)).body["toolConfig"]
    assert config == {"tools": [{"toolSpec": {"name": "t", "inputSchema": {"json": written}}}]}


def test_groups_are_taken_apart_and_custom_tools_take_text() -> None:
    custom = Tool("apply", description="", custom=True, grammar=Raw(b'{"type":"grammar"}'), strict=True)
    request = asked(tools=(ToolGroup("files", (LOOK, custom)), replace(LOOK, strict=False)))
    specs = [tool["toolSpec"] for tool in request.body["toolConfig"]["tools"]]
    assert [spec["name"] for spec in specs] == ["files__look", "files__apply", "look"]
    assert specs[1]["inputSchema"]["json"]["required"] == ["input"]
    assert [spec.get("strict") for spec in specs] == [None, True, None]
    assert "description" not in specs[1]
    assert request.lost == {Loss.TOOL_GRAMMAR}
    assert request.written.names == ToolNames(
        {
            "files__look": ToolRef("look", "files"),
            "files__apply": ToolRef("apply", "files", custom=True),
        }
    )


@pytest.mark.parametrize(
    ("choice", "written"),
    [
        (Choice(ChoiceMode.AUTO), {"auto": {}}),
        (Choice(ChoiceMode.ANY), {"any": {}}),
        (Choice(ChoiceMode.TOOL, (ToolRef("look"),)), {"tool": {"name": "look"}}),
    ],
)
def test_choices_of_tools(choice: Choice, written: Any) -> None:
    request = asked(tools=(LOOK,), choice=choice)
    assert request.body["toolConfig"]["toolChoice"] == written
    assert request.lost == set()


def test_a_choice_among_some_tools_offers_only_those() -> None:
    tools = (LOOK, Tool("other"), ToolGroup("files", (LOOK,)))
    request = asked(tools=tools, choice=Choice(ChoiceMode.ANY, (ToolRef("look", "files"),)))
    assert [tool["toolSpec"]["name"] for tool in request.body["toolConfig"]["tools"]] == ["files__look"]
    assert request.body["toolConfig"]["toolChoice"] == {"any": {}}


def test_a_model_that_obeys_no_name_is_offered_that_tool_alone() -> None:
    choice = Choice(ChoiceMode.TOOL, (ToolRef("look"),))
    request = asked(tools=(LOOK, Tool("other")), choice=choice, target={"named_choice": False}, model=LLAMA)
    assert [tool["toolSpec"]["name"] for tool in request.body["toolConfig"]["tools"]] == ["look"]
    assert request.body["toolConfig"]["toolChoice"] == {"any": {}}


def test_that_no_tool_may_be_called_is_said_by_offering_none() -> None:
    request = asked(tools=(LOOK,), choice=Choice(ChoiceMode.NONE))
    assert "toolConfig" not in request.body
    assert request.lost == set()
    assert len(request.added) == 1


def test_that_no_tool_may_be_called_is_lost_where_the_conversation_has_calls() -> None:
    request = asked(ASK, CALL, RESULT, tools=(LOOK,), choice=Choice(ChoiceMode.NONE))
    assert [tool["toolSpec"]["name"] for tool in request.body["toolConfig"]["tools"]] == ["look"]
    assert "toolChoice" not in request.body["toolConfig"]
    assert request.lost == {Loss.TOOL_CHOICE}


def test_calls_come_with_tools_even_if_the_client_offers_none() -> None:
    """Else: "The toolConfig field must be defined when using toolUse and toolResult content blocks"."""
    request = asked(ASK, CALL, RESULT)
    (tool,) = request.body["toolConfig"]["tools"]
    assert tool["toolSpec"]["name"] == "look"
    assert "do not call it" in tool["toolSpec"]["description"]
    assert any("tools that were called" in sentence for sentence in request.added)


@pytest.mark.parametrize(
    ("said", "lost"),
    [
        ({"choice": Choice(ChoiceMode.ANY)}, {Loss.TOOL_CHOICE}),
        ({"choice": Choice(ChoiceMode.AUTO)}, set()),
        ({"choice": Choice(ChoiceMode.NONE)}, set()),
        ({"tools": (LOOK,), "choice": Choice(ChoiceMode.OPAQUE, raw=Raw(b"{}"))}, {Loss.TOOL_CHOICE}),
        ({"tools": (LOOK,), "parallel_calls": False}, {Loss.PARALLEL_CALLS}),
        ({"tools": (LOOK,), "parallel_calls": True}, set()),
        ({"parallel_calls": False}, set()),
    ],
    ids=["any of none", "auto of none", "none of none", "opaque", "one at a time", "parallel", "no tools"],
)
def test_wishes_about_calls_that_cannot_be_told(said: dict[str, Any], lost: set[Loss]) -> None:
    request = asked(**said)
    assert "toolChoice" not in request.body.get("toolConfig", {})
    assert request.lost == lost
