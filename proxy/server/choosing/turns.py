"""How many requests sessions still have before them, by those on record.

The record is asked beside the requests, every ten minutes while there are any, so nobody waits for it. Until
it has answered, and where it cannot, fixed numbers stand in.
"""

import asyncio
import time
from collections.abc import Callable

from proxy.ledger.ledger import Ledger, LedgerError
from proxy.ledger.queries.conversations import conversations
from proxy.money.remaining import Remaining

_LOOK_AGAIN_SECONDS = 600.0


class Turns:
    """Touched on the loop only. `steady` tells when it is time to look again, `now` which days to look at."""

    def __init__(
        self, now: Callable[[], float] = time.time, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self.remaining = Remaining()
        self._now = now
        self._steady = steady
        self._looked_at: float | None = None
        self._task: asyncio.Task[None] | None = None

    def look_soon(self, ledger: Ledger) -> None:
        """A request has come: ask the record, unless that was done not long ago."""
        steady = self._steady()
        is_recent = self._looked_at is not None and steady - self._looked_at < _LOOK_AGAIN_SECONDS
        if is_recent or (self._task is not None and not self._task.done()):
            return
        self._looked_at = steady
        self._task = asyncio.create_task(self._look(ledger))

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _look(self, ledger: Ledger) -> None:
        now = self._now()
        try:
            found = await ledger.ask(lambda connection: conversations(connection, now))
        except LedgerError:
            return  # whoever writes the record tells the user; what was known before still is
        self.remaining = Remaining(found.lengths, found.stays, found.returns)
