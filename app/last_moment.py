"""The last moment: a process that was told to end is gone by then, and its log says what kept it.

A hanging keyring or disk cannot be interrupted, only left behind. So a thread waits for the last moment,
whatever the rest of the process does, and ends it from outside. It is started without `threading`, whose
locks a signal handler may find taken by the very code that it interrupts.
"""

import _thread
import asyncio
import contextlib
import logging
import os
import sys
import threading
import time
from pathlib import Path
from types import FrameType

_log = logging.getLogger("tierwise.app")

_LAST_MOMENT_SECONDS = 2.7
# The log is written by a thread of its own, which is given this long for the last line.
_WRITING_SECONDS = 0.1


def end_by_force_later() -> None:
    """Whatever still hangs by then (a dead keyring, a full disk) does not keep the process alive."""
    _thread.start_new_thread(_end_by_force, (_running_loop(),))


def _running_loop() -> asyncio.AbstractEventLoop | None:
    with contextlib.suppress(RuntimeError):
        return asyncio.get_running_loop()
    return None


def _end_by_force(loop: asyncio.AbstractEventLoop | None) -> None:
    """In a thread of its own speaks who may wait for a lock that nobody gives back any more."""
    time.sleep(_LAST_MOMENT_SECONDS)
    try:
        _thread.start_new_thread(_say_what_is_cut, (loop,))
        time.sleep(_WRITING_SECONDS)
    finally:
        os._exit(0)


def _say_what_is_cut(loop: asyncio.AbstractEventLoop | None) -> None:
    _log.warning("the end took too long and was forced; cut: %s", "; ".join(what_runs(loop)))


def what_runs(loop: asyncio.AbstractEventLoop | None) -> list[str]:
    """Every task of the loop and every thread that keeps the process alive, and where each of them is."""
    tasks = asyncio.all_tasks(loop) if loop is not None else set()
    frames = sys._current_frames()  # noqa: SLF001 -- the only way to see another thread's place
    return [
        *sorted(f"task {task.get_name()} in {_innermost(task)}" for task in tasks),
        *(
            f"thread {thread.name} in {_place(frames[thread.ident])}"
            for thread in threading.enumerate()
            if not thread.daemon and thread.ident in frames
        ),
    ]


def _innermost(task: "asyncio.Task[object]") -> str:
    """`Task.get_stack` shows the outermost coroutine only; what it waits for hangs below it."""
    waiting: object = task.get_coro()
    frame: FrameType | None = None
    while waiting is not None:
        frame = getattr(waiting, "cr_frame", None) or frame
        waiting = getattr(waiting, "cr_await", None)
    return "its last step" if frame is None else _place(frame)


def _place(frame: FrameType) -> str:
    return f"{frame.f_code.co_name} ({Path(frame.f_code.co_filename).name}:{frame.f_lineno})"
