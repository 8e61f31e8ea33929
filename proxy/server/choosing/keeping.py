"""What choosing does beside requests: pins are kept over a restart, prices are read, keys are looked for."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress

from proxy.config import Config
from proxy.ledger.ledger import Ledger
from proxy.ledger.pins import KeptPins
from proxy.providers.provider import Provider
from proxy.routing.affinity.write_behind import WriteBehind
from proxy.server.choosing.world import World

_FLUSH_SECONDS = 3.0
_LAST_FLUSH_SECONDS = 0.3
_COUNT_SECONDS = 600.0
_RESTORE_SECONDS = 1.0
"""For so long the door stays closed; a record that is busy or damaged keeps nobody from working."""


class Keeping:
    """Runs from the gateway's start to its stop. Without a ledger nothing lasts, and no prices are known."""

    def __init__(self, world: World, ledger: Ledger | None) -> None:
        self._world = world
        self._ledger = ledger
        self._pins = None if ledger is None else WriteBehind(world.affinity, KeptPins(ledger, world.now))
        self._tasks: set[asyncio.Task[None]] = set()
        self._has_tried = asyncio.Event()

    def start(self, config: Config) -> None:
        """Nobody waits for any of it here."""
        if self._ledger is not None:
            self._begin(self._learn_prices(self._ledger))
            self._begin(self._count_turns(self._ledger))
        if self._pins is not None:
            self._begin(self._keep_pins(self._pins))
        self.look_for_keys(config)

    def look_for_keys(self, config: Config) -> None:
        """So that a decision knows from the first request on who has none."""
        enabled = [Provider(name, table) for name, table in config.providers.items() if table.enabled]
        self._begin(self._world.keys.look_again(enabled))

    async def restored(self) -> None:
        """When the pins of the last run are back, so that no session is taken for a new one.

        What comes back later than this waits fills in what was not written again meanwhile.
        """
        if self._pins is None:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(_RESTORE_SECONDS):
                await self._has_tried.wait()

    async def stop(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._world.keys.close()
        if self._pins is not None:
            with suppress(TimeoutError):  # what is not written in time is forgotten, as after a crash
                async with asyncio.timeout(_LAST_FLUSH_SECONDS):
                    await self._pins.flush(self._world.now())

    async def _learn_prices(self, ledger: Ledger) -> None:
        self._world.prices.learn(await asyncio.to_thread(lambda: ledger.catalogue))

    async def _count_turns(self, ledger: Ledger) -> None:
        """Begins when the pins are back, for the record is just being opened, and one asks it at a time."""
        await self._has_tried.wait()
        while True:
            await self._world.turns.look(ledger)
            await self._world.speeds.look(ledger)
            await asyncio.sleep(_COUNT_SECONDS)

    async def _keep_pins(self, pins: WriteBehind) -> None:
        await pins.restore(self._world.now())
        self._has_tried.set()
        while True:
            await pins.flush(self._world.now())
            await asyncio.sleep(_FLUSH_SECONDS)

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
