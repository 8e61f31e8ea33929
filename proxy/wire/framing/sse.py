"""Server-sent events: the data of each complete event.

Tolerant where real servers are careless: any line ending, a missing blank line at the end, and llama.cpp's
`error:` lines, whose text is data like any other.
"""

from proxy.wire.failure import Failure, FailureKind

MAX_EVENT = 64 * 1024 * 1024


class ServerSentEvents:
    """Collects bytes, in whatever pieces they come, and hands out the data of the events in them."""

    def __init__(self, limit: int = MAX_EVENT) -> None:
        self._limit = limit
        self._pieces: list[bytes] = []
        self._data: list[bytes] = []
        self._held = 0
        self._data_size = 0
        self._at_start = True

    def feed(self, chunk: bytes) -> list[bytes]:
        self._held += len(chunk)
        if self._held > self._limit:
            raise Failure(FailureKind.BAD_ANSWER, "An event of the provider's stream is too large.")
        self._pieces.append(chunk)
        if b"\n" not in chunk and b"\r" not in chunk:
            return []
        return self._events(*self._complete_lines())

    def end(self) -> list[bytes]:
        """What still stands there when the stream is over."""
        rest = b"".join(self._pieces)
        self._pieces = []
        events = self._events(rest.replace(b"\r\n", b"\n").replace(b"\r", b"\n"), b"")
        if self._data:
            events.append(b"\n".join(self._data))
            self._data = []
        return events

    def _complete_lines(self) -> tuple[bytes, bytes]:
        text = b"".join(self._pieces)
        if b"\r" in text:
            # A carriage return at the very end may be the first half of a line ending.
            cut = len(text) - 1 if text.endswith(b"\r") else len(text)
            text = text[:cut].replace(b"\r\n", b"\n").replace(b"\r", b"\n") + text[cut:]
        end = text.rfind(b"\n") + 1
        return text[:end], text[end:]

    def _events(self, lines: bytes, rest: bytes) -> list[bytes]:
        self._pieces = [rest] if rest else []
        if self._at_start and lines:
            self._at_start = False
            lines = lines.removeprefix(b"\xef\xbb\xbf")
        events = []
        data = self._data
        told = lines.split(b"\n")
        if not told[-1]:
            told.pop()  # what follows the last line ending is no line
        for line in told:
            if not line:
                if data:
                    events.append(data[0] if len(data) == 1 else b"\n".join(data))
                    data.clear()
                    self._data_size = 0
                continue
            if line.startswith(b"data: "):
                data.append(line[6:])
            elif line.startswith((b"data:", b"error:")):
                data.append(line.partition(b":")[2].lstrip(b" "))
            else:
                continue
            self._data_size += len(line)
        self._held = len(rest) + self._data_size
        return events


def on_one_line(json: bytes) -> bytes:
    """JSON fit for a `data:` line. Line ends stand only between its tokens, never inside a text."""
    return json.replace(b"\r", b" ").replace(b"\n", b" ") if b"\n" in json or b"\r" in json else json
