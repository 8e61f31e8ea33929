"""Tools and the choice among them, from canonical values to what is encoded as JSON.

Two demands of the format shape this. A conversation with calls in it must come with tools, even if the
client offers none any longer; then those that were called are named. And nothing says that no tool may be
called; without calls in the conversation leaving the tools out does, with them the choice is lost.
"""

from collections.abc import Iterator
from typing import Any

from msgspec import Raw

from proxy.wire.bedrock.write_blocks import BlockWriter, Written
from proxy.wire.canonical import (
    Choice,
    ChoiceMode,
    Conversation,
    OpaqueTool,
    Tool,
    ToolCall,
    ToolGroup,
    ToolRef,
)
from proxy.wire.names import Naming
from proxy.wire.reading import UNREADABLE, members_of
from proxy.wire.target import Loss, Target

_NO_ARGUMENTS = Raw(b'{"type":"object","properties":{}}')
_FREE_TEXT = Raw(b'{"type":"object","properties":{"input":{"type":"string"}},"required":["input"]}')
_GONE = "No longer available; do not call it."


class ToolWriter:
    """Writes the `toolConfig` of one conversation."""

    def __init__(
        self, said: Conversation, target: Target, naming: Naming, blocks: BlockWriter, lost: set[Loss]
    ) -> None:
        self._said = said
        self._target = target
        self._naming = naming
        self._blocks = blocks
        self._lost = lost
        self.added: list[str] = []

    def written(self, *, have_calls: bool) -> dict[str, Any]:
        """The tools and the choice; empty without tools."""
        choice = self._said.choice
        tools = self._tools()
        if self._said.parallel_calls is False and self._said.tools:
            self._lost.add(Loss.PARALLEL_CALLS)
        if choice is not None and choice.mode is ChoiceMode.NONE:
            tools = self._none_called(tools, have_calls=have_calls)
            choice = None
        if not tools:
            if choice is not None and choice.mode is not ChoiceMode.AUTO:
                self._lost.add(Loss.TOOL_CHOICE)
            return {"tools": self._called()} if have_calls else {}
        written = self._choice(choice) if choice is not None else None
        return {"tools": tools, **({"toolChoice": written} if written is not None else {})}

    def _none_called(self, tools: list[Written], *, have_calls: bool) -> list[Written]:
        if have_calls:
            self._lost.add(Loss.TOOL_CHOICE)
            return tools
        if tools:
            self.added.append("The tools are left out, for nothing else says that none may be called.")
        return []

    def _tools(self) -> list[Written]:
        """The tools in their order, groups taken apart; of those the choice names, if it does."""
        allowed = self._allowed()
        tools: list[Written] = []
        for namespace, tool in _flat(self._said):
            if isinstance(tool, OpaqueTool):
                self._lost.add(Loss.SERVER_TOOL)
            elif not allowed or ToolRef(tool.name, namespace) in allowed:
                tools += self._tool(tool, self._naming.sent(tool.name, namespace))
        return tools

    def _allowed(self) -> frozenset[ToolRef]:
        choice = self._said.choice
        if choice is None or (choice.mode is ChoiceMode.TOOL and self._target.named_choice):
            return frozenset()
        return frozenset(ToolRef(ref.name, ref.namespace) for ref in choice.allowed)

    def _tool(self, tool: Tool, name: str) -> list[Written]:
        self._blocks.note_extra(tool.extra)
        if tool.grammar is not None:
            self._lost.add(Loss.TOOL_GRAMMAR)
        spec: dict[str, Any] = {"name": name}
        if tool.description:
            spec["description"] = tool.description
        spec["inputSchema"] = {"json": _FREE_TEXT if tool.custom else _typed(tool.schema)}
        if tool.strict:
            spec["strict"] = True
        return [{"toolSpec": spec}, *self._blocks.cache_point(tool.cache)]

    def _called(self) -> list[Written]:
        self.added.append(
            "The tools that were called before, for the format demands that calls come with tools."
        )
        names = dict.fromkeys(
            self._naming.sent(block.name, block.namespace)
            for message in self._said.messages
            for block in message.content
            if isinstance(block, ToolCall)
        )
        schema = {"json": _NO_ARGUMENTS}
        return [{"toolSpec": {"name": name, "description": _GONE, "inputSchema": schema}} for name in names]

    def _choice(self, choice: Choice) -> dict[str, Any] | None:
        match choice.mode:
            case ChoiceMode.AUTO:
                return {"auto": {}}
            case ChoiceMode.TOOL if self._target.named_choice:
                ref = choice.allowed[0]
                return {"tool": {"name": self._naming.sent(ref.name, ref.namespace)}}
            case ChoiceMode.ANY | ChoiceMode.TOOL:
                return {"any": {}}
        self._lost.add(Loss.TOOL_CHOICE)
        return None


def is_forced(config: dict[str, Any]) -> bool:
    """Whether the model must call something."""
    return any(mode in config.get("toolChoice", {}) for mode in ("any", "tool"))


def _flat(conversation: Conversation) -> Iterator[tuple[str | None, Tool | OpaqueTool]]:
    for tool in conversation.tools:
        if isinstance(tool, ToolGroup):
            yield from ((tool.name, inner) for inner in tool.tools)
        else:
            yield None, tool


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
