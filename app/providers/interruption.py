"""Ctrl+C while two things change that belong together: it waits until both are done."""

import signal
import threading
from types import FrameType, TracebackType
from typing import Any, Self


class Interruptible:
    """A block that Ctrl+C ends at once until `hold` is called, and after it at the end of the block."""

    def __init__(self) -> None:
        self._before: Any = None
        self._is_held = False
        self._has_come = False

    def hold(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return  # Ctrl+C interrupts the main thread only
        self._before = signal.signal(signal.SIGINT, self._note)
        self._is_held = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: TracebackType | None) -> None:
        if not self._is_held:
            return
        signal.signal(signal.SIGINT, self._before)
        if self._has_come and error is None:
            raise KeyboardInterrupt

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self._has_come = True
