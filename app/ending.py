"""The end of this process: wished for once, by a signal, a request or the user, and then sure to come.

One `End` lives as long as the process. Whoever wants it over calls `wish`. From that moment the last one
runs (see `app.last_moment`), a start and a question are undone, and service ends.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from app.last_moment import end_by_force_later

_T = TypeVar("_T")


class EndWished(Exception):  # noqa: N818 -- nothing went wrong
    """The end was wished for before the work was done; what it had begun is undone."""


class End:
    """Whether the process is to end."""

    def __init__(self, last_moment: Callable[[], object] = end_by_force_later) -> None:
        self.is_wished = False
        self._last_moment = last_moment
        self._waiting: list[asyncio.Event] = []

    def wish(self) -> None:
        """In the main thread. Only the first wish counts."""
        if not self.is_wished:
            self.is_wished = True
            self._last_moment()
            for waiting in self._waiting:
                waiting.set()

    async def wished(self) -> None:
        """Wait until it is."""
        waiting = asyncio.Event()  # of this loop; a dialog before or after the service has its own
        self._waiting.append(waiting)
        try:
            if not self.is_wished:
                await waiting.wait()
        finally:
            self._waiting.remove(waiting)

    async def unless_wished(self, work: Coroutine[Any, Any, _T]) -> _T:
        """What the work gives; EndWished where the wish came first and the work has been cancelled."""
        if self.is_wished:
            work.close()
            raise EndWished
        working = asyncio.ensure_future(work)
        wished = asyncio.ensure_future(self.wished())
        try:
            await asyncio.wait((working, wished), return_when=asyncio.FIRST_COMPLETED)
        finally:
            working.cancel()
            wished.cancel()
            await asyncio.wait((working, wished))
        if working.cancelled():
            raise EndWished
        return working.result()
