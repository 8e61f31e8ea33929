"""The tools offered, and the choice among them."""

from typing import Any

from msgspec import Raw

from proxy.wire.canonical import Choice, ChoiceMode, Conversation, OpaqueTool, Tool, ToolGroup, ToolRef
from proxy.wire.format import Format
from proxy.wire.openai_chat.draft import Draft
from proxy.wire.reading import members_of
from proxy.wire.target import Loss

FREE_TEXT = Raw(b'{"type":"object","properties":{"input":{"type":"string"}},"required":["input"]}')
"""A custom tool, for those who know functions alone."""
NO_PARAMETERS = Raw(b'{"type":"object","properties":{}}')

_WORDS = {ChoiceMode.AUTO: "auto", ChoiceMode.NONE: "none", ChoiceMode.ANY: "required"}


def put_tools(draft: Draft, conversation: Conversation, members: dict[str, Any]) -> None:
    """The members that speak of tools. Without tools there is nothing to choose from, and saying so is an
    error with many servers."""
    offered = _offered(draft, conversation)
    choice = conversation.choice
    if not offered:
        _lose(draft, conversation)
        return
    if choice is not None and choice.allowed and not draft.target.named_choice:
        offered = _narrowed(draft, choice, offered)
    members["tools"] = [tool for _, tool in offered]
    if choice is not None:
        said = _choice(draft, choice)
        if said is not None:
            members["tool_choice"] = said
    if conversation.parallel_calls is not None:
        if draft.target.parallel_parameter:
            members["parallel_tool_calls"] = conversation.parallel_calls
        else:
            draft.lost.add(Loss.PARALLEL_CALLS)


def _lose(draft: Draft, conversation: Conversation) -> None:
    if conversation.choice is not None:
        draft.lost.add(Loss.TOOL_CHOICE)
    if conversation.parallel_calls is not None:
        draft.lost.add(Loss.PARALLEL_CALLS)


def _offered(draft: Draft, conversation: Conversation) -> list[tuple[str, Any]]:
    """The tools by the names they are sent under."""
    tools: list[tuple[str, Any]] = [(name, _tool(draft, name, tool)) for name, tool in draft.naming.tools]
    for tool in conversation.tools:
        match tool:
            case OpaqueTool(Format.OPENAI_CHAT, _, raw):
                tools.append(("", raw))
            case OpaqueTool():
                draft.lost.add(Loss.SERVER_TOOL)
            case ToolGroup(extra=extra) if extra:
                draft.lost.add(Loss.UNKNOWN_FIELDS)
    return tools


def _tool(draft: Draft, name: str, tool: Tool) -> dict[str, Any]:
    members = _custom(name, tool) if tool.custom and draft.own else _function(draft, name, tool)
    draft.put_extra(members, tool.extra)
    draft.put_cache(members, tool.cache)
    return members


def _custom(name: str, tool: Tool) -> dict[str, Any]:
    custom: dict[str, Any] = {"name": name}
    if tool.description is not None:
        custom["description"] = tool.description
    if tool.grammar is not None:
        custom["format"] = _wrapped(tool.grammar)
    return {"type": "custom", "custom": custom}


def _wrapped(grammar: Raw) -> dict[str, Any]:
    members: dict[str, Any] = dict(members_of(grammar))
    type_ = members.pop("type", Raw(b'"grammar"'))
    return {"type": type_, "grammar": members} if members else {"type": type_}


def _function(draft: Draft, name: str, tool: Tool) -> dict[str, Any]:
    function: dict[str, Any] = {"name": name}
    if tool.description is not None:
        function["description"] = tool.description
    schema = _schema(draft, name, tool)
    if schema is not None:
        function["parameters"] = schema
    if tool.strict is not None:
        function["strict"] = tool.strict
    if tool.grammar is not None:
        draft.lost.add(Loss.TOOL_GRAMMAR)
    return {"type": "function", "function": function}


def _schema(draft: Draft, name: str, tool: Tool) -> Raw | None:
    """The schema as it came. This format may leave it out for a function without parameters; not all who
    speak it can read that, so only its own clients may."""
    if tool.custom:
        return FREE_TEXT
    if tool.schema is None and draft.own and not draft.target.schema_needs_properties:
        return None
    schema = tool.schema if tool.schema is not None else NO_PARAMETERS
    if not draft.target.schema_needs_properties:
        return schema
    whole = _with_properties(schema)
    if whole is not schema:
        draft.added.append(f"Empty `properties` were added to the parameters of the tool {name}.")
    return whole


def _with_properties(schema: Raw) -> Raw:
    """The same bytes, with an empty `properties` where there is none."""
    members = members_of(schema)
    missing = {"type": b'"object"', "properties": b"{}"}
    added = b",".join(
        b'"%s":%s' % (name.encode(), value) for name, value in missing.items() if name not in members
    )
    if not added:
        return schema
    start = bytes(schema).rstrip().removesuffix(b"}")
    return Raw(start + (b"," if members else b"") + added + b"}")


def _narrowed(draft: Draft, choice: Choice, offered: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Only the allowed tools, for a target that would not heed who is named."""
    names = {_sent(draft, ref) for ref in choice.allowed}
    return [(name, tool) for name, tool in offered if name in names] or offered


def _choice(draft: Draft, choice: Choice) -> Any:
    named = draft.target.named_choice
    match choice.mode:
        case ChoiceMode.TOOL:
            return _reference(draft, choice.allowed[0]) if named and choice.allowed else "required"
        case ChoiceMode.OPAQUE:
            if draft.own:
                return choice.raw
            draft.lost.add(Loss.TOOL_CHOICE)
            return None
        case mode if choice.allowed and named:
            tools = [_reference(draft, ref) for ref in choice.allowed]
            return {"type": "allowed_tools", "allowed_tools": {"mode": _WORDS[mode], "tools": tools}}
        case mode:
            return _WORDS[mode]


def _reference(draft: Draft, ref: ToolRef) -> dict[str, Any]:
    kind = "custom" if ref.custom and draft.own else "function"
    return {"type": kind, kind: {"name": _sent(draft, ref)}}


def _sent(draft: Draft, ref: ToolRef) -> str:
    return draft.naming.sent(ref.name, ref.namespace)
