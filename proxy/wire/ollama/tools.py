"""Tools for a request. The format knows no choice among them: what must not be called is not offered."""

from typing import Any

from msgspec import Raw

from proxy.wire.canonical import Choice, ChoiceMode, Conversation, OpaqueTool, Tool
from proxy.wire.ollama.draft import Draft
from proxy.wire.target import Loss

_FREE_TEXT = Raw(b'{"type":"object","properties":{"input":{"type":"string"}},"required":["input"]}')
_NO_ARGUMENTS = Raw(b'{"type":"object","properties":{}}')
_OBEYED = (ChoiceMode.AUTO, ChoiceMode.NONE)


def written_tools(draft: Draft, conversation: Conversation) -> list[dict[str, Any]]:
    choice = conversation.choice
    if any(isinstance(tool, OpaqueTool) for tool in conversation.tools):
        draft.lost.add(Loss.SERVER_TOOL)
    if conversation.parallel_calls is False and conversation.tools:
        draft.lost.add(Loss.PARALLEL_CALLS)
    if choice is not None and choice.mode not in _OBEYED:
        # That something must be called cannot be said.
        draft.lost.add(Loss.TOOL_CHOICE)
    return [_tool(draft, name, tool) for name, tool in draft.naming.tools if _is_offered(draft, name, choice)]


def _is_offered(draft: Draft, name: str, choice: Choice | None) -> bool:
    if choice is None:
        return True
    if choice.mode is ChoiceMode.NONE:
        return False
    return not choice.allowed or any(name == draft.naming.sent(r.name, r.namespace) for r in choice.allowed)


def _tool(draft: Draft, name: str, tool: Tool) -> dict[str, Any]:
    draft.note(tool.extra, tool.cache)
    if tool.strict:
        draft.lost.add(Loss.TOOL_STRICTNESS)
    if tool.grammar is not None:
        draft.lost.add(Loss.TOOL_GRAMMAR)
    function: dict[str, Any] = {"name": name}
    if tool.description is not None:
        function["description"] = tool.description
    function["parameters"] = _FREE_TEXT if tool.custom else tool.schema or _NO_ARGUMENTS
    return {"type": "function", "function": function}
