"""Tools and the choice among them, for a request.

Schemas go out as JSON Schema, byte for byte. A target that refuses `parametersJsonSchema` gets `parameters`
instead, in the narrower language that this field knows.
"""

from typing import Any

from msgspec import Raw

from proxy.wire.canonical import Choice, ChoiceMode, Conversation, OpaqueTool, Tool
from proxy.wire.format import Format
from proxy.wire.gemini.draft import Draft
from proxy.wire.gemini.openapi import to_openapi
from proxy.wire.reading import UNREADABLE
from proxy.wire.target import Loss

_FREE_TEXT = Raw(b'{"type":"object","properties":{"input":{"type":"string"}},"required":["input"]}')
_MODES = {
    ChoiceMode.AUTO: "AUTO",
    ChoiceMode.ANY: "ANY",
    ChoiceMode.TOOL: "ANY",
    ChoiceMode.NONE: "NONE",
}


def written_tools(draft: Draft, conversation: Conversation) -> list[Any]:
    functions = [_function(draft, name, tool) for name, tool in draft.naming.tools]
    tools: list[Any] = [{"functionDeclarations": functions}] if functions else []
    for tool in conversation.tools:
        if not isinstance(tool, OpaqueTool):
            continue
        if tool.format is Format.GEMINI:
            tools.append(tool.raw)
        else:
            draft.lost.add(Loss.SERVER_TOOL)
    return tools


def written_choice(draft: Draft, conversation: Conversation) -> dict[str, Any]:
    """The `toolConfig`; empty if there is nothing to say. It is refused where there are no functions."""
    choice = conversation.choice
    if conversation.parallel_calls is False and conversation.tools:
        draft.lost.add(Loss.PARALLEL_CALLS)
    if choice is None:
        return {}
    if draft.own and choice.raw is not None:
        return {"functionCallingConfig": choice.raw}
    if choice.mode not in _MODES or not draft.naming.tools:
        if choice.mode not in (ChoiceMode.AUTO, ChoiceMode.NONE):
            draft.lost.add(Loss.TOOL_CHOICE)
        return {}
    return {"functionCallingConfig": _calling(draft, choice)}


def _calling(draft: Draft, choice: Choice) -> dict[str, Any]:
    mode = _MODES[choice.mode]
    if not choice.allowed or mode == "NONE":
        return {"mode": mode}
    # AUTO takes no list of names; VALIDATED is AUTO that does.
    names = [draft.naming.sent(ref.name, ref.namespace) for ref in choice.allowed]
    return {"mode": "VALIDATED" if mode == "AUTO" else mode, "allowedFunctionNames": names}


def _function(draft: Draft, name: str, tool: Tool) -> dict[str, Any]:
    draft.note_cache(tool.cache)
    if tool.strict:
        draft.lost.add(Loss.TOOL_STRICTNESS)
    if tool.grammar is not None:
        draft.lost.add(Loss.TOOL_GRAMMAR)
    function: dict[str, Any] = {"name": name}
    if tool.description is not None:
        function["description"] = tool.description
    schema = _FREE_TEXT if tool.custom else tool.schema
    if schema is not None:
        function |= written_schema(draft, schema, "parametersJsonSchema", "parameters")
    draft.put_extra(function, tool.extra)
    return function


def written_schema(draft: Draft, schema: Raw, newer: str, older: str) -> dict[str, Any]:
    """The schema in the field that the target takes."""
    if newer not in draft.target.refuses:
        return {newer: schema}
    try:
        return {older: to_openapi(schema)}
    except UNREADABLE:
        return {}
