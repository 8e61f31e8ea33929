"""The tools a client offers and its choice among them."""

from typing import Any

import msgspec
from msgspec import Raw, Struct

from proxy.wire.canonical import AnyTool, Choice, ChoiceMode, Extra, OpaqueTool, Tool, ToolRef
from proxy.wire.format import Format
from proxy.wire.openai_chat.nested import read_inner
from proxy.wire.reading import ABSENT, Shapes, decoded, given, members_of, read_one


class OfferedTool(Struct, forbid_unknown_fields=True):
    type: str | None = None
    function: Raw = ABSENT
    custom: Raw = ABSENT
    cache_control: Raw = ABSENT


class Function(Struct, forbid_unknown_fields=True):
    name: str
    description: str | None = None
    parameters: Raw = ABSENT
    strict: bool | None = None


class Custom(Struct, forbid_unknown_fields=True):
    name: str
    description: str | None = None
    format: Raw = ABSENT


class FlatTool(Struct, forbid_unknown_fields=True):
    """A function without its wrapping, as Cursor and careless clients send it."""

    name: str
    type: str | None = None
    description: str | None = None
    parameters: Raw = ABSENT
    input_schema: Raw = ABSENT
    strict: bool | None = None
    cache_control: Raw = ABSENT


_TOOL = Shapes(OfferedTool)
_FUNCTION = Shapes(Function)
_CUSTOM = Shapes(Custom)
_FLAT = Shapes(FlatTool)


def read_tool(raw: Raw) -> AnyTool:
    tool, extra = read_one(_TOOL, raw)
    cache = given(tool.cache_control)
    if given(tool.function) is not None and tool.type in ("function", None):
        return _function(tool.function, cache, extra)
    if tool.type == "custom" and given(tool.custom) is not None:
        return _custom(tool.custom, cache, extra)
    if tool.type in ("function", None) and extra is not None and "name" in extra:
        return _flat(raw)
    return OpaqueTool(Format.OPENAI_CHAT, tool.type or "", raw)


def read_legacy_tool(raw: Raw) -> Tool:
    """An entry of `functions`, from before there were tools."""
    return _function(raw, None, None)


def _function(raw: Raw, cache: Raw | None, outer: Extra | None) -> Tool:
    function, extra = read_inner(_FUNCTION, raw, "function", outer)
    return Tool(
        function.name,
        description=function.description,
        schema=_object(function.parameters),
        strict=function.strict,
        cache=cache,
        extra=extra,
    )


def _custom(raw: Raw, cache: Raw | None, outer: Extra | None) -> Tool:
    custom, extra = read_inner(_CUSTOM, raw, "custom", outer)
    return Tool(
        custom.name,
        description=custom.description,
        custom=True,
        grammar=_flattened(given(custom.format)),
        cache=cache,
        extra=extra,
    )


def _flat(raw: Raw) -> Tool:
    tool, extra = read_one(_FLAT, raw)
    return Tool(
        tool.name,
        description=tool.description,
        schema=_object(tool.parameters) or _object(tool.input_schema),
        strict=tool.strict,
        cache=given(tool.cache_control),
        extra=extra,
    )


def _object(schema: Raw) -> Raw | None:
    """A schema, of which no more is asked than that it is an object."""
    said = given(schema)
    if said is not None and not bytes(said).startswith(b"{"):
        raise msgspec.ValidationError("Expected `object` - at `parameters` of a tool")
    return said


def _flattened(grammar: Raw | None) -> Raw | None:
    """The Responses format holds the grammar beside its type; this one wraps it once more."""
    if grammar is None:
        return None
    members = members_of(grammar)
    if "grammar" not in members:
        return grammar
    wrapped = members.pop("grammar")
    return Raw(msgspec.json.encode({**members, **members_of(wrapped)}))


class _Named(Struct):
    name: str


class _Chosen(Struct):
    """A choice, or one of the tools that a choice allows."""

    type: str | None = None
    name: str | None = None
    function: _Named | None = None
    custom: _Named | None = None
    allowed_tools: Any = None

    @property
    def ref(self) -> ToolRef | None:
        if self.custom is not None:
            return ToolRef(self.custom.name, custom=True)
        name = self.function.name if self.function is not None else self.name
        return ToolRef(name) if name and self.type in ("function", "tool", None) else None


class _Allowed(Struct):
    tools: list[_Chosen]
    mode: str = "auto"


_WORD_OR_CHOSEN = msgspec.json.Decoder(str | _Chosen)
_MODES = {
    "auto": ChoiceMode.AUTO,
    "none": ChoiceMode.NONE,
    "required": ChoiceMode.ANY,
    "any": ChoiceMode.ANY,
}


def read_choice(raw: Raw) -> Choice | None:
    """`tool_choice`, or the `function_call` of old. What we do not know is kept as it came."""
    said = given(raw)
    if said is None:
        return None
    choice = decoded(_WORD_OR_CHOSEN, said)
    if isinstance(choice, str):
        mode = _MODES.get(choice)
        return Choice(mode) if mode is not None else Choice(ChoiceMode.OPAQUE, raw=said)
    if choice.type == "allowed_tools":
        return _allowed(choice, said)
    ref = choice.ref
    return Choice(ChoiceMode.TOOL, (ref,)) if ref is not None else Choice(ChoiceMode.OPAQUE, raw=said)


def _allowed(choice: _Chosen, said: Raw) -> Choice:
    allowed = msgspec.convert(choice.allowed_tools, _Allowed)
    refs = [tool.ref for tool in allowed.tools]
    known = tuple(ref for ref in refs if ref is not None)
    mode = _MODES.get(allowed.mode)
    if len(known) < len(refs) or mode is None:
        return Choice(ChoiceMode.OPAQUE, raw=said)
    return Choice(mode, known)
