"""Running an application until somebody ends it: a signal, a request, or the user in the tray."""

import asyncio
import contextlib
import os
import signal
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Protocol

# A program that was told to stop is gone after this long, whatever hangs.
_LAST_MOMENT_SECONDS = 2.8


class Stoppable(Protocol):
    """Something with a beginning and an end."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    def request_stop(self) -> None: ...


@asynccontextmanager
async def running(program: Stoppable) -> AsyncIterator[None]:
    """Started inside the block, stopped after it; signals ask it to stop."""
    with signals_calling(program.request_stop):
        await program.start()
        try:
            yield
        finally:
            end_by_force_later()
            await program.stop()


@contextlib.contextmanager
def signals_calling(request_stop: Callable[[], None]):  # type: ignore[no-untyped-def]
    """SIGINT and SIGTERM (and the closing console on Windows) call this, on the loop."""
    loop = asyncio.get_running_loop()
    wanted = [signal.SIGINT, signal.SIGTERM]
    if hasattr(signal, "SIGBREAK"):
        wanted.append(signal.SIGBREAK)
    previous = {}
    for number in wanted:
        try:
            loop.add_signal_handler(number, request_stop)
        except NotImplementedError:  # Windows
            previous[number] = signal.signal(number, lambda *_: loop.call_soon_threadsafe(request_stop))
    try:
        yield
    finally:
        for number in wanted:
            if number in previous:
                signal.signal(number, previous[number])
            else:
                loop.remove_signal_handler(number)


def end_by_force_later() -> None:
    """Whatever still hangs by then (a dead keyring, a full disk) does not keep the process alive."""
    last_moment = threading.Timer(_LAST_MOMENT_SECONDS, os._exit, args=(0,))
    last_moment.daemon = True
    last_moment.start()
