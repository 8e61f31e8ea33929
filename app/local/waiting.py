"""A word for who waits at a terminal: it comes after a second, and is gone when the wait is over."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Timer
from typing import TextIO

_SILENT_SECONDS = 1.0


@contextmanager
def said_while_waiting(
    sentence: str, stream: TextIO | None, after: float = _SILENT_SECONDS
) -> Iterator[None]:
    """Only to people: in a pipe or a log it would be a line that means nothing any more."""
    if stream is None or stream.closed or not stream.isatty():
        yield
        return
    is_said = Event()

    def say(terminal: TextIO) -> None:
        is_said.set()
        _write(terminal, sentence)

    timer = Timer(after, say, [stream])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        if is_said.is_set():
            _write(stream, " " * len(sentence))
            _write(stream, "")


def _write(terminal: TextIO, text: str) -> None:
    with suppress(OSError):
        terminal.write(f"\r{text}")
        terminal.flush()
