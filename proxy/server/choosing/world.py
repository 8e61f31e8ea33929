"""All that a selection may look at, kept while the gateway runs, and frozen for one request at a time."""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from math import isfinite

from proxy.config import Config
from proxy.exchange import Exchange
from proxy.money.budget import BudgetState
from proxy.providers.provider import Provider
from proxy.routing.affinity.affinity import Affinity
from proxy.routing.affinity.call_ids import CallIds, CallIssuer
from proxy.routing.affinity.threads import Thread
from proxy.routing.balance.figures import Figures
from proxy.routing.balance.in_flight import InFlight
from proxy.routing.balance.statistics import Statistics
from proxy.routing.health.board import Board
from proxy.routing.health.standing import Condition, Standing
from proxy.routing.selection.route import Route
from proxy.routing.selection.snapshot import CursorKey, Snapshot
from proxy.routing.service import Candidate, Service
from proxy.routing.signals import Messages, Signals
from proxy.server.choosing.abilities import abilities
from proxy.server.choosing.prices import UsualPrices
from proxy.upstream.catalogue import Catalogue
from proxy.upstream.keys import CLIENT_KEY, Keys

_MOST_CURSORS = 2000


def no_budget() -> BudgetState | None:
    """For whoever keeps no sums."""
    return None


@dataclass(slots=True, kw_only=True)
class World:
    """The parts that know something. All of it is only touched on the loop."""

    board: Board
    keys: Keys
    catalogue: Catalogue
    in_flight: InFlight
    statistics: Statistics = field(default_factory=Statistics)
    affinity: Affinity = field(default_factory=Affinity)
    call_ids: CallIds = field(default_factory=CallIds)
    messages: Messages = field(default_factory=Messages)
    prices: UsualPrices = field(default_factory=UsualPrices)
    cursors: "OrderedDict[CursorKey, Service]" = field(default_factory=OrderedDict)
    budget: Callable[[], BudgetState | None] = no_budget
    now: Callable[[], float] = time.time
    steady: Callable[[], float] = time.monotonic

    def snapshot(
        self,
        config: Config,
        route: Route,
        signals: Signals,
        thread: Thread | None,
        exchange: Exchange | None,
        issuer: CallIssuer | None,
    ) -> Snapshot:
        """The world as it is now, as far as this request can reach it."""
        now, able = self.now(), route.able
        providers = {each.service.provider for each in able}
        return Snapshot(
            now=now,
            steady=self.steady(),
            standings=self._standings(able),
            well_since=self._well_since(able),
            keyless={
                name: why
                for name in providers
                if (why := self._missing(Provider(name, config.providers[name]), exchange))
            },
            abilities=abilities(config, self.catalogue, able),
            figures=self._figures(able, now),
            in_flight=self._in_flight(able),
            cursors=self.cursors,
            prices=self.prices.of(able, now),
            budget=self.budget(),
            remembered=None if thread is None else self.affinity.remembered(thread),
            issuer=issuer,
        )

    def turn_taken(self, key: CursorKey, service: Service) -> None:
        self.cursors[key] = service
        self.cursors.move_to_end(key)
        if len(self.cursors) > _MOST_CURSORS:
            self.cursors.popitem(last=False)

    def _standings(self, able: Iterable[Candidate]) -> Mapping[Service, Standing]:
        found = ((each.service, self._standing(each.service)) for each in able)
        return {service: standing for service, standing in found if standing.condition is not Condition.WELL}

    def _standing(self, service: Service) -> Standing:
        known = self.keys.known(service.provider)
        return self.board.standing(service, None if known is None else known.keys)

    def _well_since(self, able: Iterable[Candidate]) -> Mapping[Service, float]:
        steady = self.steady()
        found = ((each.service, self.board.well_since(each.service, steady)) for each in able)
        return {service: since for service, since in found if since is not None and isfinite(since)}

    def _figures(self, able: Iterable[Candidate], now: float) -> Mapping[Service, Figures]:
        found = ((each.service, self.statistics.figures(each.service, now)) for each in able)
        return {service: figures for service, figures in found if figures.samples}

    def _in_flight(self, able: Iterable[Candidate]) -> Mapping[Service, int]:
        found = ((each.service, self.in_flight.count(each.service)) for each in able)
        return {service: count for service, count in found if count}

    def _missing(self, provider: Provider, exchange: Exchange | None) -> str:
        """Why a provider cannot be asked for want of a key, as far as that is known without asking."""
        missing = provider.why_not_configured()
        if missing is not None:
            return missing
        if set(provider.config.key_forms) == {CLIENT_KEY}:
            return _clients_own(provider, exchange)
        known = self.keys.known(provider.name)
        return "" if known is None or known.keys else known.missing


def _clients_own(provider: Provider, exchange: Exchange | None) -> str:
    if exchange is not None and exchange.credential is not None:
        return "" if provider.takes_credential_from(exchange.format) else _ANOTHER_VENDORS
    return _NO_CREDENTIAL


_NO_CREDENTIAL = "it is asked with the client's own credential, and the request carries none"
_ANOTHER_VENDORS = "it is asked with its own clients' credentials only"
