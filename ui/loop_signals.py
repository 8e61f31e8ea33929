"""An exception that a signal handler raises ends the run, as it does in asyncio: Ctrl-C above all.

Python runs a signal handler between any two bytecodes of the main thread. While Qt waits there are none,
and the next ones are the first of whatever Qt calls, where only C++ is left to catch the exception: it
would be printed and forgotten. So for the length of a run the handlers are wrapped. Inside a turn an
exception goes its way through the running callback; elsewhere the loop keeps it and leaves.
"""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Protocol

Handler = Callable[[int, FrameType | None], object]


class Interruptible(Protocol):
    """What an interrupted loop has to be able to do."""

    def is_turning(self) -> bool: ...

    def fail(self, error: BaseException) -> None: ...


def _wrapped(handler: Handler, loop: Interruptible) -> Handler:
    def on_signal(number: int, frame: FrameType | None) -> None:
        try:
            handler(number, frame)
        except BaseException as error:
            if loop.is_turning():
                raise
            loop.fail(error)

    return on_signal


@contextmanager
def signals_caught(loop: Interruptible) -> Iterator[None]:
    """Hand the loop what signal handlers raise while Qt runs."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    replaced: dict[signal.Signals, tuple[Handler, Handler]] = {}
    for number in signal.valid_signals():
        if callable(handler := signal.getsignal(number)):
            replaced[number] = handler, _wrapped(handler, loop)
            signal.signal(number, replaced[number][1])
    try:
        yield
    finally:
        for number, (handler, wrapped) in replaced.items():
            if signal.getsignal(number) is wrapped:  # unless the run has put another one there
                signal.signal(number, handler)
