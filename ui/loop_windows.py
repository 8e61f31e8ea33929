"""How Qt hears of finished I/O on Windows: qasync's part. It was never run, only built to be right.

qasync polls the completion port from a thread and sends what has finished to Qt's thread by signal, where
the futures get their results; their callbacks go through `call_soon` and so bring about a turn. Two ends
are ours: the turn must not poll the port as well, and a call from another thread rings a bell, which is a
queued signal.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from ui.loop_qasync import QEventLoop


class _NothingToPoll:
    def select(self, timeout: float | None = None) -> list[object]:
        return []


class _Bell(QObject):
    rung = Signal()


class WindowsLoop(QEventLoop):  # type: ignore[misc]  # qasync ships no types
    """qasync's proactor loop."""

    def __init__(self, app: QApplication) -> None:
        self._bell = _Bell()
        self._bell.rung.connect(self._turn, Qt.ConnectionType.QueuedConnection)
        super().__init__(app)
        self._selector = _NothingToPoll()
        # Before Python 3.13 time.monotonic() moves in steps of 15.6 ms here: too coarse for a short sleep.
        self._clock_resolution = time.get_clock_info("perf_counter").resolution

    def time(self) -> float:
        return time.perf_counter()

    def _write_to_self(self) -> None:
        self._bell.rung.emit()

    def _of_platform(self) -> tuple[QObject, ...]:
        return (self._bell,)

    def _start_watching(self) -> None:
        self._before_run_forever()

    def _stop_watching(self) -> None:
        self._after_run_forever()

    @contextmanager
    def _woken_by_signals(self) -> Iterator[None]:
        yield  # there is no descriptor to wake Qt by; a handler runs with the next turn
