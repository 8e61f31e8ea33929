"""The tools a client offers and its choice among them."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from msgspec import Raw, Struct

from proxy.wire.canonical import AnyTool, Choice, ChoiceMode, OpaqueTool, Tool, ToolGroup, ToolRef
from proxy.wire.format import Format
from proxy.wire.reading import decoded, given, read_one
from proxy.wire.responses import schema

MODES = {"auto": ChoiceMode.AUTO, "none": ChoiceMode.NONE, "required": ChoiceMode.ANY}


def read_tools(raws: Iterable[Raw]) -> tuple[AnyTool, ...]:
    return tuple(_read_tool(raw) for raw in raws)


def _read_tool(raw: Raw) -> AnyTool:
    kind = decoded(schema.KIND, raw).type
    if kind == "namespace":
        group, extra = read_one(schema.NAMESPACES, raw)
        inner = tuple(_read_tool(tool) for tool in group.tools)
        if all(isinstance(tool, Tool) for tool in inner):
            tools = tuple(tool for tool in inner if isinstance(tool, Tool))
            return ToolGroup(group.name, tools, group.description, extra)
    elif kind == "function":
        wrapped = given(decoded(schema.WRAPPED_FUNCTION, raw).function)
        function, extra = read_one(schema.FUNCTIONS, raw if wrapped is None else wrapped)
        schema_ = given(function.parameters)
        return Tool(function.name, function.description, schema_, function.strict, extra=extra)
    elif kind == "custom":
        custom, extra = read_one(schema.CUSTOMS, raw)
        grammar = given(custom.format)
        return Tool(custom.name, custom.description, custom=True, grammar=grammar, extra=extra)
    return OpaqueTool(Format.RESPONSES, kind or "", raw)


class _Chosen(Struct):
    """A choice, or one of the tools that a choice allows."""

    type: str
    name: str | None = None
    namespace: str | None = None
    mode: str = "auto"
    tools: Any = None


_WORD_OR_CHOSEN = msgspec.json.Decoder(str | _Chosen)
_NAMING = ("function", "custom")


def read_choice(raw: Raw, offered: Iterable[AnyTool]) -> Choice | None:
    """`tool_choice`. What names the provider's own tools is kept as it came."""
    said = given(raw)
    if said is None:
        return None
    choice = decoded(_WORD_OR_CHOSEN, said)
    if isinstance(choice, str):
        mode = MODES.get(choice)
        return Choice(mode) if mode is not None else Choice(ChoiceMode.OPAQUE, raw=said)
    if choice.type == "allowed_tools":
        return _allowed(choice, said, offered)
    if choice.type in _NAMING and choice.name:
        return Choice(ChoiceMode.TOOL, (_ref(choice, choice.name),))
    return Choice(ChoiceMode.OPAQUE, raw=said)


def _ref(chosen: _Chosen, name: str) -> ToolRef:
    return ToolRef(name, chosen.namespace, custom=chosen.type == "custom")


def _allowed(choice: _Chosen, said: Raw, offered: Iterable[AnyTool]) -> Choice:
    mode = MODES.get(choice.mode)
    tools = msgspec.convert(choice.tools, list[_Chosen])
    refs: list[ToolRef] = []
    is_plain = True
    for tool in tools:
        if tool.type in _NAMING and tool.name:
            refs.append(_ref(tool, tool.name))
        else:
            is_plain = False
            refs += _in_group(tool, offered)
    if mode is None or not refs:
        return Choice(ChoiceMode.OPAQUE, raw=said)
    return Choice(mode, tuple(refs), raw=None if is_plain else said)


def _in_group(chosen: _Chosen, offered: Iterable[AnyTool]) -> Iterator[ToolRef]:
    """The tools of a group that is allowed as a whole."""
    for group in offered:
        if chosen.type == "namespace" and isinstance(group, ToolGroup) and group.name == chosen.name:
            yield from (ToolRef(tool.name, group.name, tool.custom) for tool in group.tools)
