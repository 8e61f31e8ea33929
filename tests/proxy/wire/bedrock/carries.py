"""What Converse cannot carry, as code: what is left of a conversation, written and read.

It is told for conversations that careful clients send: every call is answered by the message after it, names
and ids are valid. The model matters, for Converse is one format for the models of many makers.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from msgspec import Raw
from msgspec.structs import replace

from proxy.wire.canonical import (
    Block,
    Choice,
    ChoiceMode,
    Conversation,
    Data,
    Document,
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
)
from proxy.wire.format import Format
from proxy.wire.history import folded, hoisted, merged

FORCING = (ChoiceMode.ANY, ChoiceMode.TOOL)
TIERS = {"default": "default", "standard_only": "default", "flex": "flex", "priority": "priority"}
FREE_TEXT = Raw(b'{"type":"object","properties":{"input":{"type":"string"}},"required":["input"]}')
NO_ARGUMENTS = Raw(b'{"type":"object","properties":{}}')


def carried(conversation: Conversation, model: str = "some-model") -> Conversation:
    """What is left of a conversation of any format, sent to a model that is a Claude or of no known maker."""
    x = hoisted(conversation)
    claude = "claude" in model
    messages = _messages(x, claude)
    has_calls = any(isinstance(block, ToolCall) for m in messages for block in m.content)
    choice = _choice(x)
    tools = tuple(_tools(x, has_calls, claude))
    reasoning = _claude_reasoning(x, choice, messages) if claude else None
    return Conversation(
        # The model and the wish for a stream are not part of the body.
        format=Format.BEDROCK,
        system=tuple(_blocks(_texts(x.system), claude)),
        messages=messages,
        tools=tools,
        choice=choice if x.tools else None,
        # Whether calls may be parallel, penalties, seed, verbosity, user, cache key, store and references to
        # stored answers are unknown to it.
        max_tokens=x.max_tokens,
        **_sampling(x, claude, reasoning),
        # Stop sequences must hold something visible.
        stop=tuple(sequence for sequence in x.stop if sequence.strip()),
        reasoning=reasoning,
        output=_output(x.output),
        metadata=_metadata(x.metadata),
        # To have no wish is the rule.
        service_tier=TIERS.get(x.service_tier or ""),
    )


def _messages(x: Conversation, claude: bool) -> tuple[Message, ...]:
    """Instructions in the middle become the user's; results come first; nothing is empty; the user begins."""
    names = _Names()
    turns: list[Message] = []
    # Names of speakers and members that we do not know are not written.
    for m in merged(Message(m.role, m.content) for m in folded(x.messages)):
        content = sorted(m.content, key=lambda block: not isinstance(block, ToolResult))
        if m.role is Role.ASSISTANT:
            content = [_unshown(block) for block in content]
        turns.append(Message(m.role, tuple(_blocks((names.given(block) for block in content), claude))))
    turns = list(merged(turn for turn in turns if turn.content))
    if not turns or turns[0].role is not Role.USER:
        turns.insert(0, Message(Role.USER, (Text("(The conversation begins here.)"),)))
    for at, turn in enumerate(turns):
        kinds = {type(block) for block in turn.content}
        if Document in kinds and Text not in kinds:
            turns[at] = replace(turn, content=(*turn.content, Text("(See the document.)")))
    last = turns[-1].content[-1]
    if turns[-1].role is Role.ASSISTANT and isinstance(last, Text):
        # The beginning of an answer may not end in whitespace.
        trimmed = replace(last, text=last.text.rstrip())
        turns[-1] = replace(turns[-1], content=(*turns[-1].content[:-1], trimmed))
    return tuple(turns)


class _Names:
    """Documents have names of few characters, each given once; those in results have them too."""

    def __init__(self) -> None:
        self._given: list[str] = []

    def given(self, block: Block) -> Block:
        if isinstance(block, ToolResult):
            return replace(block, content=tuple(map(self.given, block.content)))
        if not isinstance(block, Document):
            return block
        plain = re.sub(r"[^a-zA-Z0-9()\[\]-]+", " ", block.name or "").strip() or "Document"
        self._given.append(plain.lower())
        count = self._given.count(plain.lower())
        return replace(block, name=plain if count == 1 else f"{plain} ({count})")


def _unshown(block: Block) -> Block:
    """Only the user shows images and documents."""
    match block:
        case Image():
            return Text("[An image that cannot be shown to this model.]", cache=block.cache)
        case Document(name=name):
            named = f": {name}" if name else "."
            return Text(f"[A document that cannot be shown to this model{named}]", cache=block.cache)
    return block


def _texts(blocks: Iterable[Block]) -> Iterator[Block]:
    yield from (block for block in blocks if isinstance(block, Text | Refusal))


def _blocks(blocks: Iterable[Block], claude: bool) -> Iterator[Block]:
    for block in blocks:
        left = _block(block, claude)
        if left is not None:
            changes: dict[str, Any] = {"extra": None} if hasattr(left, "extra") else {}
            if hasattr(left, "cache"):
                changes["cache"] = _mark(left.cache) if claude else None
            yield replace(left, **changes)


def _block(block: Block, claude: bool) -> Block | None:
    match block:
        case Refusal(text) | Text(text):
            # Blank text is refused; refusals are text; citations are each format's own.
            return Text(text, cache=getattr(block, "cache", None)) if text.strip() else None
        case Image(Data()):
            return replace(block, detail=None)
        case Image():
            # Nothing is fetched.
            return Text("[An image that cannot be shown to this model.]", cache=block.cache)
        case Document(Data() | PlainText()):
            return block
        case Document():
            return Text(f"[A document that cannot be shown to this model: {block.name}]", cache=block.cache)
        case Thinking(text, signature):
            # Thinking that nobody signed is refused.
            return Thinking(text, signature) if signature else None
        case RedactedThinking():
            return block
        case ToolCall(id_, name, arguments, namespace):
            # Calls are not signed, and no free text; namespaces are part of the name.
            name = f"{namespace}__{name}" if namespace else name
            return ToolCall(id_, name, _input(arguments), cache=block.cache)
        case ToolResult(_, content, is_error):
            # Inside a result nothing can be marked; the mark moves behind it.
            marks = [b.cache for b in content if getattr(b, "cache", None) is not None]
            inner = tuple(_blocks(content, claude=False))
            if is_error and not inner:
                inner = (Text("Error: the tool failed and said nothing."),)
            return replace(block, content=inner, custom=False, cache=marks[-1] if marks else block.cache)
        case Opaque():
            return None


def _mark(cache: Raw | None) -> Raw | None:
    """A mark says no more than for how long, if for longer than usual."""
    if cache is None:
        return None
    hour = json.loads(bytes(cache)).get("ttl") == "1h"
    return Raw(b'{"type":"ephemeral","ttl":"1h"}' if hour else b'{"type":"ephemeral"}')


def _input(arguments: str) -> str:
    """A call's input is an object."""
    try:
        is_object = isinstance(json.loads(arguments or "{}"), dict)
    except ValueError:
        is_object = False
    return (arguments or "{}") if is_object else json.dumps({"_arguments": arguments})


def _tools(x: Conversation, has_calls: bool, claude: bool) -> Iterator[Tool]:
    """Groups are taken apart, and what the choice does not allow is not offered. That none may be called is
    said by offering none, which calls in the conversation forbid; for these tools are made up if need be."""
    none = x.choice is not None and x.choice.mode is ChoiceMode.NONE
    if none and not has_calls:
        return
    allowed = x.choice.allowed if x.choice and x.choice.mode is not ChoiceMode.TOOL else ()
    offered = False
    for tool in x.tools:
        if isinstance(tool, OpaqueTool):
            continue
        inner = tool.tools if isinstance(tool, ToolGroup) else (tool,)
        space = tool.name if isinstance(tool, ToolGroup) else None
        for one in inner:
            if not allowed or any((ref.namespace, ref.name) == (space, one.name) for ref in allowed):
                offered = True
                yield _tool(one, space, claude)
    if has_calls and not offered:
        called = (b for m in x.messages for b in m.content if isinstance(b, ToolCall))
        for name in dict.fromkeys(f"{b.namespace}__{b.name}" if b.namespace else b.name for b in called):
            yield Tool(name, description="No longer available; do not call it.", schema=NO_ARGUMENTS)


def _tool(tool: Tool, space: str | None, claude: bool) -> Tool:
    return Tool(
        f"{space}__{tool.name}" if space else tool.name,
        description=tool.description or None,
        # Every tool has a schema, custom tools one for their text, whatever its grammar.
        schema=FREE_TEXT if tool.custom else tool.schema or NO_ARGUMENTS,
        # Not to be strict is the rule.
        strict=tool.strict or None,
        cache=Raw(b'{"type":"ephemeral"}') if tool.cache is not None and claude else None,
    )


def _choice(x: Conversation) -> Choice | None:
    """That none may be called, and choices of a provider's own tools, are unknown to it."""
    if x.choice is None or x.choice.mode in (ChoiceMode.NONE, ChoiceMode.OPAQUE):
        return None
    if x.choice.mode is ChoiceMode.TOOL:
        ref = x.choice.allowed[0]
        name = f"{ref.namespace}__{ref.name}" if ref.namespace else ref.name
        return Choice(ChoiceMode.TOOL, (ToolRef(name),))
    return Choice(x.choice.mode)


def _sampling(x: Conversation, claude: bool, reasoning: Reasoning | None) -> dict[str, Any]:
    """Temperatures go up to 1. Only known makers' models take a top_k. Claude takes neither a temperature
    other than 1 nor a small top_p nor a top_k while it thinks, and not both of the first two."""
    own = x.format is Format.ANTHROPIC
    temperature = min(x.temperature, 1.0) if x.temperature is not None else None
    if not claude:
        return {"temperature": temperature, "top_p": x.top_p, "top_k": None}
    thinks = reasoning is not None and (reasoning.adaptive or reasoning.enabled is True)
    temperature = None if thinks and temperature != 1 else temperature
    no_top_p = x.top_p is None or (thinks and x.top_p < 0.95) or (temperature is not None and not own)
    return {
        "temperature": temperature,
        "top_p": None if no_top_p else x.top_p,
        "top_k": None if thinks else x.top_k,
    }


def _claude_reasoning(x: Conversation, choice: Choice | None, left: tuple[Message, ...]) -> Reasoning | None:
    """As in Anthropic's own format: others' efforts become thinking as the task needs, unless a call is
    forced or the answer already begun."""
    asked = x.reasoning
    forced = bool(x.tools) and choice is not None and choice.mode in FORCING
    hindered = forced or left[-1].role is Role.ASSISTANT
    if asked is None or (x.format is Format.ANTHROPIC and not hindered):
        return asked
    if asked.enabled is False or asked.effort == "none":
        return Reasoning(enabled=False)
    effort = "low" if asked.effort == "minimal" else asked.effort
    if hindered:
        return Reasoning(effort=effort) if effort else None
    if asked.budget:
        return Reasoning(enabled=True, budget=asked.budget, effort=effort)
    return Reasoning(adaptive=True, effort=effort)


def _output(output: Output | None) -> Output | None:
    """JSON of any shape cannot be asked for; a schema is always strict, and closed."""
    if output is None or output.kind is OutputKind.JSON or output.schema is None:
        return None
    closed = _closed(msgspec.json.decode(output.schema))
    same = closed == msgspec.json.decode(output.schema)
    schema = output.schema if same else Raw(msgspec.json.encode(closed))
    return replace(output, schema=schema, strict=None)


def _closed(value: Any) -> Any:
    if isinstance(value, list):
        return [_closed(item) for item in value]
    if not isinstance(value, dict):
        return value
    inner = {key: _closed(item) for key, item in value.items()}
    if inner.get("type") != "object":
        return inner
    return {**inner, "additionalProperties": inner.get("additionalProperties", False)}


def _metadata(metadata: Raw | None) -> Raw | None:
    """A few short texts, of harmless characters."""
    if metadata is None:
        return None
    words = json.loads(bytes(metadata))
    texts = [*words, *words.values()]
    fit = all(isinstance(t, str) and re.fullmatch(r"[a-zA-Z0-9\s:_@$#=/+,\-.]{0,256}", t) for t in texts)
    return metadata if words and fit and len(words) <= 16 and all(words) else None
