"""Blocks as parts."""

from collections.abc import Iterable
from typing import Any

from msgspec import Raw

from proxy.wire.canonical import (
    Block,
    Document,
    Image,
    Opaque,
    PlainText,
    RedactedThinking,
    Refusal,
    Text,
    Thinking,
    ToolCall,
)
from proxy.wire.format import Format
from proxy.wire.gemini.draft import Draft
from proxy.wire.gemini.media import written_source
from proxy.wire.gemini.read_contents import MADE_UP
from proxy.wire.reading import is_json_object
from proxy.wire.target import Loss

Part = dict[str, Any]

UNSEEN_IMAGE = "[An image stood here, but this model cannot be shown it.]"
UNREAD_DOCUMENT = "[A document stood here, but this model cannot be given it.]"


def parts_of(draft: Draft, blocks: Iterable[Block]) -> list[Any]:
    parts = (_part(draft, block) for block in blocks)
    return [part for part in parts if part is not None]


def thought_part(text: str, signature: str | None) -> Part:
    """A thought. One without words is a signature alone, which the API sends and takes as an empty text."""
    part: Part = {"text": text, "thought": True} if text else {"text": ""}
    if signature is not None:
        part["thoughtSignature"] = signature
    return part


def args_of(arguments: str) -> Raw | dict[str, str]:
    """A call's arguments as the object that they must be here."""
    if not arguments.strip():
        return {}
    if is_json_object(arguments):
        return Raw(arguments.encode())
    return {"_arguments": arguments}


def _part(draft: Draft, block: Block) -> Any:
    match block:
        case Text():
            return _text(draft, block)
        case Image():
            return _image(draft, block)
        case Document():
            return _document(draft, block)
        case ToolCall():
            return _call(draft, block)
        case Thinking(text, signature):
            return _extended(draft, thought_part(text, signature), block) if text or signature else None
        case RedactedThinking():
            draft.lost.add(Loss.THINKING)
        case Refusal(text):
            return {"text": text} if text else None
        case Opaque(format_, _, raw):
            if format_ is Format.GEMINI:
                return raw
            draft.lost.add(Loss.SERVER_TOOL_HISTORY)
    return None


def _extended(draft: Draft, part: Part, block: Text | Image | Document | Thinking | ToolCall) -> Part:
    draft.put_extra(part, block.extra)
    return part


def _text(draft: Draft, block: Text) -> Part | None:
    if block.citations:
        draft.lost.add(Loss.CITATIONS)
    draft.note_cache(block.cache)
    return _extended(draft, {"text": block.text}, block) if block.text else None


def _image(draft: Draft, block: Image) -> Part:
    draft.note_cache(block.cache)
    if block.detail is not None:
        draft.lost.add(Loss.IMAGE_DETAIL)
    part = written_source(block.source, own=draft.own) if draft.target.vision else None
    if part is None:
        draft.lost.add(Loss.IMAGE)
        return {"text": UNSEEN_IMAGE}
    return _extended(draft, part, block)


def _document(draft: Draft, block: Document) -> Part:
    draft.note_cache(block.cache)
    if block.context is not None or block.citable is not None or (block.name is not None and not draft.own):
        draft.lost.add(Loss.DOCUMENT_DETAILS)
    if isinstance(block.source, PlainText):
        return _extended(draft, {"text": block.source.text}, block)
    part = written_source(block.source, own=draft.own) if draft.target.documents else None
    if part is None:
        draft.lost.add(Loss.DOCUMENT)
        return {"text": UNREAD_DOCUMENT}
    if block.name is not None and draft.own:
        # Only some hosts know the name, so it goes back to a client's own host alone.
        (inner,) = part.values()
        inner["displayName"] = block.name
    return _extended(draft, part, block)


def _call(draft: Draft, call: ToolCall) -> Part:
    draft.note_cache(call.cache)
    function: Part = {"name": draft.naming.sent(call.name, call.namespace), "args": args_of(call.arguments)}
    if not is_made_up(draft, call.id):
        function["id"] = call.id
    part: Part = {"functionCall": function}
    if call.signature is not None:
        part["thoughtSignature"] = call.signature
    return _extended(draft, part, call)


def is_made_up(draft: Draft, id_: str) -> bool:
    """Whether the client gave the call no id: then it gets none here either."""
    return draft.own and id_.startswith(MADE_UP)
