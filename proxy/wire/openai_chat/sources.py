"""Where the bytes of an image or a file are: `data:` URLs, addresses, uploaded files."""

from proxy.wire.canonical import Data, Source, Url

_UNNAMED = "application/octet-stream"


def from_url(url: str) -> Data | Url:
    """Data URLs are taken apart; any other address stays one."""
    if not url.startswith("data:"):
        return Url(url)
    header, comma, data = url[5:].partition(",")
    media_type, *parameters = header.split(";")
    if not comma or "base64" not in parameters:
        return Url(url)
    return Data(media_type or _UNNAMED, data)


def from_file_data(data: str, media_type: str) -> Data | Url:
    """A file's data: a data URL by the book, bare base64 from some, an address for OpenRouter."""
    if data.startswith(("data:", "http://", "https://")):
        return from_url(data)
    return Data(media_type, data)


def to_url(source: Source) -> str | None:
    """The address that holds or names the bytes, if there can be one."""
    match source:
        case Data(media_type, base64):
            return f"data:{media_type};base64,{base64}"
        case Url(url):
            return url
    return None
