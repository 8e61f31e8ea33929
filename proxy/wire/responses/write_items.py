"""Messages as the items of a request's input."""

from collections.abc import Iterable
from typing import Any

from proxy.wire.canonical import (
    Block,
    Message,
    Opaque,
    RedactedThinking,
    Role,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
)
from proxy.wire.format import Format
from proxy.wire.reading import members_of
from proxy.wire.responses.custom_text import text_in
from proxy.wire.responses.draft import Draft
from proxy.wire.responses.ids import is_made
from proxy.wire.responses.read_items import CUSTOM_CALL, FUNCTION_CALL, OF_MESSAGE
from proxy.wire.responses.read_parts import is_part
from proxy.wire.responses.reasoning_items import written_redacted, written_thinking
from proxy.wire.responses.write_parts import parts_of, written_content, written_output
from proxy.wire.target import Loss


def written_input(draft: Draft, messages: Iterable[Message]) -> list[Any]:
    return [item for message in messages for item in _items(draft, message)]


def _items(draft: Draft, message: Message) -> list[Any]:
    """The items of one message: outputs of calls first, then the rest in its order, parts of content that
    follow each other together."""
    if message.name is not None:
        draft.lost.add(Loss.NAMES)
    extra = draft.kept(message.extra)
    items: list[Any] = [
        written_output(draft, block) for block in message.content if isinstance(block, ToolResult)
    ]
    together: list[Block] = []
    for block in message.content:
        if isinstance(block, ToolResult):
            continue
        apart = _apart(draft, block)
        if apart is None and not _begins_message(block):
            together.append(block)
            continue
        items += _said(draft, message.role, together, extra)
        together = [block] if apart is None else []
        items += apart or []
    return items + _said(draft, message.role, together, extra)


def _begins_message(block: Block) -> bool:
    return isinstance(block, Text) and block.extra is not None and OF_MESSAGE in block.extra


def _said(draft: Draft, role: Role, blocks: list[Block], extra: Any) -> list[Any]:
    parts = parts_of(draft, role, blocks)
    if not parts:
        return []
    content = written_content(draft, parts)
    own = dict(extra)
    for block in blocks:
        if draft.own and isinstance(block, Text) and block.extra and OF_MESSAGE in block.extra:
            own |= members_of(block.extra[OF_MESSAGE])
    return [{"type": "message", "role": role, "content": content, **own}]


def _apart(draft: Draft, block: Block) -> list[Any] | None:
    """The items that hold the block; None if its place is in a message."""
    match block:
        case ToolCall():
            return [_call(draft, block)]
        case Thinking():
            return _thinking(draft, block)
        case RedactedThinking():
            return [written_redacted(block, None)]
        case Opaque(Format.RESPONSES, _, raw) if not is_part(block):
            return [raw]
    return None


def _thinking(draft: Draft, thinking: Thinking) -> list[Any]:
    """Thinking without a seal is of use only where it is stored, or to a server that reads it openly."""
    extra = draft.kept(thinking.extra)
    id_ = thinking.id if draft.own else None
    is_stored = draft.stored and id_ is not None and not is_made(id_)
    if thinking.signature is not None or is_stored:
        return [written_thinking(thinking, id_, dict(extra))]
    if draft.target.reasoning_field is None or not thinking.text:
        draft.lost.add(Loss.THINKING)
        return []
    return [{"type": "reasoning", "summary": [], "content": [_open(thinking.text)], **extra}]


def _open(text: str) -> dict[str, str]:
    return {"type": "reasoning_text", "text": text}


def _call(draft: Draft, call: ToolCall) -> dict[str, Any]:
    draft.without_mark(call.cache)
    if call.signature is not None:
        draft.lost.add(Loss.SIGNATURE)
    name = call.name if call.namespace else draft.naming.sent(call.name)
    namespace = {} if call.namespace is None else {"namespace": call.namespace}
    id_ = {"id": call.item_id} if draft.own and call.item_id is not None else {}
    said = {"call_id": call.id, **namespace, "name": name}
    extra = draft.kept(call.extra)
    if call.custom:
        return {"type": CUSTOM_CALL, **id_, **said, "input": text_in(call.arguments), **extra}
    return {"type": FUNCTION_CALL, **id_, **said, "arguments": call.arguments or "{}", **extra}
