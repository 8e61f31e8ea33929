"""Images and files: `inlineData` holds the bytes, `fileData` an address that Google fetches."""

from typing import Any

from msgspec import Raw

from proxy.wire.canonical import Data, Document, Extra, FileId, Image, Source, Url
from proxy.wire.gemini.schema import FILE_DATA, INLINE_DATA

_UPLOADED = ("https://generativelanguage.googleapis.com/", "gs://", "files/")
"""Addresses that mean something to Google alone."""

_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "gif": "image/gif",
    "heic": "image/heic",
    "pdf": "application/pdf",
}


def read_inline(raw: Raw, extra: Extra | None) -> Image | Document:
    blob, extra = INLINE_DATA.read_inner(raw, "inlineData", extra)
    return _medium(Data(blob.mime_type, blob.data), blob.mime_type, blob.display_name, extra)


def read_file(raw: Raw, extra: Extra | None) -> Image | Document:
    file, extra = FILE_DATA.read_inner(raw, "fileData", extra)
    source: Source
    if file.file_uri.startswith(_UPLOADED):
        source = FileId(file.file_uri, file.mime_type)
    else:
        source = Url(file.file_uri, file.mime_type)
    return _medium(source, file.mime_type or guessed_type(file.file_uri), file.display_name, extra)


def _medium(
    source: Source, media_type: str | None, name: str | None, extra: Extra | None
) -> Image | Document:
    if media_type is None or not media_type.startswith("image/"):
        return Document(source, name=name, extra=extra)
    return Image(source, extra=extra)


def written_source(source: Source, *, own: bool) -> dict[str, Any] | None:
    """The part that holds or names the bytes, if this format can."""
    match source:
        case Data(media_type, base64):
            return {"inlineData": {"mimeType": media_type, "data": base64}}
        case Url(url, media_type):
            return _file(url, media_type or guessed_type(url))
        case FileId(id_, media_type) if own:
            return _file(id_, media_type)
    return None


def guessed_type(url: str) -> str | None:
    """Google wants to be told what it will find at an address."""
    ending = url.partition("?")[0].rpartition(".")[2]
    return _TYPES.get(ending.lower())


def _file(uri: str, media_type: str | None) -> dict[str, Any]:
    file = {"fileUri": uri} if media_type is None else {"mimeType": media_type, "fileUri": uri}
    return {"fileData": file}
