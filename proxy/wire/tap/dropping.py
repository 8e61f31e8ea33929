"""Takes the usage chunk out of a Chat Completions stream whose client did not ask for one.

That chunk has no choices, which clients that never saw one may not expect. It is known for sure only when
it is whole, so an event that has not told of any choices yet waits for more; one that has is forwarded as
it comes. Everything else in the stream stays as it is, byte for byte.
"""

import re

from proxy.wire.framing.sse import ServerSentEvents
from proxy.wire.tap.told import at, items

# A line ending is taken whole, or \r\n would count as two.
_EVENT_END = re.compile(rb"(?:\r\n?+|\n)(?:\r\n?+|\n)")
_BLANK_OR_COMMENT = re.compile(rb"(?:(?::[^\r\n]*+)?(?:\r\n?+|\n))*+")
_BEGUN_LINE_END = re.compile(rb"[\r\n]*+\Z")
_TELLS_USAGE = re.compile(rb'"usage"\s*+:\s*+\{')
_HAS_CHOICES = re.compile(rb'"choices"\s*+:\s*+\[\s*+[^\]\s]')
_MOST_WITHHELD = 4 * 1024


class UsageChunkDropper:
    def __init__(self) -> None:
        self._held = b""
        self._in_passed_event = False

    def pass_on(self, chunk: bytes) -> bytes:
        if not self._held and chunk.endswith(b"\n\n") and not _TELLS_USAGE.search(chunk):
            self._in_passed_event = False
            return chunk
        pieces, begun = self._whole_events(self._held + chunk)
        now, self._held = self._divided(begun)
        forwarded = b"".join([*pieces, now])
        return chunk if forwarded == chunk else forwarded

    def end(self) -> bytes:
        rest, self._held = self._held, b""
        return rest if self._in_passed_event else _without_usage(rest)

    def _whole_events(self, data: bytes) -> tuple[list[bytes], bytes]:
        """The events that are to be forwarded, and what has begun after them."""
        pieces: list[bytes] = []
        start = 0
        # A carriage return at the very end may be the first half of a line ending.
        searched = len(data) - 1 if data.endswith(b"\r") else len(data)
        for found in _EVENT_END.finditer(data, 0, searched):
            event = data[start : found.end()]
            pieces.append(event if self._in_passed_event else _without_usage(event))
            self._in_passed_event = False
            start = found.end()
        return pieces, data[start:]

    def _divided(self, begun: bytes) -> tuple[bytes, bytes]:
        """What of an event that is not whole goes on, and what must wait."""
        if not self._in_passed_event:
            if not (_HAS_CHOICES.search(begun) or len(begun) > _MOST_WITHHELD):
                lead = _lead(begun)
                return begun[:lead], begun[lead:]
            self._in_passed_event = True
        # What may be the event's end waits, so that it is found as one.
        found = _BEGUN_LINE_END.search(begun)
        end = found.start() if found is not None else len(begun)
        return begun[:end], begun[end:]


def _without_usage(event: bytes) -> bytes:
    return event[: _lead(event)] if _is_usage_chunk(event) else event


def _lead(event: bytes) -> int:
    """How much stands before the event's first line: keep-alives, mostly."""
    found = _BLANK_OR_COMMENT.match(event)
    return found.end() if found is not None else 0


def _is_usage_chunk(event: bytes) -> bool:
    if not _TELLS_USAGE.search(event):
        return False
    events = ServerSentEvents(len(event) + 1)
    for data in [*events.feed(event), *events.end()]:
        has_choices = bool(items(at(data, "choices")))
        return at(data, "usage") is not None and not has_choices and at(data, "error") is None
    return False
