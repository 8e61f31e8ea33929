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


class Keeping:
    """Runs from the gateway's start to its stop. Without a ledger nothing lasts, and no prices are known."""

    def __init__(self, world: World, ledger: Ledger | None) -> None:
        self._world = world
        self._ledger = ledger
        self._pins = None if ledger is None else WriteBehind(world.affinity, KeptPins(ledger, world.now))
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, config: Config) -> None:
        """Nobody waits for any of it."""
        if self._ledger is not None:
            self._begin(self._learn_prices(self._ledger))
        if self._pins is not None:
            self._begin(self._keep_pins(self._pins))
        self.look_for_keys(config)

    def look_for_keys(self, config: Config) -> None:
        """So that a decision knows from the first request on who has none."""
        for name, table in config.providers.items():
            if table.enabled:
                self._begin(self._world.keys.look(Provider(name, table)))

    async def stop(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._pins is not None:
            with suppress(TimeoutError):  # what is not written in time is forgotten, as after a crash
                async with asyncio.timeout(_LAST_FLUSH_SECONDS):
                    await self._pins.flush(self._world.now())

    async def _learn_prices(self, ledger: Ledger) -> None:
        self._world.prices.learn(await asyncio.to_thread(lambda: ledger.catalogue))

    async def _keep_pins(self, pins: WriteBehind) -> None:
        while True:
            await pins.flush(self._world.now())
            await asyncio.sleep(_FLUSH_SECONDS)

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
