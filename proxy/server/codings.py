"""The content codings that clients compress with, each read by its library's own bounded call.

A call gives a slice of at most about 100 KB and waits to be asked for more. A coding is one stream; what
follows its end is refused, for no client sends it, and thousands of tiny streams would take long to open.
"""

import zlib
from collections.abc import Callable
from typing import Protocol

SLICE = 64 * 1024
"""About so much comes out at once."""


class Coding(Protocol):
    """One compressed stream. `read` takes input only while it is hungry, and `b""` otherwise."""

    errors: tuple[type[Exception], ...]
    """What `read` raises for data that it cannot read."""

    def read(self, data: bytes) -> bytes: ...

    @property
    def hungry(self) -> bool: ...

    @property
    def ended(self) -> bool: ...


class _Zlib:
    errors: tuple[type[Exception], ...] = (zlib.error,)

    def __init__(self, window: int) -> None:
        self._stream = zlib.decompressobj(window)
        self._full = False

    def read(self, data: bytes) -> bytes:
        piece = self._stream.decompress(self._stream.unconsumed_tail + data, SLICE)
        if self._stream.unused_data:
            raise zlib.error("data after the end")
        self._full = len(piece) == SLICE
        return piece

    @property
    def hungry(self) -> bool:
        # A full slice may leave output behind even where no input is.
        return not self._full and not self._stream.unconsumed_tail

    @property
    def ended(self) -> bool:
        return self._stream.eof


class _Deflate:
    """RFC 9110 says with zlib's header, but some clients leave it out."""

    errors: tuple[type[Exception], ...] = (zlib.error,)

    def __init__(self) -> None:
        self._stream: _Zlib | None = None

    def read(self, data: bytes) -> bytes:
        if self._stream is None:
            if not data:
                return b""
            has_header = data[0] & 0x0F == zlib.DEFLATED
            self._stream = _Zlib(zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)
        return self._stream.read(data)

    @property
    def hungry(self) -> bool:
        return self._stream is None or self._stream.hungry

    @property
    def ended(self) -> bool:
        return self._stream is not None and self._stream.ended


class _Brotli:
    def __init__(self) -> None:
        import brotli  # type: ignore[import-untyped] # it ships no types

        self.errors: tuple[type[Exception], ...] = (brotli.error,)
        self._stream = brotli.Decompressor()
        self._full = False

    def read(self, data: bytes) -> bytes:
        piece = bytes(self._stream.process(data, output_buffer_limit=SLICE))
        self._full = len(piece) >= SLICE
        return piece

    @property
    def hungry(self) -> bool:
        # After a full slice it may have all input and still not have noticed that this was the end.
        return self.ended or (not self._full and bool(self._stream.can_accept_more_data()))

    @property
    def ended(self) -> bool:
        return bool(self._stream.is_finished())


class _Zstd:
    """Windows above 8 MB are refused, as RFC 9659 allows: the reader would have to hold so much memory."""

    def __init__(self) -> None:
        from backports.zstd import DecompressionParameter, ZstdDecompressor, ZstdError

        self.errors: tuple[type[Exception], ...] = (ZstdError, EOFError)
        self._stream = ZstdDecompressor(options={DecompressionParameter.window_log_max: 23})

    def read(self, data: bytes) -> bytes:
        piece = self._stream.decompress(data, SLICE)
        if self._stream.unused_data:
            raise EOFError("data after the end")
        return piece

    @property
    def hungry(self) -> bool:
        return self._stream.eof or self._stream.needs_input

    @property
    def ended(self) -> bool:
        return self._stream.eof


CODINGS: dict[str, Callable[[], Coding]] = {
    "gzip": lambda: _Zlib(zlib.MAX_WBITS | 16),
    "x-gzip": lambda: _Zlib(zlib.MAX_WBITS | 16),
    "deflate": _Deflate,
    "br": _Brotli,
    "zstd": _Zstd,
}
