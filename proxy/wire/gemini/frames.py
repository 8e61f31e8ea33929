"""A stream's chunks, in whichever way the API sends them.

With `alt=sse` chunks are server-sent events, but an error in the middle of the stream comes bare, as a JSON
object on lines of its own. Without it the whole stream is one JSON array. So a line that begins with a
bracket begins bare JSON, and all that follows is.
"""

import json

from proxy.wire.failure import Failure, FailureKind
from proxy.wire.framing.sse import MAX_EVENT, ServerSentEvents

_MARKS = (b"\n{", b"\n[", b"\r{", b"\r[")
"""How a line begins that is no event."""
_BETWEEN = "[], \t\r\n\ufeff"
_decoder = json.JSONDecoder()


class Chunks:
    """The JSON of each chunk."""

    def __init__(self, limit: int = MAX_EVENT) -> None:
        self._limit = limit
        self._events = ServerSentEvents(limit)
        self._bare: bytes | None = None
        self._last = b"\n"

    def feed(self, chunk: bytes) -> list[bytes]:
        if self._bare is not None:
            return self._values(chunk)
        # The byte before tells whether the chunk begins a line.
        text = self._last + chunk
        starts = [start for mark in _MARKS if (start := text.find(mark)) >= 0]
        if not starts:
            self._last = text[-1:]
            return self._events.feed(chunk)
        start = min(starts)
        self._bare = b""
        return [*self._events.feed(chunk[:start]), *self._events.end(), *self._values(chunk[start:])]

    def end(self) -> list[bytes]:
        return self._events.end() if self._bare is None else []

    def _values(self, more: bytes) -> list[bytes]:
        """The complete values, now that there is more."""
        self._bare = (self._bare or b"") + more
        if len(self._bare) > self._limit:
            raise Failure(FailureKind.BAD_ANSWER, "A chunk of the provider's stream is too large.")
        values: list[bytes] = []
        while b"}" in self._bare:
            text = self._bare.decode("utf-8", "surrogateescape").lstrip(_BETWEEN)
            try:
                _, end = _decoder.raw_decode(text)
            except (ValueError, RecursionError):
                break
            values.append(text[:end].encode("utf-8", "surrogateescape"))
            self._bare = text[end:].encode("utf-8", "surrogateescape")
        return values
