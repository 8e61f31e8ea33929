"""Where statements come from: the `annotations` beside an answer's text."""

from typing import Any

import msgspec
from msgspec import Raw, Struct

from proxy.wire.canonical import Citation
from proxy.wire.format import Format
from proxy.wire.reading import decoded


class _UrlCitation(Struct, frozen=True):
    url: str | None = None
    title: str | None = None
    content: str | None = None


class _Annotation(Struct):
    url_citation: _UrlCitation = _UrlCitation()


_ANNOTATION = msgspec.json.Decoder(_Annotation)


def read_citation(raw: Raw) -> Citation:
    cited = decoded(_ANNOTATION, raw).url_citation
    return Citation(Format.OPENAI_CHAT, raw, cited.url, cited.title, cited.content)


def written_citation(citation: Citation, start: int, end: int) -> Any:
    """The annotation on the text from `start` to `end`, or None for what this format cannot cite."""
    if citation.format is Format.OPENAI_CHAT:
        return citation.raw
    if citation.url is None:
        return None
    cited = {"url": citation.url, "title": citation.title or "", "start_index": start, "end_index": end}
    return {"type": "url_citation", "url_citation": cited}
