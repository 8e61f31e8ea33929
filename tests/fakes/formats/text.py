"""Texts and JSON, in pieces and put together."""

import json
from collections.abc import Mapping
from typing import Any


def names_in(text: str) -> frozenset[str]:
    """A list of names as a paragraph."""
    return frozenset(text.split())


def texts_in(content: Any, name: str = "text") -> str:
    """The texts of a content that is one text or a list of parts."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return "\n".join(
        part[name] for part in parts if isinstance(part, dict) and isinstance(part.get(name), str)
    )


def cut(text: str, into: int = 3) -> list[str]:
    """The text in so many pieces, wherever that cuts it."""
    size = max(1, -(-len(text) // into))
    return [text[at : at + size] for at in range(0, len(text), size)]


def compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def encoded(value: Any) -> bytes:
    return compact(value).encode()


def named_event(data: Mapping[str, Any]) -> bytes:
    return b"event: %b\ndata: %b\n\n" % (data["type"].encode(), encoded(data))


def data_event(data: Any) -> bytes:
    return b"data: %b\n\n" % encoded(data)
