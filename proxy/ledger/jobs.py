"""What others want to have done by the thread that writes, and what comes of it."""

import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from proxy.ledger.scribe import Scribe
from proxy.ledger.store.problems import DamagedError, cause_of

T = TypeVar("T")


class Jobs:
    """Handed in by any thread, done by one. Whoever asked may have stopped waiting by then."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[Callable[[Scribe], Any], Future[Any]]] = deque()
        self._adding = threading.Lock()
        self._refusal: BaseException | None = None

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, job: Callable[[Scribe], T]) -> Future[T]:
        future: Future[T] = Future()
        with self._adding:
            if self._refusal is None:
                self._waiting.append((job, future))
            else:
                future.set_exception(self._refusal)
        return future

    def do(self, scribe: Scribe, count: int) -> None:
        """The first ones; raises what one of them found to be wrong with the database."""
        for _ in range(count):
            job, future = self._waiting.popleft()
            if future.set_running_or_notify_cancel():
                _do(job, future, scribe)

    def refuse(self, error: BaseException) -> None:
        """Who waits for an answer is not kept waiting for a file that may never come back."""
        while self._waiting:
            _, future = self._waiting.popleft()
            if future.set_running_or_notify_cancel():
                future.set_exception(error)

    def end(self, error: BaseException) -> None:
        """Refuse these, and all that come."""
        with self._adding:
            self._refusal = error
        self.refuse(error)


def _do(job: Callable[[Scribe], Any], future: Future[Any], scribe: Scribe) -> None:
    try:
        result = job(scribe)
    except Exception as raised:
        error = cause_of(raised)
        future.set_exception(error)
        if isinstance(error, sqlite3.Error | DamagedError):
            raise
    else:
        future.set_result(result)
