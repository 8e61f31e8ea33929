"""Work that a click begins: every task is kept, its errors are logged, and none outlives its owner."""

import asyncio
import logging
from collections.abc import Callable, Coroutine

_log = logging.getLogger("tierwise.ui")


class Tasks:
    """The running tasks of one owner, who may want to hear of what failed; else that is logged."""

    def __init__(self, failed: Callable[[BaseException], None] | None = None) -> None:
        self._failed = failed or _logged
        self._running: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)

    def cancel(self) -> None:
        """Ask every task to end; they do when the loop runs next."""
        for task in self._running:
            task.cancel()

    async def ended(self) -> None:
        await asyncio.gather(*self._running, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._failed(error)


def _logged(error: BaseException) -> None:
    _log.error("a task of the window failed", exc_info=error)
