"""Where statements come from: `groundingMetadata` beside the content, citations of the text before it."""

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import Raw, Struct

from proxy.wire.canonical import Citation
from proxy.wire.format import Format
from proxy.wire.reading import UNREADABLE, decoded


class _Web(Struct):
    uri: str | None = None
    title: str | None = None


class _Segment(Struct):
    text: str | None = None


class _Support(Struct, rename="camel"):
    segment: _Segment | None = None
    grounding_chunk_indices: list[int] | None = None


class _Grounding(Struct, rename="camel"):
    grounding_chunks: list[Raw] | None = None
    grounding_supports: list[_Support] | None = None


class _Chunk(Struct, rename="camel"):
    web: _Web | None = None
    retrieved_context: _Web | None = None


_GROUNDING = msgspec.json.Decoder(_Grounding)
_CHUNK = msgspec.json.Decoder(_Chunk)


def read_citations(raw: Raw) -> list[Citation]:
    """One for each statement and source. What cannot be read is no reason to lose the answer."""
    try:
        grounding = decoded(_GROUNDING, raw)
        sources = [_source(chunk) for chunk in grounding.grounding_chunks or ()]
    except UNREADABLE:
        return []
    supports = grounding.grounding_supports
    if supports is None:
        return sources
    return [
        msgspec.structs.replace(sources[place], quote=support.segment.text if support.segment else None)
        for support in supports
        for place in support.grounding_chunk_indices or ()
        if 0 <= place < len(sources)
    ]


def _source(raw: Raw) -> Citation:
    chunk = decoded(_CHUNK, raw)
    page = chunk.web or chunk.retrieved_context or _Web()
    return Citation(Format.GEMINI, Raw(bytes(raw)), page.uri, page.title)


def written_citations(citations: Iterable[Citation]) -> dict[str, Any]:
    """The `groundingMetadata` that says them; empty if there are none."""
    sources: list[bytes] = []
    supports: list[dict[str, Any]] = []
    for citation in citations:
        source = _written_source(citation)
        if source not in sources:
            sources.append(source)
        if citation.quote is not None:
            place = sources.index(source)
            supports.append({"segment": {"text": citation.quote}, "groundingChunkIndices": [place]})
    if not sources:
        return {}
    grounding: dict[str, Any] = {"groundingChunks": [Raw(source) for source in sources]}
    return {**grounding, "groundingSupports": supports} if supports else grounding


def _written_source(citation: Citation) -> bytes:
    if citation.format is Format.GEMINI:
        return bytes(citation.raw)
    page = {"uri": citation.url, "title": citation.title}
    return msgspec.json.encode({"web": {name: said for name, said in page.items() if said is not None}})
