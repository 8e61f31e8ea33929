"""Logs what keeps the one thread for too long: while it works, every stream stands still.

A slice is what is done between two returns to Qt's event loop: an event with all it leads to, or a turn of
asyncio. Where a menu or a dialog runs an event loop of its own within an event, slices end when that one
goes to sleep and begin when it wakes. The watchdog costs some microseconds for each event, so it is there
only when details are logged.
"""

import logging
import sys
import threading
import time
import traceback
from collections.abc import Callable
from types import FrameType
from typing import Final

from PySide6.QtCore import QAbstractEventDispatcher, QEvent, QObject

from ui.mistakes import called_by_qt
from ui.quit import Application

_log = logging.getLogger("tierwise.ui.watchdog")

LIMIT_MS: Final = 5.0
LIMIT_WHILE_OPENING_MS: Final = 30.0
_LOOK_SECONDS: Final = 0.0025
_FRAMES: Final = 6

Report = Callable[[float, str, str], None]
"""Milliseconds, what was done, and where in the code it was when it had become too long."""


class Watchdog:
    """Told when slices begin and end; a thread of its own looks where a long one is."""

    def __init__(self, report: Report | None = None, clock: Callable[[], float] = time.perf_counter) -> None:
        self._report = report or _logged
        self._clock = clock
        self._opening = 0
        self._began: float | None = None
        self._what = ""
        self._where = ""
        self._watched = threading.get_ident()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="watchdog", daemon=True)

    @property
    def limit_ms(self) -> float:
        return LIMIT_WHILE_OPENING_MS if self._opening else LIMIT_MS

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def opening(self) -> None:
        """A window is being built."""
        self._opening += 1

    def opened(self) -> None:
        self._opening -= 1

    def begin(self, what: str) -> None:
        self._what, self._where = what, ""
        self._began = self._clock()

    def end(self) -> None:
        if self._began is None:
            return
        took_ms = (self._clock() - self._began) * 1000
        self._began = None
        if took_ms > self.limit_ms:
            self._report(took_ms, self._what, self._where)

    def _look(self) -> None:
        while not self._over.wait(_LOOK_SECONDS):
            began = self._began
            if began is None or self._where or (self._clock() - began) * 1000 < self.limit_ms:
                continue
            frame = sys._current_frames().get(self._watched)  # noqa: SLF001 -- the only way to another thread's stack
            if frame is not None and self._began == began:
                self._where = _where(frame)


def _where(frame: FrameType) -> str:
    """The innermost places; of their files nothing is read, which would take longer than most slices."""
    stack = traceback.StackSummary.extract(traceback.walk_stack(frame), limit=_FRAMES, lookup_lines=False)
    return " < ".join(f"{each.filename.rpartition('/')[2]}:{each.lineno} {each.name}" for each in stack)


class WatchedApplication(Application):
    """An application whose every slice is timed, once it has a watchdog."""

    watchdog: Watchdog | None = None
    _depth = 0

    def watch(self, watchdog: Watchdog) -> None:
        self.watchdog = watchdog
        dispatcher = QAbstractEventDispatcher.instance()
        if dispatcher is not None:
            dispatcher.aboutToBlock.connect(self._on_sleep)
            dispatcher.awake.connect(self._on_wake)

    @called_by_qt
    def notify(self, receiver: QObject, event: QEvent) -> bool:
        watchdog = self.watchdog
        if watchdog is None or self._depth:
            return super().notify(receiver, event)
        watchdog.begin(f"{type(receiver).__name__} {event.type().name}")
        self._depth += 1
        try:
            return super().notify(receiver, event)
        finally:
            self._depth -= 1
            watchdog.end()

    def _on_sleep(self) -> None:
        if self.watchdog is not None and self._depth:
            self.watchdog.end()

    def _on_wake(self) -> None:
        if self.watchdog is not None and self._depth:
            self.watchdog.begin("within a menu or a dialog")


def _logged(took_ms: float, what: str, where: str) -> None:
    _log.warning("%.1f ms without a pause: %s%s", took_ms, what, f" (at {where})" if where else "")
