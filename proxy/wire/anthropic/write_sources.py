"""Where images and documents are found, as far as the format can say it."""

import base64

from proxy.wire.canonical import Data, FileId, PlainText, Source, Url

_IMAGES = {
    "image/png": "image/png",
    "image/jpeg": "image/jpeg",
    "image/jpg": "image/jpeg",
    "image/gif": "image/gif",
    "image/webp": "image/webp",
}
_PDF = "application/pdf"


def image_source(source: Source, *, own: bool) -> dict[str, str] | None:
    match source:
        case Data(media_type, data) if media_type in _IMAGES:
            return {"type": "base64", "media_type": _IMAGES[media_type], "data": data}
        case Url(url):
            return {"type": "url", "url": url}
        case FileId(id_) if own:
            return {"type": "file", "file_id": id_}
    return None


def document_source(source: Source, *, own: bool) -> dict[str, str] | None:
    match source:
        case Data(media_type, data) if media_type == _PDF:
            return {"type": "base64", "media_type": _PDF, "data": data}
        case Data(media_type, data) if media_type.startswith("text/"):
            text = _plain(data)
            return None if text is None else _text(text)
        case Url(url):
            return {"type": "url", "url": url}
        case PlainText(text):
            return _text(text)
        case FileId(id_) if own:
            return {"type": "file", "file_id": id_}
    return None


def _text(text: str) -> dict[str, str]:
    return {"type": "text", "media_type": "text/plain", "data": text}


def _plain(data: str) -> str | None:
    try:
        return base64.b64decode(data, validate=True).decode()
    except ValueError:
        return None
