"""Tools and the choice among them, from a client's request."""

import msgspec
from msgspec import Raw

from proxy.wire.canonical import AnyTool, Choice, ChoiceMode, Extra, OpaqueTool, Tool, ToolRef
from proxy.wire.format import Format
from proxy.wire.gemini.openapi import from_openapi
from proxy.wire.gemini.schema import CALLING_CONFIG, FUNCTION_DECLARATION, TOOL_CONFIG
from proxy.wire.reading import decoded, given, members_of

_DECLARATIONS = msgspec.json.Decoder(list[Raw] | None)
_FUNCTIONS = ("functionDeclarations", "function_declarations")
_MODES = {
    "AUTO": ChoiceMode.AUTO,
    "VALIDATED": ChoiceMode.AUTO,
    "ANY": ChoiceMode.ANY,
    "NONE": ChoiceMode.NONE,
}


def read_tools(raws: list[Raw]) -> tuple[AnyTool, ...]:
    """An entry holds functions of the client, tools of Google, or both; here each stands alone."""
    tools: list[AnyTool] = []
    for raw in raws:
        for name, value in members_of(raw).items():
            if name in _FUNCTIONS:
                tools += [_function(declared) for declared in decoded(_DECLARATIONS, value) or ()]
            else:
                tools.append(OpaqueTool(Format.GEMINI, name, Raw(msgspec.json.encode({name: value}))))
    return tuple(tools)


def _function(raw: Raw) -> Tool:
    function, extra = FUNCTION_DECLARATION.read(raw)
    schema = given(function.parameters_json_schema)
    if schema is None and (parameters := given(function.parameters)) is not None:
        schema = from_openapi(parameters)
    return Tool(function.name, function.description, schema, extra=extra)


def read_choice(raw: Raw, extra: Extra | None) -> tuple[Choice | None, Extra | None]:
    """Whether to call tools, from `toolConfig`. What the canonical choice cannot say is kept as it came."""
    if given(raw) is None:
        return None, extra
    config, extra = TOOL_CONFIG.read_inner(raw, "toolConfig", extra)
    said = given(config.function_calling_config)
    if said is None:
        return None, extra
    calling, more = CALLING_CONFIG.read(said)
    mode = _MODES.get((calling.mode or "").upper())
    allowed = tuple(ToolRef(name) for name in calling.allowed_function_names or ())
    if mode is None:
        return (Choice(ChoiceMode.OPAQUE, raw=said) if more else None), extra
    if mode is ChoiceMode.ANY and len(allowed) == 1:
        mode = ChoiceMode.TOOL
    is_all = more is None and not (calling.mode == "VALIDATED" and not allowed)
    return Choice(mode, allowed, None if is_all else said), extra
