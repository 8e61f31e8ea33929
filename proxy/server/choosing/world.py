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
from proxy.routing.caches.beliefs import Belief, Beliefs
from proxy.routing.calibration import Calibration
from proxy.routing.health.board import Board
from proxy.routing.health.news import News
from proxy.routing.health.standing import Condition, Standing
from proxy.routing.rules.patience import Patience
from proxy.routing.selection.decision import Decision
from proxy.routing.selection.room import SIZES, is_near_its_limit
from proxy.routing.selection.route import Route
from proxy.routing.selection.selector import Selector
from proxy.routing.selection.snapshot import UNKNOWN_ABILITIES, Abilities, CursorKey, Override, Snapshot
from proxy.routing.service import Candidate, Service
from proxy.routing.signals import Messages, Signals
from proxy.server.choosing.neighbours import Neighbours
from proxy.server.choosing.outlook import Outlook, Outlooks
from proxy.server.choosing.prices import UsualPrices
from proxy.server.choosing.speeds import Speeds
from proxy.server.choosing.turns import Turns
from proxy.upstream.catalogue import Catalogue
from proxy.upstream.keys import Keys

_MOST_CURSORS = 2000
NOTHING_COUNTED: Mapping[Service, int] = {}
_USUAL_CACHE_SECONDS = 300
"""What agents ask for, where a request is only looked at."""


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
    beliefs: Beliefs = field(default_factory=Beliefs)
    calibration: Calibration = field(default_factory=Calibration)
    override: Override | None = None
    """The tier that the user has set for everything; `force` sets it."""
    forced: News = field(default_factory=News)
    """That it was set or taken back."""
    cursors: "OrderedDict[CursorKey, Service]" = field(default_factory=OrderedDict)
    neighbours: Neighbours | None = None
    """The servers of this machine, where they are looked for."""
    budget: Callable[[], BudgetState | None] = no_budget
    now: Callable[[], float] = time.time
    steady: Callable[[], float] = time.monotonic
    turns: Turns = field(init=False)
    speeds: Speeds = field(init=False)
    _outlooks: Outlooks = field(init=False)

    def __post_init__(self) -> None:
        self.turns = Turns(self.now)
        if self.neighbours is not None:
            self.prices.leaves = self.neighbours.leaves
        self.speeds = Speeds(self.statistics, self.now)
        self._outlooks = Outlooks(self.catalogue, self.prices, self.neighbours)

    def force(self, override: Override | None) -> None:
        """One tier for everything, or none any more."""
        self.override = override
        self.forced.tell()

    def snapshot(
        self,
        selector: Selector,
        route: Route,
        thread: Thread | None,
        exchange: Exchange | None,
        issuer: CallIssuer | None,
        named: Iterable[Service] = (),
        counted: Mapping[Service, int] = NOTHING_COUNTED,
    ) -> Snapshot:
        """The world as it is now, as far as this request can reach it."""
        now, steady, able = self.now(), self.steady(), route.able
        outlook = self._outlooks.of(selector, route, now)
        unwell, well_since = self._health(able, steady)
        return Snapshot(
            now=now,
            steady=steady,
            standings=unwell,
            well_since=well_since,
            keyless=self._keyless(outlook, exchange),
            abilities=self._with_near(outlook.abilities, named, selector.config),
            figures=self._figures(able, now),
            in_flight=self._in_flight(able),
            cursors=self._turns(route),
            prices=self._with_prices(outlook.prices, named, now),
            terms=outlook.terms,
            beliefs=self._beliefs(thread, now),
            turns=self.turns.remaining,
            asked_seconds=_USUAL_CACHE_SECONDS if exchange is None else exchange.cache_seconds,
            counted=counted,
            ratios=self.calibration.ratios(each.service for each in able),
            budget=self.budget(),
            remembered=None if thread is None else self.affinity.remembered(thread),
            issuer=issuer,
            override=self.override,
            patience=Patience(clock=time.perf_counter),
        )

    async def keys_looked_for(self, selector: Selector, route: Route, decision: Decision) -> bool:
        """Whether keys were looked for anew, for want of which it is a refusal: so it may be none any more.

        Where somebody can be asked, nobody waits, and the next decision may be another one.
        """
        keyed = self._outlooks.of(selector, route, self.now()).keyed
        if decision.candidates:
            self.keys.look_soon(keyed)
            return False
        wanting = {
            each.service.provider
            for each in decision.verdicts
            if each.reason is not None and each.reason.code in _FOR_WANT_OF_A_KEY
        }
        doubtful = [each for each in keyed if each.name in wanting]
        await self.keys.look_again(doubtful)
        return bool(doubtful)

    def near_their_limits(
        self, selector: Selector, route: Route, signals: Signals, decision: Decision
    ) -> list[Candidate]:
        """Who can count, where it is open whether the prompt fits: the pick, and those that lack the room."""
        able = self._outlooks.of(selector, route, self.now()).abilities
        dropped = {
            each.service
            for each in decision.verdicts
            if each.reason is not None and each.reason.code in SIZES
        }
        asked = dropped | ({decision.service} if decision.service is not None else set())
        ratios = self.calibration.ratios(asked)
        return [
            each
            for each in route.able
            if each.service in asked
            and (can := able.get(each.service)) is not None
            and can.counts
            and is_near_its_limit(
                can, int(signals.tokens * ratios.get(each.service, 1.0)), signals.max_output
            )
        ]

    def near(self, services: Iterable[Service]) -> list[Service]:
        """Those whose servers are on this machine, and known."""
        near = self.neighbours
        return [] if near is None else [each for each in services if near.server(each.provider) is not None]

    def _with_near(
        self, known: Mapping[Service, Abilities], named: Iterable[Service], config: Config
    ) -> Mapping[Service, Abilities]:
        """With what models near can do that a request names, which need not be listed anywhere."""
        near = self.neighbours
        more = [each for each in self.near(named) if each not in known]
        if near is None or not more:
            return known
        return {
            **known,
            **{each: near.abilities(Candidate(each), config, UNKNOWN_ABILITIES) for each in more},
        }

    def _with_prices(
        self, known: Mapping[Service, float], named: Iterable[Service], now: float
    ) -> Mapping[Service, float]:
        """With the prices of services that a request names, which need not be listed anywhere."""
        found = {service: self.prices.price(service, now) for service in named if service not in known}
        priced = {service: price for service, price in found.items() if price is not None}
        return {**known, **priced} if priced else known

    def _turns(self, route: Route) -> Mapping[CursorKey, Service]:
        if not route.takes_turns:
            return {}
        return {key: service for key, service in self.cursors.items() if key[0] == route.name}

    def turn_taken(self, key: CursorKey, service: Service) -> None:
        self.cursors[key] = service
        self.cursors.move_to_end(key)
        if len(self.cursors) > _MOST_CURSORS:
            self.cursors.popitem(last=False)

    def _health(
        self, able: Iterable[Candidate], steady: float
    ) -> tuple[Mapping[Service, Standing], Mapping[Service, float]]:
        """Those that are not well, and since when those are that were not. Mostly there are neither."""
        board, unwell, since = self.board, dict[Service, Standing](), dict[Service, float]()
        for each in able:
            service = each.service
            if board.is_spotless(service) and board.last_failure(service) is None:
                continue
            known = self.keys.known(service.provider)
            standing = board.standing(service, None if known is None else known.keys)
            if standing.condition is not Condition.WELL:
                unwell[service] = standing
            elif (moment := board.well_since(service, steady)) is not None and isfinite(moment):
                since[service] = moment
        return unwell, since

    def _figures(self, able: Iterable[Candidate], now: float) -> Mapping[Service, Figures]:
        if not self.statistics:
            return {}
        found = ((each.service, self.statistics.figures(each.service, now)) for each in able)
        return {service: figures for service, figures in found if figures.samples}

    def _in_flight(self, able: Iterable[Candidate]) -> Mapping[Service, int]:
        if not self.in_flight:
            return {}
        found = ((each.service, self.in_flight.count(each.service)) for each in able)
        return {service: count for service, count in found if count}

    def _beliefs(self, thread: Thread | None, now: float) -> Mapping[Service, Belief]:
        """What is cached of it; where nothing was noted in this run, what its pins have kept."""
        if thread is None:
            return {}
        if self.beliefs.knows(thread.key):
            return self.beliefs.of(thread.key, now)
        known = self.affinity.remembered(thread)
        pins = () if known is None else known.pins.values()
        return {
            pin.service: Belief(pin.prefix, pin.warm_until, pin.locked_at)
            for pin in pins
            if pin.prefix and now <= pin.warm_until
        }

    def _keyless(self, outlook: Outlook, exchange: Exchange | None) -> Mapping[str, str]:
        """Who cannot be asked for want of a key, as far as that is known without asking."""
        missing = dict(outlook.unready)
        for each in outlook.keyed:
            known = self.keys.known(each.name)
            if known is not None and not known.keys:
                missing[each.name] = known.missing
        for provider in outlook.clients_own:
            if why := _clients_own(provider, exchange):
                missing[provider.name] = why
        return missing


def _clients_own(provider: Provider, exchange: Exchange | None) -> str:
    if exchange is not None and exchange.credential is not None:
        return "" if provider.takes_credential_from(exchange.format) else _ANOTHER_VENDORS
    return _NO_CREDENTIAL


_FOR_WANT_OF_A_KEY = ("health.no_key", "health.rejected")
_NO_CREDENTIAL = "it is asked with the client's own credential, and the request carries none"
_ANOTHER_VENDORS = "it is asked with its own clients' credentials only"
