"""Blocks as the content of a message.

Texts alone are one string, for many servers that speak this format take nothing else; a client that sent
a list of parts in this format chose it itself, and a cached prefix may end at a part.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from proxy.wire.canonical import Block, Document, FileId, Image, Opaque, PlainText, Refusal, Text, Url
from proxy.wire.format import Format
from proxy.wire.openai_chat.draft import Draft
from proxy.wire.openai_chat.sources import to_url
from proxy.wire.target import Loss

Part = dict[str, Any]

BETWEEN_TEXTS = "\n\n"
UNSEEN_IMAGE = "[An image stood here, but this model cannot be shown it.]"
UNREAD_DOCUMENT = "[A document stood here, but this model cannot be given it.]"
UNNAMED_FILE = "document.pdf"


def written_content(draft: Draft, parts: Sequence[Any]) -> Any:
    """The `content` that holds the parts, None if there are none."""
    if not parts:
        return None
    if all(_is_plain_text(part) for part in parts) and (len(parts) == 1 or not draft.own):
        return BETWEEN_TEXTS.join(part["text"] for part in parts)
    return parts


def _is_plain_text(part: Any) -> bool:
    return isinstance(part, dict) and len(part) == 2 and "text" in part


def parts_of(draft: Draft, blocks: Iterable[Block]) -> list[Any]:
    parts = (_part(draft, block) for block in blocks)
    return [part for part in parts if part is not None]


def _part(draft: Draft, block: Block) -> Any:
    match block:
        case Text(text):
            return _text(draft, block) if text else None
        case Image():
            return _image(draft, block)
        case Document():
            return _document(draft, block)
        case Refusal(text):
            return {"type": "text", "text": text}
        case Opaque(format_, _, raw):
            if format_ is Format.OPENAI_CHAT:
                return raw
            draft.lost.add(Loss.SERVER_TOOL_HISTORY)
    return None


def _text(draft: Draft, block: Text) -> Part:
    part: Part = {"type": "text", "text": block.text}
    if block.citations:
        draft.lost.add(Loss.CITATIONS)
    draft.put_extra(part, block.extra)
    draft.put_cache(part, block.cache)
    return part


def _image(draft: Draft, block: Image) -> Part:
    url = to_url(block.source)
    if url is None or not draft.target.vision:
        draft.lost.add(Loss.IMAGE)
        return {"type": "text", "text": UNSEEN_IMAGE}
    image = {"url": url} if block.detail is None else {"url": url, "detail": block.detail}
    part: Part = {"type": "image_url", "image_url": image}
    draft.put_extra(part, block.extra)
    draft.put_cache(part, block.cache)
    return part


def _document(draft: Draft, block: Document) -> Part:
    if block.context is not None or block.citable is not None:
        draft.lost.add(Loss.DOCUMENT_DETAILS)
    if isinstance(block.source, PlainText):
        return _plain_document(draft, block, block.source)
    file = _file(draft, block)
    if file is None or not draft.target.documents:
        draft.lost.add(Loss.DOCUMENT)
        return {"type": "text", "text": UNREAD_DOCUMENT}
    part: Part = {"type": "file", "file": file}
    draft.put_extra(part, block.extra)
    draft.put_cache(part, block.cache)
    return part


def _file(draft: Draft, block: Document) -> Part | None:
    """The `file`, if this format can name the source at all."""
    name = {"filename": block.name} if block.name is not None else {}
    if isinstance(block.source, FileId):
        return {"file_id": block.source.id, **name} if draft.own else None
    if isinstance(block.source, Url) and not draft.own:
        return None
    if not name and not draft.own:
        name = {"filename": UNNAMED_FILE}
    return {**name, "file_data": to_url(block.source)}


def _plain_document(draft: Draft, block: Document, source: PlainText) -> Part:
    if block.name is not None:
        draft.lost.add(Loss.DOCUMENT_DETAILS)
    part: Part = {"type": "text", "text": source.text}
    draft.put_extra(part, block.extra)
    draft.put_cache(part, block.cache)
    return part
