"""How far the reading has come: one line on a terminal that renews itself, and is gone in the end."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

_SILENT_SECONDS = 1.0
_BETWEEN_SECONDS = 0.2


@contextmanager
def progress_on(
    stream: TextIO | None, clock: Callable[[], float] = time.monotonic
) -> Iterator[Callable[[int, int], None]]:
    """A function that is told how many of how many are done. It speaks to people only, and only where they
    have to wait."""
    if stream is None or not stream.isatty():
        yield lambda _done, _of: None
        return
    line = _Line(stream, clock)
    try:
        yield line.tell
    finally:
        line.clear()


class _Line:
    def __init__(self, stream: TextIO, clock: Callable[[], float]) -> None:
        self._stream, self._clock = stream, clock
        self._next = clock() + _SILENT_SECONDS
        self._width = 0

    def tell(self, done: int, of: int) -> None:
        if self._clock() < self._next:
            return
        self._next = self._clock() + _BETWEEN_SECONDS
        text = f"Reading session logs: {done} of {of}"
        self._write(text.ljust(self._width))
        self._width = len(text)

    def clear(self) -> None:
        if self._width:
            self._write(" " * self._width)
            self._write("")

    def _write(self, text: str) -> None:
        self._stream.write(f"\r{text}")
        self._stream.flush()
