"""Newline-delimited JSON: each complete line that holds anything."""

from proxy.wire.failure import Failure, FailureKind

MAX_LINE = 64 * 1024 * 1024


class Lines:
    """Collects bytes and hands out the lines in them."""

    def __init__(self, limit: int = MAX_LINE) -> None:
        self._limit = limit
        self._pieces: list[bytes] = []
        self._held = 0

    def feed(self, chunk: bytes) -> list[bytes]:
        self._held += len(chunk)
        if self._held > self._limit:
            raise Failure(FailureKind.BAD_ANSWER, "A line of the provider's stream is too large.")
        self._pieces.append(chunk)
        if b"\n" not in chunk:
            return []
        *lines, rest = b"".join(self._pieces).split(b"\n")
        self._pieces = [rest]
        self._held = len(rest)
        return [line for line in lines if line.strip()]

    def end(self) -> list[bytes]:
        rest = b"".join(self._pieces)
        self._pieces = []
        return [rest] if rest.strip() else []
