"""What the Anthropic format cannot carry, as code: what is left of a conversation, written and read.

It is told for a target that takes everything the format's own vendor does, and for conversations that
careful clients send: every call is answered by the message after it, names and ids are valid.
"""

import base64
import json
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from msgspec import Raw
from msgspec.structs import replace

from proxy.wire.canonical import (
    AnyTool,
    Block,
    Choice,
    ChoiceMode,
    Conversation,
    Data,
    Document,
    FileId,
    Image,
    Message,
    Opaque,
    OpaqueTool,
    Output,
    OutputKind,
    PlainText,
    Reasoning,
    RedactedThinking,
    Refusal,
    Role,
    Text,
    Thinking,
    Tool,
    ToolCall,
    ToolGroup,
    ToolRef,
    ToolResult,
    Url,
)
from proxy.wire.format import Format
from proxy.wire.history import folded, hoisted, merged

ANTHROPIC = Format.ANTHROPIC
FORCING = (ChoiceMode.ANY, ChoiceMode.TOOL, ChoiceMode.OPAQUE)


def carried(conversation: Conversation) -> Conversation:
    """What is left of a conversation of any format."""
    x = hoisted(conversation)
    own = x.format is ANTHROPIC
    tools = tuple(_tools(x, own))
    reasoning = _reasoning(x, own, bool(tools))
    thinks = reasoning is not None and (reasoning.adaptive or reasoning.enabled is True)
    # Thinking goes with no other temperature than 1; others' scale goes beyond 1.
    temperature = x.temperature if own or x.temperature is None else min(x.temperature, 1.0)
    temperature = None if thinks and temperature != 1 else temperature
    # Thinking goes with a top_p near 1 only, and others' top_p gives way to a temperature.
    no_top_p = x.top_p is None or (thinks and x.top_p < 0.95) or (temperature is not None and not own)
    return Conversation(
        format=ANTHROPIC,
        model=x.model,
        system=tuple(_blocks(x.system, own)),
        messages=_messages(x, own),
        tools=tools,
        choice=_choice(x, tools),
        # To be parallel is the rule, and is not said; without tools nothing is said of it.
        parallel_calls=False if x.parallel_calls is False and tools and not _is_off(x.choice) else None,
        # The format demands a limit.
        max_tokens=8192 + _budget(x) if x.max_tokens is None else x.max_tokens,
        temperature=temperature,
        top_p=None if no_top_p else x.top_p,
        # Thinking goes with no top_k.
        top_k=None if thinks else x.top_k,
        # Penalties, seed, verbosity, cache key, store and references to stored answers are unknown to it.
        # Stop sequences must hold something visible.
        stop=tuple(sequence for sequence in x.stop if sequence.strip()),
        reasoning=reasoning,
        output=_output(x, own),
        stream=x.stream,
        # A user is part of the metadata, of which nothing else is known; an address is refused.
        user=x.user if x.user is not None and len(x.user) <= 64 and "@" not in x.user else None,
        metadata=x.metadata if own and x.metadata is not None else _metadata(x.user),
        service_tier=x.service_tier
        if own
        else {"auto": "auto", "default": "standard_only"}.get(x.service_tier or ""),
        extra=x.extra if own else None,
    )


def _messages(x: Conversation, own: bool) -> tuple[Message, ...]:
    """Instructions in the middle become the user's; results come first; nothing is empty; the user begins."""
    kept = (
        # Names of speakers are unknown to it.
        Message(m.role, tuple(_blocks(m.content, own)), extra=m.extra if own else None)
        for m in folded(x.messages)
    )
    turns = [replace(m, content=_results_first(m.content)) for m in merged(m for m in kept if m.content)]
    if not turns or turns[0].role is not Role.USER:
        turns.insert(0, Message(Role.USER, (Text("(The conversation begins here.)"),)))
    last = turns[-1].content[-1]
    if turns[-1].role is Role.ASSISTANT and isinstance(last, Text):
        # The beginning of an answer may not end in whitespace.
        trimmed = replace(last, text=last.text.rstrip())
        turns[-1] = replace(turns[-1], content=(*turns[-1].content[:-1], trimmed))
    return tuple(turns)


def _results_first(content: Iterable[Block]) -> tuple[Block, ...]:
    return tuple(sorted(content, key=lambda block: not isinstance(block, ToolResult)))


def _blocks(blocks: Iterable[Block], own: bool) -> Iterator[Block]:
    for block in blocks:
        left = _block(block)
        if left is not None:
            # Members that only another format knows.
            yield left if own or not getattr(left, "extra", None) else replace(left, extra=None)


def _block(block: Block) -> Block | None:
    match block:
        case Refusal(text):
            return Text(text)
        case Text(text):
            # Blank text is refused; citations are each format's own.
            ours = tuple(c for c in block.citations if c.format is ANTHROPIC)
            return replace(block, citations=ours) if text.strip() else None
        case Image(source):
            return replace(block, source=_source(source), detail=None)
        case Document(source):
            return replace(block, source=_source(source))
        case Thinking(_, signature):
            # Thinking that nobody signed is refused.
            return replace(block, id=None) if signature else None
        case RedactedThinking():
            return block
        case ToolCall(_, name, arguments, namespace):
            # Calls are not signed, and no free text; namespaces are part of the name.
            return replace(
                block,
                name=f"{namespace}__{name}" if namespace else name,
                arguments=_input(arguments),
                namespace=None,
                custom=False,
                signature=None,
                item_id=None,
            )
        case ToolResult(_, content, is_error):
            inner = tuple(_blocks(content, own=True))
            if is_error and not inner:
                inner = (Text("Error: the tool failed and said nothing."),)
            return replace(block, content=inner, custom=False)
        case Opaque(format_):
            return block if format_ is ANTHROPIC else None


def _source(source: Any) -> Any:
    match source:
        case Url(url):
            return Url(url)
        case Data(media_type, data) if media_type.startswith("text/"):
            return PlainText(base64.b64decode(data).decode())
        case Data("image/jpg", data):
            return Data("image/jpeg", data)
        case Data() | PlainText() | FileId():
            return source
    raise AssertionError(source)


def _input(arguments: str) -> str:
    """A call's input is an object."""
    try:
        is_object = isinstance(json.loads(arguments or "{}"), dict)
    except ValueError:
        is_object = False
    return (arguments or "{}") if is_object else json.dumps({"_arguments": arguments})


def _tools(x: Conversation, own: bool) -> Iterator[AnyTool]:
    """Groups are taken apart, and what the choice does not allow is not offered."""
    allowed = x.choice.allowed if x.choice else ()
    for tool in x.tools:
        if isinstance(tool, OpaqueTool):
            if tool.format is ANTHROPIC:
                yield tool
            continue
        inner = tool.tools if isinstance(tool, ToolGroup) else (tool,)
        space = tool.name if isinstance(tool, ToolGroup) else None
        for one in inner:
            if not allowed or any((ref.namespace, ref.name) == (space, one.name) for ref in allowed):
                yield _tool(one, space, own)


def _tool(tool: Tool, space: str | None, own: bool) -> Tool:
    free_text = Raw(b'{"type":"object","properties":{"input":{"type":"string"}},"required":["input"]}')
    return replace(
        tool,
        name=f"{space}__{tool.name}" if space else tool.name,
        # Every tool has a schema, custom tools one for their text, whatever its grammar.
        schema=free_text if tool.custom else tool.schema or Raw(b'{"type":"object","properties":{}}'),
        custom=False,
        grammar=None,
        # Not to be strict is the rule.
        strict=tool.strict if own or tool.strict else None,
        extra=tool.extra if own else None,
    )


def _choice(x: Conversation, tools: tuple[AnyTool, ...]) -> Choice | None:
    """Without tools there is nothing to choose; that calls may not be parallel is said as a choice."""
    if not tools:
        return None
    if x.choice is None:
        return Choice(ChoiceMode.AUTO) if x.parallel_calls is False else None
    if x.choice.mode is ChoiceMode.OPAQUE:
        return x.choice if x.format is ANTHROPIC else None
    if x.choice.mode is ChoiceMode.TOOL:
        ref = x.choice.allowed[0]
        return Choice(
            ChoiceMode.TOOL, (ToolRef(f"{ref.namespace}__{ref.name}" if ref.namespace else ref.name),)
        )
    return Choice(x.choice.mode)


def _is_off(choice: Choice | None) -> bool:
    return choice is not None and choice.mode is ChoiceMode.NONE


def _budget(x: Conversation) -> int:
    return (x.reasoning.budget or 0) if x.reasoning else 0


def _reasoning(x: Conversation, own: bool, has_tools: bool) -> Reasoning | None:
    """Others' efforts become thinking as the task needs, unless a call is forced."""
    asked = x.reasoning
    forced = has_tools and x.choice is not None and x.choice.mode in FORCING
    if asked is None or (own and not forced):
        return asked
    if asked.enabled is False or asked.effort == "none":
        return Reasoning(enabled=False)
    effort = "low" if asked.effort == "minimal" else asked.effort
    if forced:
        return Reasoning(effort=effort) if effort else None
    if asked.budget:
        return Reasoning(enabled=True, budget=asked.budget, effort=effort)
    return Reasoning(adaptive=True, effort=effort)


def _output(x: Conversation, own: bool) -> Output | None:
    """JSON of any shape cannot be asked for; schemas have no names; others' must be closed."""
    if x.output is None or x.output.kind is OutputKind.JSON or x.output.schema is None:
        return None
    schema = x.output.schema
    return Output(OutputKind.SCHEMA, schema=schema if own else _closed(schema))


def _closed(schema: Raw) -> Raw:
    def close(value: Any) -> Any:
        if isinstance(value, dict):
            inner = {key: close(item) for key, item in value.items()}
            return (
                {**inner, "additionalProperties": inner.get("additionalProperties", False)}
                if inner.get("type") == "object"
                else inner
            )
        return [close(item) for item in value] if isinstance(value, list) else value

    value = msgspec.json.decode(schema)
    closed = close(value)
    return schema if closed == value else Raw(msgspec.json.encode(closed))


def _metadata(user: str | None) -> Raw | None:
    if user is None or "@" in user:
        return None
    return Raw(msgspec.json.encode({"user_id": user}))
