"""The content of a message in Anthropic's and OpenAI's formats: a string, or a list of typed blocks."""

from collections.abc import Sequence
from functools import partial
from typing import Literal, TypeVar

from msgspec import Raw, Struct

from proxy.routing.signals.leniently import Leniently, first, text
from proxy.wire.reading import ABSENT

_Sort = Literal["text", "image", "document", "call", "result"]
_SORTS: dict[str | None, _Sort] = {
    "text": "text",
    "input_text": "text",
    "output_text": "text",
    "image": "image",
    "image_url": "image",
    "input_image": "image",
    "computer_screenshot": "image",
    "document": "document",
    "file": "document",
    "input_file": "document",
    "tool_use": "call",
    "server_tool_use": "call",
    "mcp_tool_use": "call",
    "tool_result": "result",
}
_RESULT = "_tool_result"
"""Tools that a provider runs itself answer under names of their own, such as `web_search_tool_result`."""


class Shown(Struct, gc=False):
    """A block within what a tool has answered, whose words tell only whether it went well."""

    type: str | None = None
    text: str | None = None


class Block(Shown, gc=False):
    """The members that tell something about any of the blocks; the others are passed over unread."""

    id: str | None = None
    name: str | None = None
    tool_use_id: str | None = None
    content: str | list[Shown] | Shown | None = None
    input: Raw = ABSENT
    is_error: bool | None = None


Content = str | list[Block] | Block | None


class Held(Struct, gc=False):
    """What a content holds, sorted."""

    texts: tuple[str, ...] = ()
    calls: Sequence[Block] = ()
    results: Sequence[Block] = ()
    images: int = 0
    documents: int = 0
    is_text: bool = True


T = TypeVar("T", Shown, Block)


def _piece_by_piece(reader: Leniently[T], raw: bytes | Raw) -> str | T | list[T]:
    """A content by itself, or one in which something is odd."""
    match first(raw):
        case '"':
            return text(raw)
        case "{":
            return reader.read(raw)
        case _:
            return reader.read_all(raw)


_BLOCK = Leniently(Block, content=partial(_piece_by_piece, Leniently(Shown)))
content_of = partial(_piece_by_piece, _BLOCK)


def held_in(content: Content) -> Held:
    if isinstance(content, str):
        return Held((content,) if content else ())
    texts: list[str] = []
    calls: list[Block] = []
    results: list[Block] = []
    images = documents = 0
    is_text = True
    for block in content if isinstance(content, list) else _listed(content):
        sort = _SORTS.get(block.type) or _sort_of(block.type)
        if sort == "text":
            if block.text:
                texts.append(block.text)
        elif sort == "result":
            results.append(block)
            is_text = is_text and isinstance(block.content, str)
        else:
            is_text = False
            if sort == "call":
                calls.append(block)
            images += sort == "image"
            documents += sort == "document"
    return Held(tuple(texts), calls, results, images, documents, is_text)


def shown_in(results: Sequence[Block]) -> tuple[int, int]:
    """How many pictures and documents tools have answered with."""
    shown = [block.content for block in results if isinstance(block.content, list)]
    sorts = [_SORTS.get(one.type) for several in shown for one in several]
    return sorts.count("image"), sorts.count("document")


def _listed(content: list[Block] | Block | None) -> list[Block]:
    if isinstance(content, list):
        return content
    return [] if content is None else [content]


def _sort_of(kind: str | None) -> _Sort | None:
    return "result" if kind is not None and kind.endswith(_RESULT) else None
