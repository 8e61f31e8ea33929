"""An Anthropic model's own stream, taken out of the frames in which Bedrock sends it.

Each frame holds one event of the Anthropic format. It becomes the server-sent event that Anthropic would
have sent, and stays as it is, byte for byte; that holds for the measurements that Bedrock adds to the last
one as well, for clients pass over what they do not know.
"""

import msgspec
from msgspec import Struct

from proxy.wire.bedrock.exceptions import failure_in
from proxy.wire.failure import Failure
from proxy.wire.framing.event_stream import EventStream, Frame
from proxy.wire.framing.sse import on_one_line
from proxy.wire.reading import UNREADABLE, bad_answer, decoded
from proxy.wire.streams import broken_off


class _Chunk(Struct):
    data: bytes = msgspec.field(name="bytes")
    """In base64 on the way."""


class _Event(Struct):
    type: str


_CHUNK = msgspec.json.Decoder(_Chunk)
_EVENT = msgspec.json.Decoder(_Event)
_LAST = ("message_stop", "error")


class Unwrapped:
    """The stream as Anthropic would send it. A failure is raised once all that came before is handed out."""

    def __init__(self) -> None:
        self._frames = EventStream()
        self._failure: Failure | None = None
        self._is_over = False

    def feed(self, chunk: bytes) -> bytes:
        if self._failure is not None:
            raise self._failure
        events: list[bytes] = []
        try:
            for frame in self._frames.feed(chunk):
                events.append(self._event(frame))  # noqa: PERF401 -- what came before a failure is kept
        except Failure as failure:
            self._failure = failure
        except UNREADABLE as error:
            self._failure = bad_answer(error)
        if self._failure is not None and not events:
            raise self._failure
        return b"".join(events)

    def end(self) -> None:
        """The stream is over; raises the failure that is still to be told, or that it broke off."""
        if self._failure is not None:
            raise self._failure
        if not self._is_over:
            raise broken_off()

    def _event(self, frame: Frame) -> bytes:
        failure = failure_in(frame)
        if failure is not None:
            raise failure
        if frame.headers.get(":event-type") != "chunk":
            return b""
        data = decoded(_CHUNK, frame.payload).data
        kind = " ".join(decoded(_EVENT, data).type.split())
        self._is_over = self._is_over or kind in _LAST
        return b"event: %b\ndata: %b\n\n" % (kind.encode(), on_one_line(data))
