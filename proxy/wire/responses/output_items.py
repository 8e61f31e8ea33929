"""Blocks of an answer as the items of its output, the same in whole answers and in streams."""

from collections.abc import Iterable, Mapping
from typing import Any

from proxy.wire.canonical import (
    Block,
    Citation,
    Extra,
    Opaque,
    RedactedThinking,
    Refusal,
    Text,
    Thinking,
    ToolCall,
)
from proxy.wire.format import Format
from proxy.wire.reading import members_of
from proxy.wire.responses.custom_text import text_in
from proxy.wire.responses.ids import item_id
from proxy.wire.responses.read_items import CUSTOM_CALL, FUNCTION_CALL, OF_MESSAGE
from proxy.wire.responses.read_parts import is_part
from proxy.wire.responses.reasoning_items import written_redacted, written_thinking
from proxy.wire.target import Reply

COMPLETED = "completed"
INCOMPLETE = "incomplete"
_OWN_IDS = {"reasoning": "rs_", "function_call": "fc_", "custom_tool_call": "ctc_"}


def written_output(content: Iterable[Block], reply: Reply, *, own: bool, cut: bool) -> list[Any]:
    """The items; the last one of an answer that was cut off is not complete."""
    told = [block for block in content if is_told(block)]
    last = len(told) - 1
    return [
        written_item(
            block,
            id_of(block, reply, index),
            INCOMPLETE if cut and index == last else COMPLETED,
            _own_extra(block) if own else {},
        )
        for index, block in enumerate(told)
    ]


def is_told(block: Block) -> bool:
    """Whether it makes an item: what says nothing makes none, nor does what this format has no word for."""
    match block:
        case Text(text, citations):
            return bool(text or citations)
        case Refusal(text):
            return bool(text)
        case Thinking(text, signature, id_):
            return bool(text or signature or id_)
        case Opaque(format_):
            return format_ is Format.RESPONSES and not is_part(block)
    return isinstance(block, ToolCall | RedactedThinking)


def id_of(block: Block, reply: Reply, index: int) -> str:
    """The item's own id if it came with one of this format."""
    kind = _kind(block)
    given = block.id if isinstance(block, Thinking) else getattr(block, "item_id", None)
    if given is not None and given.startswith(_OWN_IDS.get(kind, " ")):
        return str(given)
    return item_id(kind, reply, index)


def _kind(block: Block) -> str:
    match block:
        case ToolCall(custom=custom):
            return CUSTOM_CALL if custom else FUNCTION_CALL
        case Thinking() | RedactedThinking():
            return "reasoning"
    return "message"


def written_item(block: Block, id_: str, status: str, extra: Mapping[str, Any]) -> Any:
    match block:
        case Text() | Refusal():
            return {**message_item(id_, [part_of(block)]), **extra, "status": status}
        case ToolCall():
            return {**call_item(block, id_), **extra, "status": status}
        case Thinking():
            return written_thinking(block, id_, {**extra, "status": status})
        case RedactedThinking():
            return written_redacted(block, id_)
        case Opaque(_, _, raw):
            return raw
    raise AssertionError(f"no item for {block}")


def message_item(id_: str, content: list[Any]) -> dict[str, Any]:
    return {
        "id": id_,
        "type": "message",
        "status": "in_progress",
        "role": "assistant",
        "content": content,
    }


def call_item(call: ToolCall, id_: str) -> dict[str, Any]:
    namespace = {} if call.namespace is None else {"namespace": call.namespace}
    said = {"id": id_, "type": _kind(call), "status": "in_progress", "call_id": call.id, "name": call.name}
    if call.custom:
        return {**said, **namespace, "input": text_in(call.arguments)}
    return {**said, **namespace, "arguments": call.arguments or "{}"}


def part_of(block: Text | Refusal) -> dict[str, Any]:
    if isinstance(block, Refusal):
        return {"type": "refusal", "refusal": block.text}
    end = len(block.text)
    annotations = [said for cited in block.citations if (said := written_citation(cited, end)) is not None]
    return {"type": "output_text", "text": block.text, "annotations": annotations, "logprobs": []}


def written_citation(citation: Citation, end: int) -> Any:
    """The annotation of the text so far, or None for what this format cannot cite."""
    if citation.format is Format.RESPONSES:
        return citation.raw
    if citation.url is None:
        return None
    return {
        "type": "url_citation",
        "url": citation.url,
        "title": citation.title or "",
        "start_index": 0,
        "end_index": end,
    }


def _own_extra(block: Block) -> Extra:
    """What the same format said beyond our understanding, for the item around the block."""
    extra: Extra = getattr(block, "extra", None) or {}
    if isinstance(block, Text):
        return members_of(extra[OF_MESSAGE]) if OF_MESSAGE in extra else {}
    return extra
