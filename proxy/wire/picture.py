"""How large a picture is, read from the first bytes of its file."""

import struct
from collections.abc import Callable

Size = tuple[int, int]
"""Width and height in pixels."""

_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Segments that begin with the size; the three are tables and a reserve between them."""


def size_of(head: bytes) -> Size | None:
    """None is a file of another kind, or one whose size comes later than `head` reaches."""
    found = next((read for magic, read in _READERS if head.startswith(magic)), None)
    try:
        size = None if found is None else found(head)
    except (struct.error, IndexError):
        return None
    return size if size is not None and min(size) > 0 else None


def is_picture(head: bytes) -> bool:
    is_webp = head[8:12] == b"WEBP"
    return is_webp or any(head.startswith(magic) for magic, read in _READERS if read is not _webp)


def _png(head: bytes) -> Size:
    width, height = struct.unpack_from(">II", head, 16)
    return width, height


def _gif(head: bytes) -> Size:
    width, height = struct.unpack_from("<HH", head, 6)
    return width, height


def _jpeg(head: bytes) -> Size | None:
    place = 2
    while head[place] == 0xFF:
        kind = head[place + 1]
        if kind == 0xFF:  # padding
            place += 1
            continue
        if kind in _JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", head, place + 5)
            return width, height
        (length,) = struct.unpack_from(">H", head, place + 2)
        place += 2 + length
    return None


def _webp(head: bytes) -> Size | None:
    match head[8:16]:
        case b"WEBPVP8 ":
            width, height = struct.unpack_from("<HH", head, 26)
            return width & 0x3FFF, height & 0x3FFF
        case b"WEBPVP8L":
            (bits,) = struct.unpack_from("<I", head, 21)
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"WEBPVP8X":
            less_one = (int.from_bytes(head[start : start + 3], "little") for start in (24, 27))
            width, height = (side + 1 for side in less_one)
            return (width, height) if len(head) >= 30 else None
        case _:
            return None


_READERS: tuple[tuple[bytes, Callable[[bytes], Size | None]], ...] = (
    (b"\x89PNG\r\n\x1a\n", _png),
    (b"GIF87a", _gif),
    (b"GIF89a", _gif),
    (b"\xff\xd8\xff", _jpeg),
    (b"RIFF", _webp),
)
