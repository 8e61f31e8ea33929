"""The one thread that talks to the system keyring.

A keyring call may block for as long as a prompt stays open, and nothing can take it back. So all of
them run one at a time on a daemon thread of our own: a hung call holds up no pool that others share,
and the interpreter exits without waiting for it.

A caller waits no longer than its time-out. Giving up before the thread came to the request removes
it. Giving up on the running request leaves the thread stuck in it: until that call returns, callers
wait only a moment (`patience`) before they are told so. When the user unlocks late, the call
returns, the thread takes up the next request, and nobody has to do anything.

Requests of several steps call `proceed` before each one. It raises once nobody waits any more, so a
write whose caller was told "not now" is not carried out behind their back; only the very call that
hung can still take effect. (A caller that gives up in the instant of success is told "not now" about
a write that happened: repeating it is harmless.)

No event loop is remembered: every caller may come from a loop of its own, Qt's included.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, Generic, TypeVar

from app.keyring.state import WAITING, KeyringUnavailableError

T = TypeVar("T")

Proceed = Callable[[], None]
"""Called before each step of a request: raises when nobody waits for it any more."""

Work = Callable[[Proceed], T]


class AbandonedError(Exception):
    """The caller has given up; what is left of the request is not done."""


class _Request(Generic[T]):
    """One piece of work, and whether somebody still waits for it."""

    def __init__(self, work: Work[T]) -> None:
        self._work = work
        self.abandoned = False
        self.answer: Future[T] = Future()
        # A running future cannot be cancelled, so a caller's loop cannot pull it away from the thread.
        self.answer.set_running_or_notify_cancel()

    def proceed(self) -> None:
        if self.abandoned:
            raise AbandonedError

    def run(self) -> None:
        try:
            result = self._work(self.proceed)
        except BaseException as error:  # noqa: BLE001 -- handed to the caller; the thread outlives whatever a backend raises
            self.answer.set_exception(error)
        else:
            self.answer.set_result(result)


class KeyringThread:
    """Runs requests in order, each caller with a time-out of its own."""

    def __init__(self, *, patience: float = 0.1) -> None:
        self._patience = patience
        self._waiting: deque[_Request[Any]] = deque()
        self._running: _Request[Any] | None = None
        self._thread: threading.Thread | None = None
        self._changed = threading.Condition()

    @property
    def is_stuck(self) -> bool:
        """The running request has outlived its caller's patience."""
        running = self._running
        return running is not None and running.abandoned and not running.answer.done()

    async def ask(self, work: Work[T], *, timeout: float) -> T:
        """What `work` returns or raises, or KeyringUnavailableError after `timeout` seconds."""
        request = self._enqueue(work)
        answer = asyncio.wrap_future(request.answer)
        try:
            await asyncio.wait((answer,), timeout=self._bounded(timeout))
            if answer.done():
                return answer.result()
        finally:
            answer.cancel()  # else asyncio complains about a late answer that nobody looks at
            self._abandon(request)
        raise KeyringUnavailableError(WAITING)

    def ask_blocking(self, work: Work[T], *, timeout: float) -> T:
        """The same for callers without an event loop."""
        request = self._enqueue(work)
        try:
            return request.answer.result(self._bounded(timeout))
        except TimeoutError:
            if request.answer.done():
                raise  # the work's own
        finally:
            self._abandon(request)
        raise KeyringUnavailableError(WAITING)

    def _bounded(self, timeout: float) -> float:
        return min(timeout, self._patience) if self.is_stuck else timeout

    def _enqueue(self, work: Work[T]) -> _Request[T]:
        request = _Request(work)
        with self._changed:
            self._waiting.append(request)
            self._changed.notify()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="tierwise-keyring", daemon=True)
                self._thread.start()
        return request

    def _abandon(self, request: _Request[T]) -> None:
        with self._changed:
            request.abandoned = True
            with suppress(ValueError):  # the thread has it already
                self._waiting.remove(request)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._running = None
                self._changed.wait_for(lambda: self._waiting)
                self._running = self._waiting.popleft()
            self._running.run()
