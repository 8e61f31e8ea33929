"""A question that a page asks again and again: when it is shown, and when the answer may be another one.

At most four times a second, one at a time, and never while the page is hidden: then it only remembers that
it has to ask. A question whose answer takes long is asked less often, so that it never fills a thread. An
answer that is much to show is shown in pieces, between which the loop runs and what was shown is painted.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterator
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer

from app.desk.changes import Change
from app.errors import UserError
from ui.frame.source import Source
from ui.tasks import Tasks

T = TypeVar("T")
Show = Callable[[T], Iterator[None] | None]
"""It either shows an answer, or yields between the pieces of showing it."""

PAUSE_MS = 250
_SHARE_OF_TIME = 4
"""Between two questions passes at least this many times what the first one took."""


class Feed(QObject, Generic[T]):
    """It is asleep until `wake`."""

    def __init__(
        self,
        owner: QObject,
        source: Source,
        ask: Callable[[], Awaitable[T]],
        answered: Show[T],
        failed: Callable[[str], None],
        changes: Collection[Change],
        *,
        pause_ms: int = PAUSE_MS,
    ) -> None:
        super().__init__(owner)
        self._pause_ms = pause_ms
        self._ask = ask
        self._answered = answered
        self._failed = failed
        self._changes = frozenset(changes)
        self._tasks = Tasks()
        self._is_awake = False
        self._is_stale = True
        self._is_asking = False
        self._is_settled = asyncio.Event()
        self._began = 0.0
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setTimerType(Qt.TimerType.PreciseTimer)
        self._pause.timeout.connect(self._ask_if_needed)
        self._stop_listening = source.listen(self._on_change)

    def wake(self) -> None:
        self._is_awake = True
        self._ask_if_needed()

    def sleep(self) -> None:
        self._is_awake = False
        self._pause.stop()

    def ask_anew(self) -> None:
        """What is asked has changed: what is under way is no answer to it."""
        self._tasks.cancel()
        self._is_asking = False
        self._is_stale = True
        self._is_settled.clear()
        self._pause.stop()
        self._ask_if_needed()

    async def settled(self) -> None:
        """Until the newest answer is shown; for one that is awake."""
        await self._is_settled.wait()

    async def wait_for(self, event: asyncio.Event) -> None:
        """Of what is asked, before its answer is shown. A question takes no longer for that."""
        loop = asyncio.get_running_loop()
        before = loop.time()
        await event.wait()
        self._began += loop.time() - before

    def end(self) -> None:
        self.sleep()
        self._tasks.cancel()
        self._stop_listening()

    def _on_change(self, change: Change) -> None:
        if change in self._changes:
            self._is_stale = True
            self._is_settled.clear()
            self._ask_if_needed()

    def _ask_if_needed(self) -> None:
        if self._is_awake and self._is_stale and not self._is_asking and not self._pause.isActive():
            self._is_asking, self._is_stale = True, False
            self._is_settled.clear()
            self._tasks.start(self._asked())

    async def _asked(self) -> None:
        this_task = asyncio.current_task()
        loop = asyncio.get_running_loop()
        self._began = loop.time()
        try:
            answer = await self._ask()
        except UserError as error:
            self._failed(str(error))
        except Exception:
            self._failed(self.tr("That failed for a reason that only the log knows."))
            raise
        else:
            for _ in self._answered(answer) or ():
                await asyncio.sleep(0)
        finally:
            if this_task is None or not this_task.cancelling():
                self._is_asking = False
                if not self._is_stale:
                    self._is_settled.set()
        self._pause.start(max(self._pause_ms, int((loop.time() - self._began) * 1000 * _SHARE_OF_TIME)))
