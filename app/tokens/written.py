"""Keeps tierwise.db in step with the tokens in memory.

A database that is busy, broken or away stops nothing: memory goes on answering, and the database is
tried again in the background, after pauses that grow, until it has taken what it missed.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from itertools import chain, repeat

from app.tokens.table import TokenTable, TokenTableError
from app.tokens.valid import ValidTokens

_log = logging.getLogger("tierwise.tokens")

Pause = Callable[[float], Awaitable[None]]

_FIRST_PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
_LATER_PAUSE = 60.0


class WrittenTokens:
    """The table on disk, following what is valid."""

    def __init__(self, table: TokenTable, valid: ValidTokens, pause: Pause = asyncio.sleep) -> None:
        self._table = table
        self._valid = valid
        self._pause = pause
        self._problem: str | None = None
        self._is_behind = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()
        self._catching_up: asyncio.Task[None] | None = None

    @property
    def problem(self) -> str | None:
        """Why the database is not in step, None when it is."""
        return self._problem

    def start(self) -> None:
        """From now on what could not be written is written later."""
        self._catching_up = asyncio.create_task(self._catch_up())

    async def stop(self) -> None:
        """Give the database a last chance to take what it has not taken so far."""
        if self._catching_up is not None and not self._catching_up.done():
            self._catching_up.cancel()
            await asyncio.gather(self._catching_up, return_exceptions=True)
        if self._problem is not None:
            await self.synchronise()

    async def synchronise(self) -> None:
        """Learn what is on disk, and write what is missing there."""
        async with self._one_at_a_time:
            try:
                await self._exchange()
            except TokenTableError as error:
                if self._problem is None:
                    _log.warning("tokens are checked from memory for now: %s", error)
                self._problem = str(error)
                self._is_behind.set()
            else:
                self._problem = None
                self._is_behind.clear()

    async def _exchange(self) -> None:
        on_disk = await asyncio.to_thread(self._table.load)
        self._valid.learn(on_disk)
        known = set(on_disk)
        if missing := [row for row in self._valid.rows() if row not in known]:
            await asyncio.to_thread(self._table.save, missing)

    async def _catch_up(self) -> None:
        while True:
            await self._is_behind.wait()
            for seconds in chain(_FIRST_PAUSES, repeat(_LATER_PAUSE)):
                await self._pause(seconds)
                await self.synchronise()
                if not self._is_behind.is_set():
                    break
