"""Blocks as the parts of a message's content."""

from collections.abc import Iterable, Sequence
from typing import Any

from proxy.wire.canonical import (
    Block,
    Document,
    FileId,
    Image,
    Opaque,
    PlainText,
    Refusal,
    Role,
    Text,
    ToolResult,
    Url,
)
from proxy.wire.format import Format
from proxy.wire.openai_chat.sources import to_url
from proxy.wire.responses.draft import Draft
from proxy.wire.responses.read_items import CUSTOM_OUTPUT, FUNCTION_OUTPUT, OF_MESSAGE
from proxy.wire.responses.read_parts import is_part
from proxy.wire.target import Loss

UNSEEN_IMAGE = "[An image stood here, but this model cannot be shown it.]"
UNREAD_DOCUMENT = "[A document stood here, but this model cannot be given it.]"
UNNAMED_FILE = "document.pdf"
ERROR = "Error: "


def written_content(draft: Draft, parts: Sequence[Any]) -> Any:
    """The `content` that holds the parts. Text alone is a string, which all servers can read; a client of
    this format chose a list itself."""
    if not draft.own and (text := _only_text(parts)) is not None:
        return text
    return parts


def parts_of(draft: Draft, role: Role, blocks: Iterable[Block]) -> list[Any]:
    parts = (_part(draft, role, block) for block in blocks)
    return [part for part in parts if part is not None]


def written_output(draft: Draft, result: ToolResult) -> dict[str, Any]:
    """The item that answers a call."""
    draft.without_mark(result.cache)
    parts = parts_of(draft, Role.USER, result.content)
    if result.is_error:
        parts = _as_error(parts)
    text = _only_text(parts) if parts else ""
    return {
        "type": CUSTOM_OUTPUT if result.custom else FUNCTION_OUTPUT,
        "call_id": result.call_id,
        "output": parts if text is None else text,
        **draft.kept(result.extra),
    }


def _part(draft: Draft, role: Role, block: Block) -> Any:
    match block:
        case Text(text):
            return _text(draft, role, block) if text or (draft.own and block.extra) else None
        case Refusal(text) if role is Role.ASSISTANT:
            return {"type": "refusal", "refusal": text}
        case Refusal(text):
            return {"type": "input_text", "text": text}
        case Image():
            return _image(draft, role, block)
        case Document():
            return _document(draft, role, block)
        case Opaque(Format.RESPONSES, _, raw) if is_part(block):
            return raw
        case Opaque():
            draft.lost.add(Loss.SERVER_TOOL_HISTORY)
    return None


def _text(draft: Draft, role: Role, block: Text) -> dict[str, Any]:
    draft.without_mark(block.cache)
    extra = dict(draft.kept(block.extra))
    extra.pop(OF_MESSAGE, None)
    citations = [citation.raw for citation in block.citations if citation.format is Format.RESPONSES]
    if role is not Role.ASSISTANT:
        if block.citations:
            draft.lost.add(Loss.CITATIONS)
        return {"type": "input_text", "text": block.text, **extra}
    if len(citations) < len(block.citations):
        draft.lost.add(Loss.CITATIONS)
    return {"type": "output_text", "text": block.text, "annotations": citations, **extra}


def _image(draft: Draft, role: Role, block: Image) -> dict[str, Any]:
    """The assistant's own images cannot be repeated to it."""
    draft.without_mark(block.cache)
    is_foreign_file = isinstance(block.source, FileId) and not draft.own
    if role is Role.ASSISTANT or is_foreign_file or not draft.target.vision:
        draft.lost.add(Loss.IMAGE)
        return _instead(role, UNSEEN_IMAGE)
    if isinstance(block.source, PlainText):
        return _instead(role, block.source.text)
    detail = {} if block.detail is None else {"detail": block.detail}
    extra = draft.kept(block.extra)
    if isinstance(block.source, FileId):
        return {"type": "input_image", "file_id": block.source.id, **detail, **extra}
    return {"type": "input_image", "image_url": to_url(block.source), **detail, **extra}


def _document(draft: Draft, role: Role, block: Document) -> dict[str, Any]:
    draft.without_mark(block.cache)
    if block.context is not None or block.citable is not None:
        draft.lost.add(Loss.DOCUMENT_DETAILS)
    if isinstance(block.source, PlainText):
        if block.name is not None:
            draft.lost.add(Loss.DOCUMENT_DETAILS)
        return _instead(role, block.source.text)
    is_foreign_file = isinstance(block.source, FileId) and not draft.own
    if role is Role.ASSISTANT or is_foreign_file or not draft.target.documents:
        draft.lost.add(Loss.DOCUMENT)
        return _instead(role, UNREAD_DOCUMENT)
    return {"type": "input_file", **_file(draft, block), **draft.kept(block.extra)}


def _file(draft: Draft, block: Document) -> dict[str, Any]:
    """Data demands a name; beside an address or an id only the client itself may have put one."""
    named = {} if block.name is None else {"filename": block.name}
    match block.source:
        case Url(url):
            where = {"file_url": url}
        case FileId(id_):
            where = {"file_id": id_}
        case source:
            return {"filename": UNNAMED_FILE, **named, "file_data": to_url(source)}
    if draft.own:
        return {**named, **where}
    if named:
        draft.lost.add(Loss.DOCUMENT_DETAILS)
    return where


def _instead(role: Role, text: str) -> dict[str, Any]:
    return {"type": "output_text" if role is Role.ASSISTANT else "input_text", "text": text}


def _as_error(parts: list[Any]) -> list[Any]:
    """The format has no flag for errors, so the text says it, if it does not already."""
    for place, part in enumerate(parts):
        if isinstance(part, dict) and part["type"] == "input_text":
            if part["text"].lower().startswith("error"):
                return parts
            return [*parts[:place], {**part, "text": ERROR + part["text"]}, *parts[place + 1 :]]
    return [{"type": "input_text", "text": ERROR.strip()}, *parts]


def _only_text(parts: Sequence[Any]) -> str | None:
    """The text, if that is all."""
    if len(parts) != 1 or not isinstance(parts[0], dict):
        return None
    said = {name: value for name, value in parts[0].items() if value != []}
    text: str | None = said.get("text")
    return text if said.keys() == {"type", "text"} else None
