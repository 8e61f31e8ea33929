"""The content of a message in Anthropic's and OpenAI's formats: a string, or a list of typed blocks."""

from typing import Literal, NamedTuple

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


class Block(Struct, gc=False):
    """The members that tell something about any of the blocks; the others are passed over unread."""

    type: str | None = None
    text: Raw = ABSENT
    id: str | None = None
    name: str | None = None
    tool_use_id: str | None = None
    content: Raw = ABSENT


class Held(NamedTuple):
    """What a content holds, sorted. Texts are as they came, not decoded."""

    texts: list[Raw]
    calls: list[Block]
    results: list[Block]
    images: int
    documents: int


_BLOCK = Leniently(Block)


def held_in(content: Raw) -> Held:
    if first(content) == '"':
        return Held([content], [], [], 0, 0)
    texts: list[Raw] = []
    calls: list[Block] = []
    results: list[Block] = []
    images = documents = 0
    for block in _blocks_in(content):
        sort = _sort_of(block.type)
        if sort == "text":
            texts.append(block.text)
        elif sort == "call":
            calls.append(block)
        elif sort == "result":
            results.append(block)
        else:
            images += sort == "image"
            documents += sort == "document"
    return Held(texts, calls, results, images, documents)


def decoded_texts(raws: list[Raw]) -> tuple[str, ...]:
    return tuple(words for raw in raws if (words := text(raw)))


def _blocks_in(content: Raw) -> list[Block]:
    return [_BLOCK.read(content)] if first(content) == "{" else _BLOCK.read_all(content)


def _sort_of(kind: str | None) -> _Sort | None:
    sort = _SORTS.get(kind)
    return "result" if sort is None and kind is not None and kind.endswith(_RESULT) else sort
