"""The tools offered, and the choice among them."""

from typing import Any

from msgspec import Raw

from proxy.wire.canonical import (
    AnyTool,
    Choice,
    ChoiceMode,
    Conversation,
    OpaqueTool,
    Tool,
    ToolGroup,
    ToolRef,
)
from proxy.wire.format import Format
from proxy.wire.responses.draft import Draft
from proxy.wire.target import Loss

NO_PARAMETERS = Raw(b'{"type":"object","properties":{}}')

_WORDS = {ChoiceMode.AUTO: "auto", ChoiceMode.NONE: "none", ChoiceMode.ANY: "required"}


def tool_members(draft: Draft, conversation: Conversation) -> dict[str, Any]:
    """The members that speak of tools. Without tools there is nothing to choose from, and saying so is an
    error; a client of this format knows what it says."""
    tools = [written for tool in conversation.tools if (written := _tool(draft, tool)) is not None]
    choice, parallel = conversation.choice, conversation.parallel_calls
    if not tools and not draft.own:
        if choice is not None and choice.mode is not ChoiceMode.NONE:
            draft.lost.add(Loss.TOOL_CHOICE)
        if parallel is not None:
            draft.lost.add(Loss.PARALLEL_CALLS)
        return {}
    return {
        "tools": tools or None,
        "tool_choice": _choice(draft, choice) if choice is not None else None,
        "parallel_tool_calls": parallel,
    }


def _tool(draft: Draft, tool: AnyTool) -> Any:
    match tool:
        case Tool():
            return _client_tool(draft, tool, draft.naming.sent(tool.name))
        case ToolGroup(name, tools, description):
            said: dict[str, Any] = {"type": "namespace", "name": name}
            if description is not None:
                said["description"] = description
            inner = [_client_tool(draft, one, one.name) for one in tools]
            return {**said, "tools": inner, **draft.kept(tool.extra)}
        case OpaqueTool(Format.RESPONSES, _, raw):
            return raw
    draft.lost.add(Loss.SERVER_TOOL)
    return None


def _client_tool(draft: Draft, tool: Tool, name: str) -> dict[str, Any]:
    draft.without_mark(tool.cache)
    said = _custom(name, tool) if tool.custom else _function(draft, name, tool)
    known = {member: value for member, value in said.items() if value is not None}
    return {**known, **draft.kept(tool.extra)}


def _custom(name: str, tool: Tool) -> dict[str, Any]:
    return {"type": "custom", "name": name, "description": tool.description, "format": tool.grammar}


def _function(draft: Draft, name: str, tool: Tool) -> dict[str, Any]:
    """Elsewhere tools are not strict unless they say so; here they are, and their schemas are changed for it,
    unless they say not."""
    schema, strict = tool.schema, tool.strict
    if not draft.own:
        schema = schema if schema is not None else NO_PARAMETERS
        strict = bool(strict)
    return {
        "type": "function",
        "name": name,
        "description": tool.description,
        "parameters": schema,
        "strict": strict,
    }


def _choice(draft: Draft, choice: Choice) -> Any:
    if choice.raw is not None and draft.own:
        return choice.raw
    match choice.mode:
        case ChoiceMode.OPAQUE:
            draft.lost.add(Loss.TOOL_CHOICE)
            return None
        case ChoiceMode.TOOL:
            return _reference(draft, choice.allowed[0])
        case mode if choice.allowed:
            tools = [_reference(draft, ref) for ref in choice.allowed]
            return {"type": "allowed_tools", "mode": _WORDS[mode], "tools": tools}
        case mode:
            return _WORDS[mode]


def _reference(draft: Draft, ref: ToolRef) -> dict[str, Any]:
    kind = "custom" if ref.custom else "function"
    if ref.namespace is not None:
        return {"type": kind, "namespace": ref.namespace, "name": ref.name}
    return {"type": kind, "name": draft.naming.sent(ref.name)}
