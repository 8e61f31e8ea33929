"""Blocks of content from JSON to canonical values."""

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import Raw, Struct

from proxy.wire.anthropic import schema
from proxy.wire.anthropic.schema import with_member
from proxy.wire.canonical import (
    Block,
    Citation,
    Data,
    Document,
    Extra,
    FileId,
    Image,
    Opaque,
    PlainText,
    RedactedThinking,
    Source,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
    Url,
)
from proxy.wire.format import Format
from proxy.wire.reading import Shapes, decoded, given


def read_content(content: str | Iterable[Raw | schema.Block] | None) -> tuple[Block, ...]:
    """What stands as `content`: a string, blocks or nothing."""
    return _read_all(content, schema.BLOCKS)


def read_block(raw: bytes | Raw) -> Block:
    """One block; of a type that is not ours to understand, as it came."""
    return _read(raw, schema.BLOCKS)


def read_citation(raw: Raw) -> Citation:
    """A citation of any kind; of a kind that is told otherwise only the JSON is known."""
    try:
        known = decoded(_CITATION, raw)
    except msgspec.ValidationError:
        known = _Citation()
    quote = known.cited_text
    title = known.title or known.document_title
    return Citation(Format.ANTHROPIC, raw, url=known.url or known.source, title=title, quote=quote)


def _read_all(
    content: str | Iterable[Raw | schema.Block] | None, shapes: Shapes[schema.Block]
) -> tuple[Block, ...]:
    if isinstance(content, str):
        return (Text(content),) if content else ()
    return tuple([_read(block, shapes) for block in content or ()])


def _read(block: bytes | Raw | schema.Block, shapes: Shapes[schema.Block]) -> Block:
    if isinstance(block, schema.Block):
        return _understood(block, None) or _opaque(msgspec.json.encode(block))
    read = shapes.read(block)
    return (read and _understood(*read)) or _opaque(block)


def _understood(shape: schema.Block, extra: Extra | None) -> Block | None:
    """The block, or None if its source is of a kind that is not ours to understand."""
    match shape:
        case schema.TextBlock(text, citations, cache):
            cited = tuple([read_citation(citation) for citation in citations]) if citations else ()
            return Text(text, cited, given(cache), extra)
        case schema.ToolUseBlock(name, id_, input_, cache, caller):
            kept = with_member(extra, "caller", caller)
            return ToolCall(id_, name, _json_text(input_), cache=given(cache), extra=kept)
        case schema.ToolResultBlock(id_, content, is_error, cache):
            inner = _read_all(content, schema.INNER_BLOCKS)
            return ToolResult(id_, inner, bool(is_error), cache=given(cache), extra=extra)
        case schema.ThinkingBlock(thinking, signature):
            return Thinking(thinking, signature or None, extra=extra)
        case schema.RedactedThinkingBlock(data):
            return RedactedThinking(data, extra)
        case schema.ImageBlock() | schema.DocumentBlock():
            return _read_sourced(shape, extra)
        case schema.SearchResultBlock():
            return _read_search_result(shape, extra)
    raise AssertionError(f"no reader for {shape}")


def _opaque(raw: bytes | Raw) -> Opaque:
    return Opaque(Format.ANTHROPIC, decoded(_TYPE, raw).type, Raw(raw) if isinstance(raw, bytes) else raw)


def _json_text(raw: Raw) -> str:
    return bytes(given(raw) or b"{}").decode()


def _read_sourced(shape: schema.ImageBlock | schema.DocumentBlock, extra: Extra | None) -> Block | None:
    found = _read_source(shape.source)
    if found is None:
        return None
    source, whole = found
    if not whole:
        extra = {**(extra or {}), "source": shape.source}
    cache = given(shape.cache_control)
    if isinstance(shape, schema.ImageBlock):
        return Image(source, cache=cache, extra=extra)
    return Document(source, shape.title, shape.context, _is_citable(shape.citations), cache, extra)


def _read_search_result(shape: schema.SearchResultBlock, extra: Extra | None) -> Document:
    """To others it is a document; what it is here stays beside that, its type too."""
    kept = {**(extra or {}), "type": _SEARCH_RESULT, "source": shape.source, "content": shape.content}
    text = PlainText(_joined_text(decoded(_CONTENT, shape.content)))
    extra = with_member(kept, "citations", shape.citations)
    return Document(text, shape.title, None, _is_citable(shape.citations), given(shape.cache_control), extra)


def _is_citable(citations: Raw) -> bool | None:
    return decoded(_CITABLE, citations).enabled if given(citations) else None


def _joined_text(content: str | Iterable[Raw]) -> str:
    blocks = _read_all(content, schema.INNER_BLOCKS)
    return "\n\n".join(block.text for block in blocks if isinstance(block, Text))


def _read_source(raw: Raw) -> tuple[Source, bool] | None:
    """The source and whether it tells everything that the JSON does."""
    read = schema.SOURCES.read(raw)
    if read is None:
        return None
    shape, extra = read
    match shape:
        case schema.Base64Source(media_type, data):
            return Data(media_type, data), not extra
        case schema.UrlSource(url):
            return Url(url), not extra
        case schema.FileSource(file_id):
            return FileId(file_id), not extra
        case schema.TextSource(data):
            return PlainText(data), not extra
        case schema.ContentSource(content):
            return PlainText(_joined_text(content)), False
    raise AssertionError(f"no reader for {shape}")


class _Type(Struct):
    type: str


class _Citable(Struct):
    enabled: bool | None = None


class _Citation(Struct):
    """What citations of all kinds have in common; `source` is what a search result has for an address."""

    url: str | None = None
    source: str | None = None
    title: str | None = None
    document_title: str | None = None
    cited_text: str | None = None


_TYPE: msgspec.json.Decoder[Any] = msgspec.json.Decoder(_Type)
_CITABLE = msgspec.json.Decoder(_Citable)
_CITATION = msgspec.json.Decoder(_Citation)
_CONTENT: msgspec.json.Decoder[str | list[Raw]] = msgspec.json.Decoder(str | list[Raw])
_SEARCH_RESULT = Raw(b'"search_result"')
