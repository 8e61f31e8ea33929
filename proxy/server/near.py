"""The servers of this machine, wired to those who look for them, choose, ask and show them."""

from collections.abc import Callable, Mapping

from proxy.config import Config
from proxy.local.naming import names
from proxy.local.place import Place
from proxy.local.surroundings import Surroundings, place_of
from proxy.local.watch import Watch
from proxy.routing.balance.in_flight import InFlight
from proxy.routing.service import Service
from proxy.server.admin import Program
from proxy.server.choosing.neighbours import Neighbours
from proxy.server.choosing.standings import Standings
from proxy.server.choosing.warming import Warming
from proxy.server.choosing.world import World
from proxy.server.endpoint import Endpoint
from proxy.server.local_page import LocalPage
from proxy.server.local_told import ToldServers
from proxy.upstream.outward import Outward


class Near:
    """One gateway's. It is made before those who ask and choose, and joined with them afterwards."""

    def __init__(self, config: Config, surroundings: Surroundings, port: Callable[[], int]) -> None:
        self._config = config
        self._port = port
        self.watch = Watch(config, surroundings, self._our_ports, self._is_busy)
        self.neighbours = Neighbours(self.watch)
        self._standings: Standings | None = None
        self._warming: Warming | None = None
        self._world: World | None = None
        self._in_flight: InFlight | None = None
        self._page: LocalPage | None = None

    def join(self, out: Outward, world: World) -> None:
        self._world = world
        self._in_flight = out.in_flight
        self.neighbours.tokens_at = world.calibration.counted
        self._standings = Standings(self.watch, out.board, lambda: self._config)
        warming = self._warming = Warming(self.neighbours, out.loader, self.watch.doubt)
        self.watch.listen(lambda: warming.look(self._config))

    def endpoints(self, program: Program) -> list[Endpoint]:
        if self._warming is None:
            return []
        self._page = LocalPage(self.watch, lambda: self._config, self.told, self._warming, program)
        return self._page.endpoints()

    def told(self) -> ToldServers:
        """All that is known of them."""
        watch = self.watch
        return ToldServers.of(watch.servers, self._config, self._speed, looked=watch.has_looked)

    def speeds(self) -> Mapping[str, float]:
        """By their services, as far as they were measured."""
        servers = self.watch.servers
        called = names(servers, self._config)
        services = [Service(called[each.place], model.name) for each in servers for model in each.models]
        measured = ((service, self._speed(service)) for service in services)
        return {str(service): speed for service, speed in measured if speed is not None}

    def apply(self, config: Config) -> None:
        self._config = config
        self.watch.apply(config)
        self.neighbours.reconfigured()
        if self._standings is not None:
            self._standings.tell()
        if self._warming is not None:
            self._warming.look(config)

    def start(self) -> None:
        self.watch.start()

    def end_streams(self) -> None:
        if self._page is not None:
            self._page.close()

    async def stop(self) -> None:
        await self.watch.stop()
        if self._warming is not None:
            await self._warming.stop()

    def doubt(self, provider: str) -> None:
        """Its server could not be reached, or broke off: it has nothing in memory, and may be gone."""
        self.neighbours.failed(provider, self._config)
        self.watch.doubt(provider)

    def _is_busy(self, place: Place) -> bool:
        busy = self._in_flight.providers if self._in_flight is not None else ()
        return any(place_of(self._config, name) == place for name in busy)

    def _our_ports(self) -> set[int]:
        return {self._port()} if self._port() else set()

    def _speed(self, service: Service) -> float | None:
        return None if self._world is None else self._world.speeds.of(service)
