"""Running a program until its end is wished for, and hearing of that wish from the first moment on."""

import asyncio
import contextlib
import select
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Protocol, TextIO, TypeAlias

from app.ending import End, EndWished

# SIGBREAK is what Windows sends when a console closes.
_SIGNALS = [number for number in signal.Signals if number.name in ("SIGINT", "SIGTERM", "SIGBREAK")]

_Handler: TypeAlias = Callable[[int, FrameType | None], Any]
_Handlers: TypeAlias = dict[signal.Signals, Any]


class Stoppable(Protocol):
    """Something with a beginning and an end."""

    @property
    def stop_requested(self) -> asyncio.Event: ...

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


class Running:
    """The program is started before the block and stopped after it; its wish to stop is one for the end.

    A wish that comes during the start undoes it: EndWished, and the block is not entered.
    """

    def __init__(self, program: Stoppable, end: End) -> None:
        self._program = program
        self._end = end
        self._listening: asyncio.Task[None] | None = None

    async def __aenter__(self) -> None:
        await self._end.unless_wished(self._program.start())
        self._listening = asyncio.create_task(_hand_on(self._program.stop_requested, self._end))

    async def __aexit__(self, *_: object) -> None:
        self._end.wish()
        if self._listening is not None:
            self._listening.cancel()
        await self._program.stop()


async def _hand_on(stop_requested: asyncio.Event, end: End) -> None:
    await stop_requested.wait()
    end.wish()


@contextmanager
def ending_on_signals() -> Iterator[End]:
    """The end of this process, which signals wish for from here on, long before a loop listens.

    Nothing is interrupted by them: imports and the making of a loop go on, and `Running` then begins
    nothing. Once the end is wished for signals have nothing new to say, and are ignored to the last.
    """
    end = End()
    before = _handle_signals(lambda *_: end.wish())
    try:
        yield end
    finally:
        if not end.is_wished:
            _restore(before)


@contextmanager
def left_on_signals(end: End) -> Iterator[None]:
    """A block that only waits, without a loop, is left at once, and the process with exit code 0."""

    def leave(*_: object) -> None:
        end.wish()
        raise SystemExit(0)

    before = _handle_signals(leave)
    try:
        if end.is_wished:
            raise SystemExit(0)
        yield
    finally:
        _restore(before)


def read_line(stream: TextIO) -> str:
    """A line that a signal may interrupt, even one that comes in the instant before the wait begins.

    A signal handler runs between two bytecodes of the main thread; one that was called just before the
    thread enters `read` would wait for the line itself. So we wait where signals wake us, too.
    """
    if sys.platform == "win32":  # a console cannot be waited for, and is woken by Ctrl+C itself
        return stream.readline()
    woken, waking = socket.socketpair()
    with woken, waking:
        waking.settimeout(0)
        before = signal.set_wakeup_fd(waking.fileno(), warn_on_full_buffer=False)
        try:
            select.select([stream.fileno(), woken.fileno()], [], [])
        finally:
            signal.set_wakeup_fd(before)
    return stream.readline()


@contextmanager
def heeding_signals(end: End) -> Iterator[None]:
    """Within a coroutine: signals wish for the end, and what that interrupts is simply over."""
    with signals_calling(end.wish), contextlib.suppress(EndWished):
        yield


@contextmanager
def signals_calling(callback: Callable[[], None]) -> Iterator[None]:
    """SIGINT and SIGTERM (and the closing console on Windows) call this, on the loop."""
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    for number in _SIGNALS:
        try:
            loop.add_signal_handler(number, callback)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(callback))
    try:
        yield
    finally:
        for number in _SIGNALS:
            with contextlib.suppress(NotImplementedError):
                loop.remove_signal_handler(number)
        _restore(before)


def _handle_signals(handler: _Handler) -> _Handlers:
    return {number: signal.signal(number, handler) for number in _SIGNALS}


def _restore(handlers: _Handlers) -> None:
    for number, handler in handlers.items():
        signal.signal(number, handler)
