"""AWS's binary event stream: frames of headers and a payload, each guarded by checksums.

A frame is a prelude (its length, that of its headers, and a checksum of the two), the headers, the payload,
and a checksum of everything before. All numbers are big-endian. A header is its name, a type and a value.
"""

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from zlib import crc32

from msgspec import Struct

from proxy.wire.failure import Failure, FailureKind

HeaderValue = bool | int | bytes | str

MAX_HEADERS = 128 * 1024
MAX_PAYLOAD = 24 * 1024 * 1024
"""What AWS itself allows."""

_PRELUDE = struct.Struct("!III")
_CHECKSUM = struct.Struct("!I")
_LENGTH = struct.Struct("!H")
_AROUND = _PRELUDE.size + _CHECKSUM.size
_REMEMBERED_HEADERS = 64


class Frame(Struct, frozen=True):
    headers: Mapping[str, HeaderValue]
    payload: bytes


class EventStream:
    """Collects bytes, in whatever pieces they come, and hands out the frames in them."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._held = 0
        self._needed = _PRELUDE.size
        self._known_headers: dict[bytes, Mapping[str, HeaderValue]] = {}

    def feed(self, chunk: bytes) -> Iterator[Frame]:
        """The frames that are whole now. Behind the last good one a bad one raises its Failure, so that what
        was said before it counts however the bytes were cut."""
        self._pieces.append(chunk)
        self._held += len(chunk)
        if self._held < self._needed:
            return iter(())
        frames: list[Frame] = []
        failure = self._cut(b"".join(self._pieces), frames)
        return iter(frames) if failure is None else _and_then(frames, failure)

    def end(self) -> Iterable[Frame]:
        """Half a frame says nothing; whether anything is missing, those know who read the frames."""
        return ()

    def _cut(self, data: bytes, frames: list[Frame]) -> Failure | None:
        at = 0
        try:
            while (end := at + self._length(data, at)) <= len(data):
                frames.append(self._frame(data, at, end))
                at = end
        except Failure as failure:
            self._keep(b"", 0)
            return failure
        self._keep(data[at:], end - at)
        return None

    def _keep(self, rest: bytes, needed: int) -> None:
        self._pieces = [rest] if rest else []
        self._held = len(rest)
        self._needed = needed

    def _length(self, data: bytes, at: int) -> int:
        """How long the frame is that begins here, as far as that can be told yet."""
        if len(data) - at < _PRELUDE.size:
            return _PRELUDE.size
        total, headers, checksum = _PRELUDE.unpack_from(data, at)
        if crc32(data[at : at + 8]) != checksum:
            raise _bad("has a wrong checksum")
        if headers > MAX_HEADERS or total - headers - _AROUND > MAX_PAYLOAD:
            raise _bad("is too large")
        if total < headers + _AROUND:
            raise _bad("is shorter than its own headers")
        return int(total)

    def _frame(self, data: bytes, at: int, end: int) -> Frame:
        body_end = end - _CHECKSUM.size
        if crc32(data[at:body_end]) != _CHECKSUM.unpack_from(data, body_end)[0]:
            raise _bad("has a wrong checksum")
        headers_at = at + _PRELUDE.size
        headers_end = headers_at + _PRELUDE.unpack_from(data, at)[1]
        return Frame(self._headers(data[headers_at:headers_end]), data[headers_end:body_end])

    def _headers(self, data: bytes) -> Mapping[str, HeaderValue]:
        """Frames of one kind have the same headers, so they are taken apart once."""
        known = self._known_headers.get(data)
        if known is not None:
            return known
        headers = read_headers(data)
        if len(self._known_headers) < _REMEMBERED_HEADERS:
            self._known_headers[data] = headers
        return headers


def read_headers(data: bytes) -> Mapping[str, HeaderValue]:
    headers: dict[str, HeaderValue] = {}
    at = 0
    try:
        while at < len(data):
            name_end = at + 1 + data[at]
            name = data[at + 1 : name_end].decode()
            value, at = _READ[data[name_end]](data, name_end + 1)
            if at > len(data) or name in headers:
                raise _bad("has headers that contradict one another")
            headers[name] = value
    except (IndexError, KeyError, UnicodeDecodeError, struct.error):
        raise _bad("has headers that cannot be read") from None
    return headers


_Reads = Callable[[bytes, int], tuple[HeaderValue, int]]


def _number(format_: str) -> _Reads:
    number = struct.Struct(format_)
    return lambda data, at: (number.unpack_from(data, at)[0], at + number.size)


def _sized(data: bytes, at: int) -> tuple[bytes, int]:
    begin = at + _LENGTH.size
    end = begin + _LENGTH.unpack_from(data, at)[0]
    return data[begin:end], end


def _text(data: bytes, at: int) -> tuple[str, int]:
    value, end = _sized(data, at)
    return value.decode(), end


_READ: Mapping[int, _Reads] = {
    0: lambda _data, at: (True, at),
    1: lambda _data, at: (False, at),
    2: _number("!b"),
    3: _number("!h"),
    4: _number("!i"),
    5: _number("!q"),
    6: _sized,
    7: _text,
    8: _number("!q"),  # a time, in milliseconds since 1970
    9: lambda data, at: (data[at : at + 16], at + 16),  # a UUID
}


def _and_then(frames: list[Frame], failure: Failure) -> Iterator[Frame]:
    yield from frames
    raise failure


def _bad(how: str) -> Failure:
    return Failure(FailureKind.BAD_ANSWER, f"A frame of the provider's stream {how}.")
