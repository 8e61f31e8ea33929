"""The bounded line in which records wait for the thread that writes them."""

import contextlib
import threading
from collections import deque

from proxy.ledger.record import Record

MOST_WAITING = 20_000


class Line:
    """Filled on the loop, emptied by one thread. When it is full the oldest gives way, and is counted."""

    def __init__(self, most: int = MOST_WAITING) -> None:
        self.dropped = 0
        self._most = most
        self._records: deque[Record] = deque()
        self._wake = threading.Event()
        self._hurry = threading.Event()

    def __len__(self) -> int:
        return len(self._records)

    def put(self, record: Record) -> None:
        self._records.append(record)
        if len(self._records) > self._most and self.next() is not None:
            self.dropped += 1
        if not self._wake.is_set():
            self._wake.set()

    def next(self) -> Record | None:
        with contextlib.suppress(IndexError):
            return self._records.popleft()
        return None

    def rouse(self) -> None:
        """Whoever waits is to look at once."""
        self._hurry.set()
        self._wake.set()

    def rest(self, most: float, gather: float) -> None:
        """Wait for a record, and then a moment longer for those that come with it."""
        self._wake.wait(most)
        self._hurry.wait(gather)
        self._clear()

    def pause(self, seconds: float) -> bool:
        """Wait, whatever comes, unless roused; whether it was that long."""
        was_roused = self._hurry.wait(seconds)
        self._clear()
        return not was_roused

    def _clear(self) -> None:
        self._wake.clear()
        self._hurry.clear()
