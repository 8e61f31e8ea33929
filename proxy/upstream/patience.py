"""How long an attempt may still take: one deadline that is moved from wait to wait.

First byte, then each wait for a next chunk, never later than the total; while the client is slow to
read, the provider is not blamed. Ending the wait early is also how an exchange is interrupted when the
program stops.
"""

import asyncio
from enum import StrEnum


class Limit(StrEnum):
    """What was waited for, in the words of the sentence that the user reads."""

    FIRST_BYTE = "did not answer"
    IDLE = "sent nothing more"
    TOTAL = "did not finish"
    DEADLINE = "had not answered when"


class Patience:
    """The deadline of one attempt. `scope` is where it strikes, as a TimeoutError."""

    def __init__(self, total: float) -> None:
        self.interrupted = False
        self.scope = asyncio.timeout(None)
        self.limit = Limit.TOTAL
        self.seconds = total
        self._total = total
        self._clock = asyncio.get_running_loop().time
        self._end: float | None = None

    def begin(self) -> None:
        """The provider is asked now, so from now on the total counts."""
        self._end = self._clock() + self._total if self._total else None

    def wait_for(self, limit: Limit, seconds: float) -> None:
        """Wait this long from now; zero means as long as the total allows."""
        if self.interrupted or self.scope.expired():
            return
        when = self._clock() + seconds if seconds else None
        if when is not None and (self._end is None or when < self._end):
            self.limit, self.seconds = limit, seconds
        else:
            when, self.limit, self.seconds = self._end, Limit.TOTAL, self._total
        self.scope.reschedule(when)

    def rest(self) -> None:
        """Nobody waits for the provider now; only the total goes on."""
        self.wait_for(Limit.TOTAL, 0)

    def interrupt(self) -> None:
        """End the wait now. One that has just ended by itself keeps its own reason."""
        if not self.scope.expired():
            self.interrupted = True
            self.scope.reschedule(self._clock())
