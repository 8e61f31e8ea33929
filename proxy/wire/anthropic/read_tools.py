"""Tools and the choice among them, from JSON to canonical values."""

from collections.abc import Iterable

import msgspec
from msgspec import Raw, Struct

from proxy.wire.anthropic import schema
from proxy.wire.canonical import AnyTool, Choice, ChoiceMode, OpaqueTool, Tool, ToolRef
from proxy.wire.format import Format
from proxy.wire.reading import decoded, given, read_one

_MODES = {"auto": ChoiceMode.AUTO, "any": ChoiceMode.ANY, "none": ChoiceMode.NONE}


def read_tool(raw: Raw) -> AnyTool:
    """A tool of the client's own, or one that only Anthropic knows how to run or describe."""
    kind = decoded(_TYPE, raw).type
    if kind not in (None, "custom"):
        return OpaqueTool(Format.ANTHROPIC, str(kind), raw)
    shape, extra = read_one(schema.TOOLS, raw)
    return Tool(
        name=shape.name,
        description=shape.description,
        schema=given(shape.input_schema),
        strict=shape.strict,
        cache=given(shape.cache_control),
        extra=extra,
    )


def read_choice(raw: Raw, tools: Iterable[AnyTool]) -> tuple[Choice | None, bool | None]:
    """What may be called, and whether several at once."""
    if given(raw) is None:
        return None, None
    choice = decoded(_CHOICE, raw)
    disabled = choice.disable_parallel_tool_use
    parallel = None if disabled is None else not disabled
    if choice.type in _MODES:
        return Choice(_MODES[choice.type]), parallel
    ours = {tool.name for tool in tools if isinstance(tool, Tool)}
    if choice.type == "tool" and choice.name in ours:
        return Choice(ChoiceMode.TOOL, (ToolRef(choice.name),)), parallel
    return Choice(ChoiceMode.OPAQUE, raw=raw), parallel


class _Type(Struct):
    type: str | None = None


_TYPE = msgspec.json.Decoder(_Type)
_CHOICE = msgspec.json.Decoder(schema.ToolChoice)
