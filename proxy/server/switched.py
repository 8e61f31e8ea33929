"""Routing, tiers and providers as they are in force, and until when what is switched for a while holds."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

import msgspec

from proxy.config import TIER_NAMES, Config, ProviderConfig, ServiceEntry, TierName
from proxy.config.switch import LOCAL_ONLY, PROFILE, ROUTING, Until, What, provider_enabled, tier_enabled
from proxy.providers.entrance import shown
from proxy.providers.kinds import KINDS
from proxy.routing.score.bands import ranges
from proxy.routing.selection.standing_in import answering

Ends = Mapping[What, Until]


class RoutingUntil(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds since 1970, `run` for until Tierwise ends, null for what config.toml says."""

    enabled: Until | None
    profile: Until | None
    local_only: Until | None

    @classmethod
    def of(cls, ends: Ends) -> "RoutingUntil":
        return cls(enabled=ends.get(ROUTING), profile=ends.get(PROFILE), local_only=ends.get(LOCAL_ONLY))


class ToldRouting(msgspec.Struct, frozen=True, kw_only=True):
    """How requests are spread."""

    enabled: bool
    profile: str
    local_only: bool
    until: RoutingUntil


class ToldService(msgspec.Struct, frozen=True, kw_only=True):
    """A service of a tier."""

    service: str
    weight: int
    priority: int
    active: bool
    capacity: int
    params: Mapping[str, Any]


class ToldTier(msgspec.Struct, frozen=True, kw_only=True):
    """A tier, and who answers in its place."""

    tier: TierName
    enabled: bool
    until: Until | None
    tactic: str
    range: tuple[float, float]
    answered_by: TierName | None
    """Itself where it can; null where no tier can."""
    services: list[ToldService]


class ToldProvider(msgspec.Struct, frozen=True, kw_only=True):
    """A provider. Nothing in it is secret."""

    name: str
    kind: str
    where: str
    enabled: bool
    until: Until | None
    address: str
    keys: list[str]
    """Where its keys are, as config.toml names that."""
    models: list[str]
    """Those that some tier, route or rule asks it for."""


def told_routing(config: Config, ends: Ends) -> ToldRouting:
    routing = config.routing
    return ToldRouting(
        enabled=routing.enabled,
        profile=routing.profile,
        local_only=routing.local_only,
        until=RoutingUntil.of(ends),
    )


def told_tiers(config: Config, ends: Ends) -> list[ToldTier]:
    return [told_tier(config, ends, tier) for tier in TIER_NAMES]


def told_tier(config: Config, ends: Ends, tier: TierName) -> ToldTier:
    pool = config.tier(tier)
    return ToldTier(
        tier=tier,
        enabled=pool.enabled,
        until=ends.get(tier_enabled(tier)),
        tactic=pool.tactic,
        range=ranges(config.routing)[tier],
        answered_by=answering(config, tier),
        services=[_service(each) for each in pool.services],
    )


def told_providers(config: Config, ends: Ends) -> list[ToldProvider]:
    return [told_provider(config, ends, name) for name in config.providers]


def told_provider(config: Config, ends: Ends, name: str) -> ToldProvider:
    provider = config.providers[name]
    models = (each.model for each in _named(config) if each.provider == name)
    return ToldProvider(
        name=name,
        kind=provider.kind,
        where="local" if provider.is_on_this_machine else "cloud",
        enabled=provider.enabled,
        until=ends.get(provider_enabled(name)),
        address=_address(provider),
        keys=list(provider.key_forms),
        models=list(dict.fromkeys(models)),
    )


def _service(entry: ServiceEntry) -> ToldService:
    return ToldService(
        service=entry.name,
        weight=entry.weight,
        priority=entry.priority,
        active=entry.active,
        capacity=entry.capacity,
        params=entry.params,
    )


def _address(provider: ProviderConfig) -> str:
    return shown(provider.base_url or KINDS[provider.kind].root)


def _named(config: Config) -> Iterator[ServiceEntry]:
    rules = chain(config.rules, *(route.rules for route in config.routes))
    return chain(config.services, *(rule.services for rule in rules))
