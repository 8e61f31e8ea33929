"""Where else the configuration names a provider: the places that stay behind when it is removed."""

from collections.abc import Iterator, Sequence

from proxy.config import Config, KeyPath, RuleConfig, ServiceEntry


def mentions(config: Config, provider: str) -> tuple[KeyPath, ...]:
    """Paths of the keys that name a service of this provider, in the order of the documentation."""
    return tuple(path for path, named in _all(config) if named == provider)


def _all(config: Config) -> Iterator[tuple[KeyPath, str]]:
    for tier, pool in config.tiers.items():
        yield from _services(("tiers", tier, "services"), pool.services)
    for index, route in enumerate(config.routes):
        path: KeyPath = ("routes", index)
        yield from _services((*path, "services"), route.services)
        for tier, services in route.tiers.items():
            yield from _services((*path, "tiers", tier), services)
        yield from _rules((*path, "rules"), route.rules)
    yield from _rules(("rules",), config.rules)
    yield ("cascade", "small"), _provider(config.cascade.small)
    yield ("cascade", "judge"), _provider(config.cascade.judge)
    yield ("savings", "reference"), _provider(config.savings.reference)
    for service in config.prices:
        yield ("prices", service), _provider(service)


def _rules(path: KeyPath, rules: Sequence[RuleConfig]) -> Iterator[tuple[KeyPath, str]]:
    for index, rule in enumerate(rules):
        yield from _services((*path, index, "services"), rule.services)


def _services(path: KeyPath, services: Sequence[ServiceEntry]) -> Iterator[tuple[KeyPath, str]]:
    for index, service in enumerate(services):
        yield (*path, index), service.provider


def _provider(service: str) -> str:
    """The provider of `provider/model`; a tier's name has none."""
    provider, slash, _ = service.partition("/")
    return provider if slash else ""
