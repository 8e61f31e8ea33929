"""What a well-formed configuration says that cannot work.

Each notice disables only what it names: a service without provider is left out of its pool, a route without
services of its own leaves its requests to the tiers, and all else goes on.
"""

from collections.abc import Iterator, Mapping, Sequence

from proxy.config.address import is_at
from proxy.config.providers import ProviderConfig, ProviderKind
from proxy.config.root import Config
from proxy.config.routes import RouteConfig, RuleConfig
from proxy.config.services import TIER_NAMES, ServiceEntry, TierName
from proxy.config.suggestion import did_you_mean
from proxy.config.table import Finding, KeyPath
from proxy.config.traffic import AffinityConfig

VENDORS_OF_CLIENTS: Mapping[ProviderKind, str] = {
    "anthropic": "https://api.anthropic.com",
    "openai": "https://api.openai.com",
}
"""Whose clients bring a credential of their own along, and the only place where it may go."""

_MEANT_FOR: Mapping[str, ProviderKind] = {
    "region": "bedrock",
    "aws_profile": "bedrock",
    "project": "vertex",
    "location": "vertex",
    "api_version": "azure-openai",
}


def notices(config: Config) -> Iterator[Finding]:
    """Every part of the configuration that has no effect, and why."""
    for name, table in config.providers.items():
        yield from _provider(table, ("providers", name))
    yield from _affinity(config.affinity, ("affinity",))
    for tier, pool in config.tiers.items():
        yield from _pool(config, pool.services, ("tiers", tier, "services"))
    for index, rule in enumerate(config.rules):
        yield from _rule(config, rule, ("rules", index), config.routes)
    for index, route in enumerate(config.routes):
        yield from _route(config, route, ("routes", index))
    yield from _unreachable_routes(config)
    yield from _cascade(config)
    yield from _reference(config)
    for service in config.prices:
        provider = service.partition("/")[0]
        yield from _unknown_provider(config, provider, ("prices", service), "the price has no effect")


def _provider(provider: ProviderConfig, path: KeyPath) -> Iterator[Finding]:
    for key, kind in _MEANT_FOR.items():
        if getattr(provider, key) and provider.kind != kind:
            yield _notice((*path, key), f'has no effect: only kind "{kind}" has it')
    places: list[KeyPath] = [("keys", index) for index in range(len(provider.keys))] or [("key",)]
    for form, place in zip(provider.key_forms, places, strict=True):
        if form == "client":
            yield _notice((*path, *place), _about_the_clients_own(provider))


def _about_the_clients_own(provider: ProviderConfig) -> str:
    vendor = VENDORS_OF_CLIENTS.get(provider.kind)
    if vendor is None or (provider.base_url and not is_at(provider.base_url, vendor)):
        return (
            "is never used: a client's own credential only goes to the vendor it is from, "
            'so to kind "anthropic" or "openai" at its usual address'
        )
    return "the credential of a subscription, used through a proxy, may be against its vendor's terms"


def _affinity(affinity: AffinityConfig, path: KeyPath) -> Iterator[Finding]:
    if affinity.mode != "off" and affinity.sliding and affinity.ttl > affinity.max_age:
        message = f"is above max_age ({affinity.max_age}), so renewing a pin never makes it live longer"
        yield _notice((*path, "ttl"), message)


def _route(config: Config, route: RouteConfig, path: KeyPath) -> Iterator[Finding]:
    if route.affinity.ttl is not None or route.affinity.max_age is not None:
        yield from _affinity(config.affinity.overridden_by(route.affinity), (*path, "affinity"))
    yield from _pool(config, route.services, (*path, "services"))
    for tier, services in route.tiers.items():
        yield from _pool(config, services, (*path, "tiers", tier))
    for index, rule in enumerate(route.rules):
        yield from _rule(config, rule, (*path, "rules", index), (route,))
    if route.use == "pool" and not _has_known(config, route.services):
        consequence = _without_pool(config, route)
        yield _notice(path, f'use = "pool" without any service of a known provider, so {consequence}')
    if route.use == "tiers" and route.services:
        yield _notice((*path, "services"), 'has no effect without use = "pool"')


def _without_pool(config: Config, route: RouteConfig) -> str:
    """What becomes of the requests of a route that has nobody of its own."""
    if route.surface == "embeddings" and not route.services:
        return "an embedding model goes by its name to who has it"
    has_tiers = any(not _idle(config, tier, (route,)) for tier in TIER_NAMES)
    stays = route.strict or route.surface == "embeddings" or not has_tiers
    return "its requests are refused" if stays else "its requests go to the tiers"


def _rule(
    config: Config, rule: RuleConfig, path: KeyPath, routes: Sequence[RouteConfig]
) -> Iterator[Finding]:
    """A rule, and the routes that may fill the tier it forces."""
    yield from _pool(config, rule.services, (*path, "services"))
    if rule.services and not _has_known(config, rule.services):
        consequence = "its requests are refused" if rule.strict else "the rule is never applied"
        yield _notice(path, f"none of its services has a known provider, so {consequence}")
    if rule.tier and (state := _idle(config, rule.tier, routes)):
        consequence = "the rule's requests are refused" if rule.strict else "another tier answers"
        yield _notice((*path, "tier"), f"tier {rule.tier} {state}, so {consequence}")


def _pool(config: Config, services: Sequence[ServiceEntry], path: KeyPath) -> Iterator[Finding]:
    for index, service in enumerate(services):
        yield from _unknown_provider(config, service.provider, (*path, index), "this service is left out")


def _unreachable_routes(config: Config) -> Iterator[Finding]:
    catch_all = next((index for index, route in enumerate(config.routes) if _matches_all(route)), None)
    if catch_all is not None:
        for index in range(catch_all + 1, len(config.routes)):
            message = f"is never reached: routes[{catch_all}] matches every request before it"
            yield _notice(("routes", index), message)


def _matches_all(route: RouteConfig) -> bool:
    return (route.client, route.surface, route.model, route.profile) == ("*", "*", "*", "")


def _cascade(config: Config) -> Iterator[Finding]:
    cascade = config.cascade
    for key, service in (("small", cascade.small), ("judge", cascade.judge)):
        if service and service not in TIER_NAMES:
            provider = service.partition("/")[0]
            yield from _unknown_provider(config, provider, ("cascade", key), "it is never asked")
    if cascade.enabled and cascade.small in TIER_NAMES:
        tier: TierName = cascade.small
        if state := _idle(config, tier, config.routes):
            yield _notice(("cascade", "small"), f"tier {tier} {state}, so no small model is asked first")


def _reference(config: Config) -> Iterator[Finding]:
    if reference := config.savings.reference:
        provider = reference.partition("/")[0]
        yield from _unknown_provider(config, provider, ("savings", "reference"), "it is no baseline")


def _idle(config: Config, tier: TierName, routes: Sequence[RouteConfig]) -> str:
    """Why a tier answers nothing, neither by itself nor with the services a route gives it; else empty."""
    if not config.tier(tier).enabled:
        return "is off"
    pools = [config.tier(tier).services, *(route.tiers.get(tier, ()) for route in routes)]
    return "" if any(_has_known(config, pool) for pool in pools) else "has no service of a known provider"


def _has_known(config: Config, services: Sequence[ServiceEntry]) -> bool:
    return any(service.provider in config.providers for service in services)


def _unknown_provider(config: Config, provider: str, path: KeyPath, consequence: str) -> Iterator[Finding]:
    if provider not in config.providers:
        meant = did_you_mean(provider, config.providers)
        yield _notice(path, f'no provider is called "{provider}", so {consequence}{meant}')


def _notice(path: KeyPath, message: str) -> Finding:
    return Finding(path, message, "notice")
