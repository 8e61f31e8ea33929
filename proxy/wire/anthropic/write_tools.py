"""Tools and the choice among them, from canonical values to what is encoded as JSON."""

from collections.abc import Iterator
from typing import Any

from msgspec import Raw

from proxy.wire.anthropic.write_blocks import BlockWriter, Written
from proxy.wire.canonical import Choice, ChoiceMode, Conversation, OpaqueTool, Tool, ToolGroup, ToolRef
from proxy.wire.format import Format
from proxy.wire.names import Naming
from proxy.wire.reading import UNREADABLE, members_of
from proxy.wire.target import Loss

_MODES = {ChoiceMode.AUTO: "auto", ChoiceMode.ANY: "any", ChoiceMode.NONE: "none"}
_NO_ARGUMENTS = Raw(b'{"type":"object","properties":{}}')
_FREE_TEXT = Raw(b'{"type":"object","properties":{"input":{"type":"string"}},"required":["input"]}')


def written_tools(
    conversation: Conversation, naming: Naming, writer: BlockWriter, lost: set[Loss]
) -> list[Written]:
    """The tools in their order, groups taken apart; only those that the choice allows, if it names any."""
    allowed = conversation.choice.allowed if conversation.choice is not None else ()
    tools: list[Written] = []
    for namespace, tool in _flat(conversation):
        if isinstance(tool, OpaqueTool):
            if tool.format is Format.ANTHROPIC:
                tools.append(tool.raw)
            else:
                lost.add(Loss.SERVER_TOOL)
        elif not allowed or _is_among(allowed, tool.name, namespace):
            if tool.grammar is not None:
                lost.add(Loss.TOOL_GRAMMAR)
            tools.append(_written(tool, naming.sent(tool.name, namespace), writer))
    return tools


def written_choice(
    conversation: Conversation, tools: list[Written], naming: Naming, lost: set[Loss]
) -> dict[str, Any] | Raw | None:
    """What may be called. It is refused beside no tools."""
    choice = conversation.choice
    one_at_a_time = conversation.parallel_calls is False
    if not tools:
        lost.update(_lost_without_tools(conversation))
        return None
    if choice is None:
        return {"type": "auto", "disable_parallel_tool_use": True} if one_at_a_time else None
    if choice.mode is ChoiceMode.OPAQUE:
        if conversation.format is Format.ANTHROPIC and choice.raw is not None:
            return choice.raw
        lost.add(Loss.TOOL_CHOICE)
        return None
    written: dict[str, Any] = {"type": _MODES.get(choice.mode, "tool")}
    if choice.mode is ChoiceMode.TOOL:
        written["name"] = naming.sent(choice.allowed[0].name, choice.allowed[0].namespace)
    if one_at_a_time and choice.mode is not ChoiceMode.NONE:
        written["disable_parallel_tool_use"] = True
    return written


def is_forced(choice: Choice | None) -> bool:
    """Whether the model must call something, which it cannot do and think."""
    return choice is not None and choice.mode in (ChoiceMode.ANY, ChoiceMode.TOOL, ChoiceMode.OPAQUE)


def _lost_without_tools(conversation: Conversation) -> Iterator[Loss]:
    choice = conversation.choice
    if choice is not None and choice.mode not in (ChoiceMode.AUTO, ChoiceMode.NONE):
        yield Loss.TOOL_CHOICE
    if conversation.parallel_calls is False and conversation.tools:
        yield Loss.PARALLEL_CALLS


def _flat(conversation: Conversation) -> Iterator[tuple[str | None, Tool | OpaqueTool]]:
    for tool in conversation.tools:
        if isinstance(tool, ToolGroup):
            yield from ((tool.name, inner) for inner in tool.tools)
        else:
            yield None, tool


def _is_among(allowed: tuple[ToolRef, ...], name: str, namespace: str | None) -> bool:
    return any(ref.name == name and ref.namespace == namespace for ref in allowed)


def _written(tool: Tool, name: str, writer: BlockWriter) -> dict[str, Any]:
    written: dict[str, Any] = {"name": name}
    if tool.description is not None:
        written["description"] = tool.description
    written["input_schema"] = _FREE_TEXT if tool.custom else _typed(tool.schema)
    # Not to be strict is the rule here, and hosts that do not know the word refuse it.
    if tool.strict is not None and (tool.strict or writer.own):
        written["strict"] = tool.strict
    return writer.marked(written, tool.cache, tool.extra)


def _typed(schema: Raw | None) -> Raw:
    """The schema, with the type that the format demands of it where it has none."""
    if schema is None:
        return _NO_ARGUMENTS
    try:
        members = members_of(schema)
    except UNREADABLE:
        return _NO_ARGUMENTS
    if "type" in members:
        return schema
    inside = bytes(schema).strip()[1:]
    return Raw(b'{"type":"object"' + (b"," if members else b"") + inside)
