"""Seats at a provider, or at a server: how many requests it is asked at once, and who waits for the next."""

import asyncio
import sys
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

NO_LIMIT = sys.maxsize


class Seats:
    """At most so many requests in flight in each room; who came first sits down first.

    The limit comes with every request, since it may change while the gateway runs: the newest one counts,
    also for those who wait already. Nobody is asked to leave when it shrinks. Who does not know it takes none
    away: a server that tells nothing for a moment works on no more than before.
    """

    def __init__(self) -> None:
        self._rooms: dict[str, _Room] = {}

    @asynccontextmanager
    async def taken(self, where: str, limit: int) -> AsyncIterator[None]:
        """A seat for as long as the scope lasts; 0 is a limit that is not known, and none if it never was.

        The wait for it ends when it is cancelled.
        """
        room = self._rooms.setdefault(where, _Room())
        room.limit = limit or room.limit
        room.fill()
        try:
            await room.sit_down()
            try:
                yield
            finally:
                room.leave()
        finally:
            if room.is_empty:
                self._rooms.pop(where, None)

    def free(self, where: str, limit: int) -> int | None:
        """How many could sit down at once; None is no limit."""
        if not limit:
            return None
        room = self._rooms.get(where)
        return limit if room is None else max(0, limit - room.taken)


@dataclass(slots=True)
class _Room:
    """The seats of one provider or server."""

    limit: int = 0
    taken: int = 0
    waiting: deque[asyncio.Future[None]] = field(default_factory=deque)

    @property
    def is_empty(self) -> bool:
        return not self.taken and not self.waiting

    @property
    def _has_a_seat(self) -> bool:
        return not self.limit or self.taken < self.limit

    async def sit_down(self) -> None:
        if self._has_a_seat and not self.waiting:
            self.taken += 1
            return
        turn = asyncio.get_running_loop().create_future()
        self.waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                # The seat was given just before its taker gave up.
                self.leave()
            elif turn in self.waiting:
                self.waiting.remove(turn)
            raise

    def leave(self) -> None:
        self.taken -= 1
        self.fill()

    def fill(self) -> None:
        """Free seats are given to those who wait; a seat counts as taken from here on."""
        while self.waiting and self._has_a_seat:
            turn = self.waiting.popleft()
            if not turn.done():
                self.taken += 1
                turn.set_result(None)
