"""Parts of content from JSON to canonical blocks."""

import mimetypes
from collections.abc import Iterable

import msgspec
from msgspec import Raw, Struct

from proxy.wire.canonical import (
    Block,
    Citation,
    Document,
    Extra,
    FileId,
    Image,
    Opaque,
    Refusal,
    Source,
    Text,
    Url,
)
from proxy.wire.format import Format
from proxy.wire.openai_chat.sources import from_file_data, from_url
from proxy.wire.reading import decoded, members_of, tag_of
from proxy.wire.responses import schema

_PDF = "application/pdf"
_PART = "part "


def read_content(content: str | Iterable[Raw] | None) -> tuple[Block, ...]:
    """What stands as content. Empty texts are none: they say nothing, and some providers refuse them."""
    if isinstance(content, str):
        return (Text(content),) if content else ()
    blocks = (_read_part(raw) for raw in content or ())
    return tuple(block for block in blocks if block != Text(""))


def is_part(block: Opaque) -> bool:
    """Whether it was a part of a message, not an item beside messages."""
    return block.kind.startswith(_PART)


def read_citation(raw: Raw) -> Citation:
    try:
        cited = decoded(_CITED, raw)
    except msgspec.ValidationError:
        cited = _Cited()
    return Citation(Format.RESPONSES, raw, url=cited.url, title=cited.title or cited.filename)


def _read_part(raw: Raw) -> Block:
    read = schema.PARTS.read(raw)
    if read is None:
        return _opaque(raw)
    part, extra = read
    match part:
        case schema.InputText(text) | schema.PlainText(text):
            return Text(text, extra=extra)
        case schema.OutputText(text, annotations, logprobs):
            if logprobs:
                extra = {**(extra or {}), "logprobs": Raw(msgspec.json.encode(logprobs))}
            return Text(text, tuple(read_citation(cited) for cited in annotations or ()), extra=extra)
        case schema.RefusalPart(refusal):
            return Refusal(refusal)
        case schema.InputImage(image_url, file_id, detail):
            source = _source(image_url, file_id)
            return Image(source, detail, extra=extra) if source is not None else _opaque(raw)
        case schema.InputFile():
            return _document(part, extra) or _opaque(raw)
    raise AssertionError(f"no reader for {part}")


def _opaque(raw: Raw) -> Opaque:
    return Opaque(Format.RESPONSES, _PART + tag_of(members_of(raw), "type"), raw)


def _source(url: str | None, file_id: str | None) -> Source | None:
    if url:
        return from_url(url)
    return FileId(file_id) if file_id else None


def _document(part: schema.InputFile, extra: Extra | None) -> Document | None:
    source: Source | None
    if part.file_data:
        guessed, _ = mimetypes.guess_type(part.filename or "")
        source = from_file_data(part.file_data, guessed or _PDF)
    elif part.file_url:
        source = Url(part.file_url)
    else:
        source = FileId(part.file_id) if part.file_id else None
    return Document(source, part.filename, extra=extra) if source is not None else None


class _Cited(Struct):
    url: str | None = None
    title: str | None = None
    filename: str | None = None


_CITED = msgspec.json.Decoder(_Cited)
