"""From what a request asks for to the services that may answer it, in order.

A plan is a flat list. On a tier route it is the wanted tier, then the tiers above it, then those below; on
a route with a pool of its own it is the pool, and then the tiers unless the route is strict.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    here = [name for name in speakers if _is_usable(config, name, stays_here=stays_here)]
    chosen = _chosen(config, wish, route, here)
    unique: dict[Service, Candidate] = {}
    for each in chosen.candidates:
        if _is_usable(config, each.service.provider, stays_here=stays_here):
            unique.setdefault(each.service, each)
    return replace(chosen, candidates=tuple(unique.values()))


def spelled(config: Config, service: Service) -> Service | None:
    """A service as the configuration spells it; None if its provider is not there at all."""
    provider = _same(service.provider, config.providers)
    if provider is None:
        return None
    listed = [each.service.model for each in _all_candidates(config) if each.service.provider == provider]
    return Service(provider, _same(service.model, listed) or service.model)


def _chosen(config: Config, wish: Wish, route: RouteConfig | None, speakers: Sequence[str]) -> Plan:
    if wish.service is not None:
        return _plan(config, [_listed(config, wish.service)], "probe_pin")
    if wish.issuer is not None:
        return _plan(config, [_listed(config, wish.issuer)], "affinity", "it gave the answer referred to")
    named = _named_service(config, wish.model)
    if named is not None:
        return _plan(config, [_listed(config, named)], "passthrough", f"the client asked for {named}")
    if wish.surface == "embeddings":
        return _embeddings(config, wish, route, speakers)
    if not config.routing.enabled and wish.tier is None:
        return _without_routing(config, wish, speakers)
    return _routed(config, wish, route, speakers)


def _routed(config: Config, wish: Wish, route: RouteConfig | None, speakers: Sequence[str]) -> Plan:
    tiers = list(_tiers_in_order(config, route, _wanted_tier(wish)))
    if route is None or route.use == "tiers":
        if not tiers:
            return _by_speakers(config, wish, speakers)
        return _plan(config, tiers, "tier", f"begins with tier {tiers[0].tier}")
    pool = list(_candidates(route.services))
    rest = [] if route.strict else tiers
    return _plan(config, [*pool, *rest], "load_balancer", f"the pool of route {route.name}")


def _without_routing(config: Config, wish: Wish, speakers: Sequence[str]) -> Plan:
    """The service with exactly that model, else the tier of its family."""
    model = plain(wish.model)
    exact = [each for each in _all_candidates(config) if each.service.model == model]
    if exact:
        return _plan(config, exact, "passthrough", f"a service has exactly the model {model}")
    tiers = list(_tiers_in_order(config, None, _wanted_tier(wish)))
    if not tiers:
        return _by_speakers(config, wish, speakers)
    return _plan(config, tiers, "passthrough", f"routing is off; the model is of tier {tiers[0].tier}")


def _embeddings(config: Config, wish: Wish, route: RouteConfig | None, speakers: Sequence[str]) -> Plan:
    """Vectors of two models cannot be compared, so a request goes to its own model and to no other."""
    if route is not None and route.surface == "embeddings" and route.services:
        return _plan(config, _candidates(route.services), "load_balancer", f"the pool of route {route.name}")
    exact = [each for each in _all_candidates(config) if each.service.model == plain(wish.model)]
    if exact:
        return _plan(config, exact, "passthrough")
    return _by_speakers(config, wish, speakers)


def _by_speakers(config: Config, wish: Wish, speakers: Sequence[str]) -> Plan:
    """Nothing is configured to be chosen, so the model goes by its name to whoever speaks its language."""
    if not wish.model or is_auto(wish.model) or tier_named(wish.model):
        return _plan(config, (), "passthrough")
    services = (Candidate(Service(name, plain(wish.model))) for name in speakers[:1])
    return _plan(config, services, "passthrough", "no services are configured")


def _plan(config: Config, candidates: Iterable[Candidate], source: str, *reasons: str) -> Plan:
    return Plan(tuple(candidates), source, config.routing.deadline, reasons)


def _is_usable(config: Config, name: str, *, stays_here: bool) -> bool:
    provider = config.providers.get(name)
    if provider is None or not provider.enabled:
        return False
    return provider.is_on_this_machine or not stays_here


def _route(config: Config, wish: Wish) -> RouteConfig | None:
    return next((route for route in config.routes if _fits(route, wish)), None)


def _fits(route: RouteConfig, wish: Wish) -> bool:
    return (
        route.client in ("*", wish.client)
        and route.surface in ("*", wish.surface)
        and route.profile in ("", wish.profile)
        and (route.model == "*" or fnmatchcase(plain(wish.model).casefold(), route.model.casefold()))
    )


def _wanted_tier(wish: Wish) -> TierName:
    return wish.tier or tier_named(wish.model) or tier_of_family(wish.model)


def _tiers_in_order(config: Config, route: RouteConfig | None, wanted: TierName) -> Iterator[Candidate]:
    """The wanted tier, those above it, then those below, nearest first; tiers that are off pass on."""
    at = TIER_NAMES.index(wanted)
    replaced = route.tiers if route is not None else _NO_TIERS
    for tier in (*TIER_NAMES[at:], *reversed(TIER_NAMES[:at])):
        pool = config.tier(tier)
        if pool.enabled:
            yield from _candidates(replaced.get(tier, pool.services), tier)


def _candidates(services: Iterable[ServiceEntry], tier: TierName | None = None) -> Iterator[Candidate]:
    active = (entry for entry in services if entry.active)
    for entry in sorted(active, key=lambda entry: entry.priority):
        yield Candidate(Service(entry.provider, entry.model), entry.params, tier)


def _all_candidates(config: Config) -> Iterator[Candidate]:
    """Every service that is listed anywhere."""
    for tier in TIER_NAMES:
        if config.tier(tier).enabled:
            yield from _candidates(config.tier(tier).services, tier)
    pools = (chain(route.services, *route.tiers.values()) for route in config.routes)
    for pool in pools:
        yield from _candidates(pool)


def _listed(config: Config, service: Service) -> Candidate:
    """The service with the parameters it has where it is listed; it need not be."""
    listed = (each for each in _all_candidates(config) if each.service == service)
    return next(listed, Candidate(service))


def _named_service(config: Config, model: str) -> Service | None:
    service = Service.named(plain(model))
    return spelled(config, service) if service is not None else None


def _same(name: str, known: Iterable[str]) -> str | None:
    """The name as it is known, exactly or but for upper and lower case."""
    known = list(known)
    if name in known:
        return name
    return next((each for each in known if each.casefold() == name.casefold()), None)
