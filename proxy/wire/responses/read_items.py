"""Items from JSON to canonical blocks and messages.

The format strings items together where others have messages: reasoning, messages and calls of the assistant
that follow each other are one message of ours, and so are the outputs of calls. What a message item of the
assistant says of itself (its id, its phase) is kept with its first text, under the name `message`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
from msgspec import Raw
from msgspec.structs import replace

from proxy.wire.canonical import Block, Extra, Message, Opaque, Role, Text, ToolCall, ToolResult
from proxy.wire.format import Format
from proxy.wire.reading import decoded
from proxy.wire.responses import schema
from proxy.wire.responses.custom_text import as_arguments
from proxy.wire.responses.read_parts import read_content
from proxy.wire.responses.reasoning_items import thinking_of
from proxy.wire.responses.schema import kept

OF_MESSAGE = "message"
"""The name in a text's extra for what belongs to the item around it."""

FUNCTION_CALL = "function_call"
CUSTOM_CALL = "custom_tool_call"
FUNCTION_OUTPUT = "function_call_output"
CUSTOM_OUTPUT = "custom_tool_call_output"


@dataclass(slots=True)
class Item:
    role: Role
    content: list[Block]
    joins: bool = False
    """Whether it is one message with its neighbours."""
    extra: Extra | None = None


def read_input(input_: str | Iterable[Raw] | None) -> tuple[Message, ...]:
    if isinstance(input_, str):
        return (Message(Role.USER, read_content(input_)),)
    turns: list[Item] = []
    for raw in input_ or ():
        item = read_item(raw)
        if turns and item.joins and turns[-1].joins and turns[-1].role is item.role:
            turns[-1].content += item.content
        else:
            turns.append(item)
    return tuple(Message(turn.role, tuple(turn.content), extra=turn.extra) for turn in turns)


def read_item(raw: bytes | Raw) -> Item:
    """One item, of input or of output; of a type that is not ours to understand, as it came."""
    read: tuple[schema.Item | schema.UntypedMessage, Extra | None] | None
    try:
        read = schema.ITEMS.read(raw)
    except msgspec.ValidationError:
        if decoded(schema.KIND, raw).type is not None:
            raise
        read = schema.UNTYPED_MESSAGES.read(raw)
    if read is None:
        return _opaque(raw, decoded(schema.KIND, raw).type or "")
    shape, extra = read
    match shape:
        case schema.Message() | schema.UntypedMessage():
            return _message(shape, extra)
        case schema.FunctionCall():
            return _call(shape, shape.arguments, extra)
        case schema.CustomCall():
            return _call(shape, as_arguments(shape.input), extra)
        case schema.FunctionOutput() | schema.CustomOutput():
            return _output(shape, extra)
        case schema.ReasoningItem():
            return Item(Role.ASSISTANT, [thinking_of(shape, extra)], joins=True)
    raise AssertionError(f"no reader for {shape}")


def _opaque(raw: bytes | Raw, kind: str) -> Item:
    """Calls of the provider's own tools are the assistant's; some have outputs that the client sends."""
    is_from_client = kind.endswith("_output") or kind == "mcp_approval_response"
    whole = Raw(raw) if isinstance(raw, bytes) else raw
    block = Opaque(Format.RESPONSES, kind, whole)
    return Item(Role.USER if is_from_client else Role.ASSISTANT, [block], joins=True)


def _message(item: schema.Message | schema.UntypedMessage, extra: Extra | None) -> Item:
    content = list(read_content(item.content))
    extra = kept(extra, id=item.id, status=item.status, phase=item.phase)
    if item.role == "assistant":
        return Item(Role.ASSISTANT, _with_message(content, extra), joins=True)
    return Item(Role(item.role), content, extra=extra)


def _with_message(content: list[Block], extra: Extra | None) -> list[Block]:
    if not extra:
        return content
    for place, block in enumerate(content):
        if isinstance(block, Text):
            kept = {**(block.extra or {}), OF_MESSAGE: Raw(msgspec.json.encode(extra))}
            return [*content[:place], replace(block, extra=kept), *content[place + 1 :]]
    return content


def _call(item: schema.FunctionCall | schema.CustomCall, arguments: str, extra: Extra | None) -> Item:
    call = ToolCall(
        item.call_id or item.id or "",
        item.name,
        arguments,
        namespace=item.namespace,
        custom=isinstance(item, schema.CustomCall),
        item_id=item.id,
        extra=kept(extra, status=item.status),
    )
    return Item(Role.ASSISTANT, [call], joins=True)


def _output(item: schema.FunctionOutput | schema.CustomOutput, extra: Extra | None) -> Item:
    custom = isinstance(item, schema.CustomOutput)
    extra = kept(extra, id=item.id, status=item.status)
    result = ToolResult(item.call_id or "", read_content(item.output), custom=custom, extra=extra)
    return Item(Role.USER, [result], joins=True)
