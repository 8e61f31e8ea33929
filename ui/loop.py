"""One thread for Qt and asyncio: the event loop on which the windows and the proxy live together.

Qt waits, asyncio works. `run_forever` is `QApplication.exec()`, and whenever Qt is woken on our behalf it
takes one *turn*: a single iteration of asyncio's own loop, which does not wait. A turn serves the sockets
that are ready, the timers that are due and the callbacks that were waiting when it began; what these
schedule belongs to the next turn. Between two turns Qt serves input, paint and its own timers, so neither
side starves the other.

Three things wake Qt for a turn:

- sockets, pipes, signals and `call_soon_threadsafe`: the platform's part, see loop_unix and loop_windows;
- `_soon`, a timer of zero length that runs as long as callbacks are waiting;
- `_alarm`, a timer set to the earliest entry in asyncio's heap of timers. It is precise and counts whole
  milliseconds, rounded up, and the turn looks at the clock again: nothing is early, and in an idle loop
  nothing is later than a millisecond or so.

When nothing waits, none of them fires and the process sleeps.

The class is qasync's loop, which brings the Windows part and what is built upon it (`asyncSlot`,
`asyncWrap`), but it schedules, runs and stops by asyncio's own code. Only `stop()` ends a run;
`QApplication.quit()` and `exit()` do not.

Qt's event loop must not be entered inside a coroutine (`exec`, `processEvents`): there can be no turn
within a turn, so asyncio would stand still until it is left. In a slot it may, by menus and dialogs for
example.
"""

import asyncio
import heapq
import logging
import math
import sys
from collections.abc import Callable, Coroutine
from contextvars import Context
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, QThread, QTimer
from PySide6.QtWidgets import QApplication

from ui.loop_signals import signals_caught

if sys.platform == "win32":
    from ui.loop_windows import WindowsLoop as _PlatformLoop
else:
    from ui.loop_unix import UnixLoop as _PlatformLoop

_log = logging.getLogger("tierwise.ui.loop")
_T = TypeVar("_T")

_Asyncio: Any = asyncio.BaseEventLoop  # its private methods have no types

_LONGEST_ALARM_MS = 24 * 3600 * 1000  # QTimer counts milliseconds in 31 bits
_FEW_TIMERS = 64  # so many cancelled ones are not worth a sweep


class QtLoop(_PlatformLoop):
    """An asyncio event loop inside a QApplication."""

    # asyncio's own, where qasync has replaced them.
    run_forever = _Asyncio.run_forever
    run_until_complete = _Asyncio.run_until_complete
    is_running = _Asyncio.is_running
    call_later = _Asyncio.call_later
    call_soon_threadsafe = _Asyncio.call_soon_threadsafe
    run_in_executor = _Asyncio.run_in_executor
    set_default_executor = _Asyncio.set_default_executor
    set_exception_handler = _Asyncio.set_exception_handler
    default_exception_handler = _Asyncio.default_exception_handler
    call_exception_handler = _Asyncio.call_exception_handler
    get_debug = _Asyncio.get_debug
    set_debug = _Asyncio.set_debug
    _add_callback = _Asyncio._add_callback  # noqa: SLF001 -- qasync has replaced the private method

    # asyncio's, without types there.
    _scheduled: list[asyncio.TimerHandle]
    _timer_cancelled_count: int

    def __init__(self, app: QApplication) -> None:
        self._app = app
        self._turning = False
        self._will_turn = True  # no need to wake anybody; also while the loop is not running
        self._standing_still = False
        self._leaving = False
        self._failure: BaseException | None = None

        self._soon = QTimer()
        self._soon.timeout.connect(self._turn)
        self._alarm = QTimer()
        self._alarm.setSingleShot(True)
        self._alarm.setTimerType(Qt.TimerType.PreciseTimer)
        self._alarm.timeout.connect(self._on_alarm)
        self._alarm_at = math.inf
        super().__init__(app)

    def close(self) -> None:
        """Afterwards no Qt object is left to the garbage collector, which may run in any thread."""
        was_open = not self.is_closed()
        super().close()
        if was_open:
            for thing in (self._soon, self._alarm, *self._of_qasync(), *self._of_platform()):
                shiboken6.delete(thing)

    def _of_qasync(self) -> tuple[QObject, QObject]:
        return self._timer, self._QEventLoop__call_soon_signaller

    # Scheduling

    def call_soon(
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        if self._debug or self._closed:
            handle: asyncio.Handle = _Asyncio.call_soon(self, callback, *args, context=context)
            _forget_innermost_frame(handle)
        else:
            # What asyncio does, at half the price of asking it: there are dozens of these calls in a request.
            handle = asyncio.Handle(callback, args, self, context)
            self._ready.append(handle)
        if not self._will_turn:
            self._turn_soon()
        return handle

    def call_at(
        self, when: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        handle: asyncio.TimerHandle = _Asyncio.call_at(self, when, callback, *args, context=context)
        if self._debug:
            _forget_innermost_frame(handle)
        if not self._will_turn:
            self._set_alarm()
        return handle

    def stop(self) -> None:
        _Asyncio.stop(self)
        if not self._will_turn:
            self._turn_soon()

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Sweep the heap when most of it is cancelled, so that it stays small at little cost per timer."""
        super()._timer_handle_cancelled(handle)
        if self._timer_cancelled_count > _FEW_TIMERS + len(self._scheduled) // 2:
            # This one is not yet marked as cancelled.
            self._scheduled = [t for t in self._scheduled if t is not handle and not t.cancelled()]
            heapq.heapify(self._scheduled)
            self._timer_cancelled_count = 0

    # Turns

    def _turn_soon(self) -> None:
        self._will_turn = True
        self._soon.start(0)

    def _set_alarm(self) -> None:
        """Let the alarm ring when the earliest timer is due, or before: it is set again then."""
        while self._scheduled and self._scheduled[0].cancelled():
            heapq.heappop(self._scheduled)
            self._timer_cancelled_count -= 1
        if self._scheduled and (when := self._scheduled[0].when()) < self._alarm_at:
            self._alarm_at = when
            wait_ms = (when - self.time()) * 1000
            self._alarm.start(math.ceil(min(max(wait_ms, 0), _LONGEST_ALARM_MS)))

    def _on_alarm(self) -> None:
        self._alarm_at = math.inf
        self._turn()

    def _turn(self) -> None:
        """One iteration of asyncio's loop."""
        if self._leaving:
            return
        if self._turning:
            self._stand_still()
            return
        try:
            self._turning = self._will_turn = True
            super()._run_once()
        except BaseException as error:  # noqa: BLE001 -- an interrupt cannot pass through Qt's frames
            self._failure = error
        self._turning = False
        if self._standing_still:
            self._standing_still = False
            self._start_watching()
        self._rest()

    def _rest(self) -> None:
        """Between turns: see that the next one comes, or leave."""
        if self._stopping or self._failure is not None:
            self._leave()
        elif self._ready:
            if not self._soon.isActive():
                self._soon.start(0)
        else:
            self._soon.stop()
            self._will_turn = False
            self._set_alarm()

    def _stand_still(self) -> None:
        """Qt runs inside a turn: until that is over nothing may wake it for another, or it would spin."""
        self._stop_watching()
        self._soon.stop()
        if not self._standing_still:
            self._standing_still = True
            _log.warning(
                "Qt's event loop was entered inside a coroutine or callback: asyncio stands still meanwhile",
                stack_info=True,
            )

    def _leave(self) -> None:
        self._leaving = True
        self._app.exit()

    # Running

    def _run_once(self) -> None:
        """What run_forever repeats until stop() was called: let Qt run, and with it any number of turns."""
        if not QThread.isMainThread():
            raise RuntimeError("Qt runs in the main thread only, and so does this event loop")
        self._leaving = False
        self._turn_soon()  # for what is waiting already, and for a stop() before the run
        self._start_watching()
        try:
            with signals_caught(self), self._woken_by_signals():
                code = self._app.exec()
        finally:
            self._stop_watching()
            self._soon.stop()
            self._alarm.stop()
            self._alarm_at = math.inf
            self._will_turn = True
        if code == -1 and not self._leaving:
            raise RuntimeError("QApplication.exec() is running already")
        self._raise_failure()

    def _raise_failure(self) -> None:
        failure, self._failure = self._failure, None
        try:
            if failure is not None:
                raise failure
        finally:
            del failure  # its traceback holds this frame

    # Being interrupted, see loop_signals

    def is_turning(self) -> bool:
        return self._turning

    def fail(self, error: BaseException) -> None:
        """End the run with this error."""
        self._failure = error
        self._leave()


def _forget_innermost_frame(handle: Any) -> None:
    """In debug mode a handle remembers where it was made: the caller's line, not one of ours."""
    del handle._source_traceback[-1]  # noqa: SLF001 -- asyncio's own methods trim it like this


def run(main: Coroutine[Any, Any, _T], app: QApplication) -> _T:
    """Run `main` as asyncio.run does: what is left over is cancelled and awaited, then the loop is closed."""
    with asyncio.Runner(loop_factory=lambda: QtLoop(app)) as runner:
        return runner.run(main)
