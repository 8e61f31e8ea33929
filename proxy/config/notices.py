"""What a well-formed configuration says that cannot work.

Each notice disables only what it names: a service without provider is left out of its pool, a route without
services serves nothing, and all else goes on.
"""

from collections.abc import Iterator, Sequence

from proxy.config.root import Config
from proxy.config.routes import RouteConfig, RuleConfig
from proxy.config.services import TIER_NAMES, ServiceEntry
from proxy.config.suggestion import did_you_mean
from proxy.config.table import Finding, KeyPath


def notices(config: Config) -> Iterator[Finding]:
    """Every part of the configuration that has no effect, and why."""
    for tier, pool in config.tiers.items():
        yield from _pool(config, pool.services, ("tiers", tier, "services"))
    for index, rule in enumerate(config.rules):
        yield from _rule(config, rule, ("rules", index))
    for index, route in enumerate(config.routes):
        yield from _route(config, route, ("routes", index))
    yield from _unreachable_routes(config)
    yield from _cascade(config)
    for service in config.prices:
        provider = service.partition("/")[0]
        yield from _unknown_provider(config, provider, ("prices", service), "the price has no effect")


def _route(config: Config, route: RouteConfig, path: KeyPath) -> Iterator[Finding]:
    yield from _pool(config, route.services, (*path, "services"))
    for tier, services in route.tiers.items():
        yield from _pool(config, services, (*path, "tiers", tier))
    for index, rule in enumerate(route.rules):
        yield from _rule(config, rule, (*path, "rules", index))
    if route.use == "pool" and not _has_known(config, route.services):
        yield _notice(path, 'use = "pool" without any service of a known provider; the route serves nothing')
    if route.use == "tiers" and route.services:
        yield _notice((*path, "services"), 'has no effect without use = "pool"')


def _rule(config: Config, rule: RuleConfig, path: KeyPath) -> Iterator[Finding]:
    yield from _pool(config, rule.services, (*path, "services"))
    if rule.services and not _has_known(config, rule.services):
        yield _notice(path, "none of its services has a known provider; the rule is never applied")


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


def _has_known(config: Config, services: Sequence[ServiceEntry]) -> bool:
    return any(service.provider in config.providers for service in services)


def _unknown_provider(config: Config, provider: str, path: KeyPath, consequence: str) -> Iterator[Finding]:
    if provider not in config.providers:
        meant = did_you_mean(provider, config.providers)
        yield _notice(path, f'no provider is called "{provider}", so {consequence}{meant}')


def _notice(path: KeyPath, message: str) -> Finding:
    return Finding(path, message, "notice")
