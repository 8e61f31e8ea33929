"""Loading models before they are asked: on request, or the first local one of each tier at the start.

Each is loaded once for as long as its server runs: one that the server has put out since was not needed.
"""

import asyncio
from collections.abc import Callable, Iterator

from proxy import log
from proxy.config import TIER_NAMES, Config
from proxy.local.found import State
from proxy.local.place import Place
from proxy.routing.service import Service
from proxy.server.choosing.neighbours import Neighbours
from proxy.upstream.loading import Loader
from proxy.wire.failure import Failure, FailureKind

_log = log.area("local")


class Warming:
    """One gateway's. `look` is called whenever the servers near have changed."""

    def __init__(
        self,
        neighbours: Neighbours,
        loader: Loader,
        loaded: Callable[[str], None] = lambda _provider: None,
    ) -> None:
        """`loaded` is told whose server has another model in memory now."""
        self._neighbours = neighbours
        self._loader = loader
        self._loaded = loaded
        self._warmed: dict[Place, str] = {}
        """By the server, one of its providers: who has to choose between models would only swap them."""
        self._tasks: set[asyncio.Task[None]] = set()

    async def load(self, service: Service, config: Config) -> float:
        """The seconds that it took; a Failure says what is wrong."""
        found = self._neighbours.loading(service, config) if service.provider in config.providers else None
        if found is None:
            raise Failure(FailureKind.NOT_FOUND, f"No server on this machine is known to have {service}.")
        root, context, params = found
        try:
            seconds = await self._loader.load(service, root, config, context, params)
        except Failure:
            self._neighbours.failed(service.provider, config)
            raise
        self._loaded(service.provider)
        return seconds

    def look(self, config: Config) -> None:
        """Begin what is to be loaded; nobody waits for it."""
        for place, provider in list(self._warmed.items()):
            server = self._neighbours.server(provider)
            if server is None or server.state is State.GONE:
                del self._warmed[place]
        if not config.local.warm_up:
            return
        for service in _first_of_each_tier(config):
            server, model = self._neighbours.server(service.provider), self._neighbours.model(service)
            is_loaded = None if model is None else model.is_loaded
            if server is None or is_loaded is None or server.place in self._warmed:
                continue
            self._warmed[server.place] = service.provider
            if not is_loaded:
                self._begin(service, config)

    async def stop(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _begin(self, service: Service, config: Config) -> None:
        task = asyncio.create_task(self._warm(service, config))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _warm(self, service: Service, config: Config) -> None:
        try:
            seconds = await self.load(service, config)
        except Failure as failure:
            _log.warning("%s could not be loaded ahead: %s", service, failure.for_log)
        else:
            _log.info("%s is in memory, after %.1f s", service, seconds)


def _first_of_each_tier(config: Config) -> Iterator[Service]:
    for name in TIER_NAMES:
        tier = config.tier(name)
        for entry in tier.services if tier.enabled else ():
            provider = config.providers.get(entry.provider)
            if entry.active and provider is not None and provider.enabled and provider.is_on_this_machine:
                yield Service(entry.provider, entry.model)
                break
