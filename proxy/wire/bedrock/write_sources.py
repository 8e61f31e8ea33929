"""Images and documents, as far as the format can say them: the thing itself, of the kinds it knows."""

import re
from collections.abc import Mapping
from typing import Any

from proxy.wire.canonical import Data, Document, PlainText, Source

_IMAGES = {
    "image/png": "png",
    "image/jpeg": "jpeg",
    "image/jpg": "jpeg",
    "image/gif": "gif",
    "image/webp": "webp",
}
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DOCUMENTS = {
    "application/pdf": "pdf",
    "text/csv": "csv",
    "application/msword": "doc",
    _WORD: "docx",
    "application/vnd.ms-excel": "xls",
    _EXCEL: "xlsx",
    "text/html": "html",
    "text/plain": "txt",
    "text/markdown": "md",
}
_NOT_IN_A_NAME = re.compile(r"[^a-zA-Z0-9\-()\[\]]+")
_LONGEST_NAME = 200
_ROOM_FOR_NUMBER = 8
_NAMELESS = "Document"


def written_image(source: Source) -> dict[str, Any] | None:
    """The block's inside, or None for what the provider would have to fetch or does not know."""
    match source:
        case Data(media_type, data) if media_type in _IMAGES and data:
            return {"format": _IMAGES[media_type], "source": {"bytes": data}}
    return None


def written_document(document: Document, name: str) -> dict[str, Any] | None:
    source = _document_source(document.source)
    if source is None:
        return None
    written: dict[str, Any] = {**source, "name": name}
    if document.context is not None:
        written["context"] = document.context
    if document.citable is not None:
        written["citations"] = {"enabled": document.citable}
    return written


def _document_source(source: Source) -> Mapping[str, Any] | None:
    match source:
        case Data(media_type, data) if media_type in _DOCUMENTS and data:
            return {"format": _DOCUMENTS[media_type], "source": {"bytes": data}}
        case PlainText(text) if text.strip():
            return {"format": "txt", "source": {"text": text}}
    return None


class DocumentNames:
    """Names of documents: of few characters, and each given once in a conversation.

    They are numbered in their order, so that those in a history keep theirs when others follow.
    """

    def __init__(self) -> None:
        self._given: set[str] = set()

    def name(self, wanted: str | None) -> str:
        plain = _NOT_IN_A_NAME.sub(" ", wanted or "").strip() or _NAMELESS
        plain = plain[: _LONGEST_NAME - _ROOM_FOR_NUMBER].strip()
        name, number = plain, 1
        while name.lower() in self._given:
            number += 1
            name = f"{plain} ({number})"
        self._given.add(name.lower())
        return name
