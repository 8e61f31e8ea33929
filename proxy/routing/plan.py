"""From what a request asks for to the services that may answer it, in order.

A plan is a flat list. On a tier route it is the wanted tier, then the tiers above it, then those below; on
a route with a pool of its own it is the pool, and then the tiers unless the route is strict.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from itertools import chain

from proxy.config import TIER_NAMES, Config, RouteConfig, ServiceEntry, TierName
from proxy.routing.names import is_auto, plain, tier_named, tier_of_family
from proxy.routing.service import Candidate, Plan, Service

_NO_TIERS: Mapping[TierName, Sequence[ServiceEntry]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a request says about who should answer it."""

    surface: str
    client: str
    profile: str = ""
    model: str = ""
    service: Service | None = None
    """Named by header: that one and no other."""
    issuer: Service | None = None
    """Gave an answer that the request refers to."""
    tier: TierName | None = None
    """Forced by header."""


def planned(config: Config, wish: Wish, speakers: Sequence[str]) -> Plan:
    """The plan for a request. `speakers` are the providers to try where nothing is configured to be chosen.

    The plan may be empty: then nobody can answer.
    """
    route = _route(config, wish)
    stays_here = config.routing.local_only or (route is not None and route.local_only)
    usable = frozenset(name for name in config.providers if _is_usable(config, name, stays_here=stays_here))
    chosen = _Choice(config, wish, route, usable).plan([name for name in speakers if name in usable])
    unique: dict[Service, Candidate] = {}
    for each in chosen.candidates:
        unique.setdefault(each.service, each)
    return replace(chosen, candidates=tuple(unique.values()))


def spelled(config: Config, service: Service) -> Service | None:
    """A service as the configuration spells it; None if its provider is not there at all."""
    provider = _same(service.provider, config.providers)
    if provider is None:
        return None
    listed = [each.model for each in config.services if each.provider == provider]
    return Service(provider, _same(service.model, listed) or service.model)


@dataclass(frozen=True, slots=True)
class _Choice:
    """Among what one request may use."""

    config: Config
    wish: Wish
    route: RouteConfig | None
    usable: AbstractSet[str]
    """The providers that are on, and here where nothing may leave this machine."""

    def plan(self, speakers: Sequence[str]) -> Plan:
        wish = self.wish
        if wish.service is not None:
            return self._only(wish.service, "probe_pin")
        if wish.issuer is not None:
            return self._only(wish.issuer, "affinity", "it gave the answer referred to")
        named = self._named()
        if named is not None:
            return self._only(named, "passthrough", f"the client asked for {named}")
        if wish.surface == "embeddings":
            return self._embeddings() or self._by_speakers(speakers)
        if not self.config.routing.enabled and wish.tier is None:
            return self._without_routing() or self._without_tiers(speakers)
        return self._routed() or self._without_tiers(speakers)

    def _routed(self) -> Plan | None:
        route = self.route
        tiers = list(self._tiers_in_order(route.tiers if route is not None else _NO_TIERS))
        if route is None or route.use == "tiers":
            return self._plan(tiers, "tier", f"begins with tier {tiers[0].tier}") if tiers else None
        pool = self._candidates(route.services)
        rest = [] if route.strict else tiers
        return self._plan([*pool, *rest], "load_balancer", f"the pool of route {route.name}")

    def _without_routing(self) -> Plan | None:
        """The service with exactly that model, else the tier of its family."""
        model = plain(self.wish.model)
        exact = [each for each in self._listed() if each.service.model == model]
        if exact:
            return self._plan(exact, "passthrough", f"a service has exactly the model {model}")
        tiers = list(self._tiers_in_order(_NO_TIERS))
        if not tiers:
            return None
        return self._plan(tiers, "passthrough", f"routing is off; the model is of tier {tiers[0].tier}")

    def _embeddings(self) -> Plan | None:
        """Vectors of two models cannot be compared, so a request goes to its own model and to no other."""
        route = self.route
        if route is not None and route.surface == "embeddings" and route.services:
            pool = self._candidates(route.services)
            return self._plan(pool, "load_balancer", f"the pool of route {route.name}")
        model = plain(self.wish.model)
        exact = [each for each in self._listed() if each.service.model == model]
        return self._plan(exact, "passthrough", f"a service has exactly the model {model}") if exact else None

    def _without_tiers(self, speakers: Sequence[str]) -> Plan:
        pools = (self.config.tier(tier) for tier in TIER_NAMES)
        if any(entry.active for pool in pools if pool.enabled for entry in pool.services):
            return self._plan((), "tier", "no service of any tier can be used")
        return self._by_speakers(speakers)

    def _by_speakers(self, speakers: Sequence[str]) -> Plan:
        """Nothing is there to be chosen, so the model goes by its name to whoever speaks its language."""
        model = self.wish.model
        if not model or is_auto(model) or tier_named(model):
            return self._plan((), "passthrough")
        services = [Candidate(Service(name, plain(model))) for name in speakers[:1]]
        return self._plan(services, "passthrough", "no services are configured")

    def _only(self, service: Service, source: str, *reasons: str) -> Plan:
        """With the parameters it has where it is listed; it need not be."""
        if service.provider not in self.usable:
            return self._plan((), source, *reasons)
        listed = (each for each in self._listed() if each.service == service)
        return self._plan([next(listed, Candidate(service))], source, *reasons)

    def _named(self) -> Service | None:
        """The service that the model's name means; many models have a slash in their own."""
        model = plain(self.wish.model)
        split = Service.named(model)
        service = spelled(self.config, split) if split is not None else None
        listed = [each.service for each in self._listed()]
        if service not in listed and any(each.model == model for each in listed):
            return None
        return service

    def _tiers_in_order(self, replaced: Mapping[TierName, Sequence[ServiceEntry]]) -> Iterator[Candidate]:
        """The wanted tier, those above it, then those below, nearest first; tiers that are off pass on."""
        wish = self.wish
        at = TIER_NAMES.index(wish.tier or tier_named(wish.model) or tier_of_family(wish.model))
        for tier in (*TIER_NAMES[at:], *reversed(TIER_NAMES[:at])):
            pool = self.config.tier(tier)
            if pool.enabled:
                yield from self._candidates(replaced.get(tier, pool.services), tier)

    def _candidates(
        self, services: Iterable[ServiceEntry], tier: TierName | None = None
    ) -> Iterator[Candidate]:
        active = (entry for entry in services if entry.active and entry.provider in self.usable)
        for entry in sorted(active, key=lambda entry: entry.priority):
            yield Candidate(Service(entry.provider, entry.model), entry.params, tier)

    def _listed(self) -> Iterator[Candidate]:
        """Every service that is listed anywhere."""
        for tier in TIER_NAMES:
            if self.config.tier(tier).enabled:
                yield from self._candidates(self.config.tier(tier).services, tier)
        for route in self.config.routes:
            yield from self._candidates(chain(route.services, *route.tiers.values()))

    def _plan(self, candidates: Iterable[Candidate], source: str, *reasons: str) -> Plan:
        return Plan(tuple(candidates), source, self.config.routing.deadline, reasons)


def _is_usable(config: Config, name: str, *, stays_here: bool) -> bool:
    provider = config.providers[name]
    return provider.enabled and (provider.is_on_this_machine or not stays_here)


def _route(config: Config, wish: Wish) -> RouteConfig | None:
    """The first that fits; for embeddings one that is made for them comes before those for everything."""
    fitting = [route for route in config.routes if _fits(route, wish)]
    if wish.surface == "embeddings":
        fitting.sort(key=lambda route: route.surface != "embeddings")
    return fitting[0] if fitting else None


def _fits(route: RouteConfig, wish: Wish) -> bool:
    return (
        route.client in ("*", wish.client)
        and route.surface in ("*", wish.surface)
        and route.profile in ("", wish.profile)
        and (route.model == "*" or fnmatchcase(plain(wish.model).casefold(), route.model.casefold()))
    )


def _same(name: str, known: Iterable[str]) -> str | None:
    """The name as it is known, exactly or but for upper and lower case."""
    known = list(known)
    if name in known:
        return name
    return next((each for each in known if each.casefold() == name.casefold()), None)
