"""How Qt hears of sockets, pipes and signals on Linux and macOS.

asyncio keeps its own selector, epoll or kqueue, which is itself a descriptor that is readable while any
of its sockets is ready. So one Qt notifier on this one descriptor stands for all sockets; to add, change
and remove them costs what it costs in asyncio, and Qt never knows. The notifier is level-triggered: it
falls silent when a turn has served what was ready.
"""

import asyncio
import selectors
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import QObject, QSocketNotifier

from ui.loop_qasync import QEventLoop

_Asyncio: Any = asyncio.selector_events.BaseSelectorEventLoop  # its private methods have no types


class _ToldSelector(selectors.DefaultSelector):
    """A selector that never waits, for Qt does that, and looks only when Qt says that there is something."""

    told = False

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if not self.told:
            return []
        self.told = False
        return super().select(0)


class UnixLoop(QEventLoop):  # type: ignore[misc]  # qasync ships no types
    """asyncio's selector loop, watched by one notifier."""

    # asyncio's own, where qasync has a notifier per socket.
    _add_reader = _Asyncio._add_reader  # noqa: SLF001 -- qasync has replaced the private method
    _add_writer = _Asyncio._add_writer  # noqa: SLF001 -- the same
    _remove_reader = _Asyncio._remove_reader  # noqa: SLF001 -- the same
    _remove_writer = _Asyncio._remove_writer  # noqa: SLF001 -- the same

    def _make_self_pipe(self) -> None:
        # asyncio's constructor calls this when it has just been given qasync's selector, and before anything
        # is registered there.
        self._selector = _ToldSelector()
        self._notifier = QSocketNotifier(self._selector.fileno(), QSocketNotifier.Type.Read)
        self._notifier.setEnabled(False)
        self._notifier.activated.connect(self._on_ready)
        super()._make_self_pipe()

    def _on_ready(self) -> None:
        self._selector.told = True
        self._turn()

    def _of_platform(self) -> tuple[QObject, ...]:
        return (self._notifier,)

    def _start_watching(self) -> None:
        self._notifier.setEnabled(True)

    def _stop_watching(self) -> None:
        self._notifier.setEnabled(False)

    @contextmanager
    def _woken_by_signals(self) -> Iterator[None]:
        """Python runs signal handlers between bytecodes, so while Qt sleeps it has to be woken for them."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = self._wake_on_signals()
        try:
            yield
        finally:
            if not self._signal_handlers:
                signal.set_wakeup_fd(before)

    def _wake_on_signals(self) -> int:
        return signal.set_wakeup_fd(self._csock.fileno(), warn_on_full_buffer=False)

    def remove_signal_handler(self, sig: int) -> bool:
        removed: bool = super().remove_signal_handler(sig)
        if self.is_running():
            self._wake_on_signals()  # which asyncio ends with the last of its own handlers
        return removed
