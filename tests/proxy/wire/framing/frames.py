"""Writes AWS's binary event stream, as the service does, for tests to read."""

import struct
from collections.abc import Mapping
from typing import Any
from zlib import crc32


class Typed:
    """A header's value of a given type, where Python's own type does not tell."""

    def __init__(self, type_: int, encoded: bytes) -> None:
        self.type = type_
        self.encoded = encoded


def byte(value: int) -> Typed:
    return Typed(2, struct.pack("!b", value))


def short(value: int) -> Typed:
    return Typed(3, struct.pack("!h", value))


def integer(value: int) -> Typed:
    return Typed(4, struct.pack("!i", value))


def time(milliseconds: int) -> Typed:
    return Typed(8, struct.pack("!q", milliseconds))


def uuid(value: bytes) -> Typed:
    return Typed(9, value)


def frame(headers: Mapping[str, Any], payload: bytes = b"") -> bytes:
    return sealed(b"".join(_header(name, value) for name, value in headers.items()), payload)


def sealed(headers: bytes, payload: bytes = b"") -> bytes:
    """A frame with the given bytes as its headers, good or bad, and true checksums."""
    lengths = struct.pack("!II", 16 + len(headers) + len(payload), len(headers))
    body = lengths + struct.pack("!I", crc32(lengths)) + headers + payload
    return body + struct.pack("!I", crc32(body))


def event(kind: str, payload: bytes) -> bytes:
    return frame(
        {":event-type": kind, ":content-type": "application/json", ":message-type": "event"}, payload
    )


def exception(kind: str, payload: bytes) -> bytes:
    return frame(
        {":exception-type": kind, ":content-type": "application/json", ":message-type": "exception"}, payload
    )


def _header(name: str, value: Any) -> bytes:
    typed = value if isinstance(value, Typed) else _typed(value)
    encoded = name.encode()
    return bytes([len(encoded)]) + encoded + bytes([typed.type]) + typed.encoded


def _typed(value: Any) -> Typed:
    match value:
        case bool():
            return Typed(0 if value else 1, b"")
        case int():
            return Typed(5, struct.pack("!q", value))
        case bytes():
            return Typed(6, struct.pack("!H", len(value)) + value)
        case str():
            encoded = value.encode()
            return Typed(7, struct.pack("!H", len(encoded)) + encoded)
    raise AssertionError(value)
