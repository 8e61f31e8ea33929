"""A message's content, as blocks: a string, nothing, or a list of parts."""

import msgspec
from msgspec import Raw, Struct

from proxy.wire.canonical import (
    Block,
    Document,
    FileId,
    Image,
    Opaque,
    Refusal,
    Source,
    Text,
)
from proxy.wire.format import Format
from proxy.wire.openai_chat.nested import read_inner
from proxy.wire.openai_chat.sources import from_file_data, from_url
from proxy.wire.reading import ABSENT, Shapes, decoded, given, members_of, tag_of

_PDF = "application/pdf"


class TextPart(Struct, tag_field="type", tag="text", forbid_unknown_fields=True):
    text: str
    cache_control: Raw = ABSENT


class ImagePart(Struct, tag_field="type", tag="image_url", forbid_unknown_fields=True):
    image_url: Raw
    cache_control: Raw = ABSENT


class ImageUrl(Struct, forbid_unknown_fields=True):
    url: str
    detail: str | None = None


class FilePart(Struct, tag_field="type", tag="file", forbid_unknown_fields=True):
    file: Raw
    cache_control: Raw = ABSENT


class File(Struct, forbid_unknown_fields=True):
    file_data: str | None = None
    file_id: str | None = None
    filename: str | None = None


class RefusalPart(Struct, tag_field="type", tag="refusal", forbid_unknown_fields=True):
    refusal: str


_PARTS = Shapes[TextPart | ImagePart | FilePart | RefusalPart](TextPart, ImagePart, FilePart, RefusalPart)
_IMAGE_URL = Shapes(ImageUrl)
_FILE = Shapes(File)
_ADDRESS = msgspec.json.Decoder(str)


def read_content(content: str | list[Raw] | None) -> tuple[Block, ...]:
    """The blocks of a message. Empty texts are none: they say nothing, and some providers refuse them."""
    if not content:
        return ()
    if isinstance(content, str):
        return (Text(content),)
    blocks = (_read_part(raw) for raw in content)
    return tuple(block for block in blocks if block != Text(""))


def _read_part(raw: Raw) -> Block:
    found = _PARTS.read(raw)
    if found is None:
        return Opaque(Format.OPENAI_CHAT, tag_of(members_of(raw), "type"), raw)
    part, extra = found
    match part:
        case TextPart(text, cache):
            return Text(text, cache=given(cache), extra=extra)
        case ImagePart(image, cache):
            return _image(image, given(cache), extra)
        case FilePart(file, cache):
            return _document(file, given(cache), extra)
        case RefusalPart(refusal):
            return Refusal(refusal)


def _image(raw: Raw, cache: Raw | None, extra: dict[str, Raw] | None) -> Image:
    if bytes(raw).startswith(b'"'):
        image, more = ImageUrl(decoded(_ADDRESS, raw)), extra
    else:
        image, more = read_inner(_IMAGE_URL, raw, "image_url", extra)
    return Image(from_url(image.url), detail=image.detail, cache=cache, extra=more)


def _document(raw: Raw, cache: Raw | None, extra: dict[str, Raw] | None) -> Document:
    file, more = read_inner(_FILE, raw, "file", extra)
    source: Source = from_file_data(file.file_data or "", _PDF)
    if file.file_id is not None:
        source = FileId(file.file_id)
    return Document(source, name=file.filename, cache=cache, extra=more)
