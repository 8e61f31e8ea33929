"""Everything that faces the providers, wired together: connections, keys, health, and who asks."""

import asyncio
import secrets as random
import time
from collections.abc import Callable

from proxy.config import Config
from proxy.routing.balance.in_flight import InFlight
from proxy.routing.health.board import Board
from proxy.secret import SecretSource
from proxy.upstream.allowances.allowances import Allowances
from proxy.upstream.allowances.balances import Balances
from proxy.upstream.attempt import Caller
from proxy.upstream.catalogue import Catalogue
from proxy.upstream.connections import Connections
from proxy.upstream.counting import Counter
from proxy.upstream.keys import Keys
from proxy.upstream.learned import Learned
from proxy.upstream.loading import Loader
from proxy.upstream.nearby import Nearby, NobodyNear
from proxy.upstream.seats import Seats
from proxy.upstream.upstream import Upstream


class Outward:
    """The side of the gateway that needs no door: it can ask providers as soon as it is made."""

    def __init__(
        self,
        config: Config,
        secrets: SecretSource,
        is_us: Callable[[str], bool] = lambda _url: False,
        clock: Callable[[], float] = time.monotonic,
        nearby: Nearby | None = None,
        on_crash: Callable[[str], None] = lambda _provider: None,
    ) -> None:
        """`on_crash` is told which provider's server on this machine could not be reached, or broke off."""
        self.config = config
        self.mark = f"tierwise-{random.token_hex(8)}"
        """What others would show us if a request of ours came back."""
        self.board = Board(config.health, clock, on_crash)
        self._learned = Learned()
        self._connections = Connections()
        caller = Caller(self._connections, Seats(), self.mark, is_us)
        self.in_flight = InFlight()
        self.keys = keys = Keys(secrets)
        self.catalogue = Catalogue(caller, keys)
        self.counter = Counter(caller, keys)
        self.loader = Loader(caller, keys)
        self.allowances = Allowances(self.board)
        self.balances = Balances(caller, keys, self.allowances)
        self.upstream = Upstream(
            caller,
            keys,
            self.board,
            self._learned,
            self.allowances,
            self.in_flight,
            nearby or NobodyNear(),
        )
        self._forgetting: asyncio.Task[None] | None = None

    def apply(self, config: Config) -> None:
        """Use this configuration from the next request on; what is under way ends as it began."""
        self.allowances.reconfigured(self.config, config)
        changed = _changed(self.config, config)
        self.config = config
        self.board.reconfigured(config.health, changed)
        self._learned.forget()
        self.catalogue.forget()
        self._forgetting = asyncio.create_task(self._connections.forget(config.providers))

    async def close(self) -> None:
        if self._forgetting is not None:
            self._forgetting.cancel()
        await self.catalogue.close()
        await self._connections.close()


def _changed(before: Config, after: Config) -> list[str]:
    """The providers that are configured otherwise now, or gone: what is known of them is of no use."""
    return [name for name, table in before.providers.items() if after.providers.get(name) != table]
