"""A route as requests meet it: its pools, rules and stages, compiled once from the configuration."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from msgspec.structs import replace

from proxy.config import (
    TIER_NAMES,
    AffinityConfig,
    Config,
    RouteConfig,
    ServiceEntry,
    Tactic,
    TierName,
)
from proxy.routing.names import plain
from proxy.routing.rules.rule import Rule, compiled
from proxy.routing.selection.reasons import Reason, reason
from proxy.routing.service import NO_POOL, Candidate, Pool, Service

BUILT_IN = "default"
"""The last route, which the configuration need not mention: any client, any model, by tiers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Requests that belong together, and where they may go."""

    name: str
    client: str = "*"
    surface: str = "*"
    model: str = "*"
    profile: str = ""
    uses_tiers: bool = True
    base: Pool = NO_POOL
    """The route's own services; none where it uses tiers."""
    tiers: Mapping[TierName, Pool] = field(default_factory=dict)
    """Those that are on and not empty, as this route has them."""
    tiered: frozenset[Service] = frozenset()
    """The services of all tiers."""
    tactic: Tactic = "priority"
    rules: tuple[Rule, ...] = ()
    strict: bool = False
    local_only: bool = False
    affinity: AffinityConfig = field(default_factory=AffinityConfig)
    candidates: tuple[Candidate, ...] = ()
    """Everything it allows, the first of each service, in the order it is first named."""
    able: tuple[Candidate, ...] = ()
    """Those that nothing in the configuration keeps from being asked."""
    own: frozenset[Service] = frozenset()
    """The services that stand in for each other where no rule says otherwise."""
    takes_turns: bool = False
    """Whether any of its pools goes round."""
    out: Mapping[Service, Reason] = field(default_factory=dict)
    """What keeps the others."""

    def fits(self, client: str, surface: str, model: str, profile: str) -> bool:
        return (
            self.client in ("*", client)
            and self.surface in ("*", surface)
            and self.profile in ("", profile)
            and (self.model == "*" or fnmatchcase(plain(model).casefold(), self.model))
        )

    def pool_of(self, rule: Rule) -> Pool:
        """The services that a rule narrows to."""
        if rule.tier is not None:
            return self.tiers.get(rule.tier, NO_POOL)
        return Pool(rule.services, self.tactic)


def routes_of(config: Config) -> tuple[Route, ...]:
    """The routes of a configuration in their order, the built-in one last."""
    named = [_route(config, table) for table in config.routes]
    return (*named, _route(config, RouteConfig(name=_free_name(named))))


def _free_name(taken: Iterable[Route]) -> str:
    names = {route.name for route in taken}
    name = BUILT_IN
    while name in names:
        name += " (built in)"
    return name


def _route(config: Config, table: RouteConfig) -> Route:
    tiers = dict(_tiers(config, table))
    rules = tuple(_rules(config, table))
    base = Pool(_candidates(table.services), table.tactic) if table.use == "pool" else NO_POOL
    local_only = config.routing.local_only or table.local_only
    named = _named(base, tiers, rules, table)
    out = {
        each.service: why
        for each in named
        if (why := _kept_out(config, each, local_only=local_only)) is not None
    }
    return Route(
        name=table.name,
        client=table.client,
        surface=table.surface,
        model=table.model.casefold(),
        profile=table.profile,
        uses_tiers=table.use == "tiers",
        base=base,
        tiers=tiers,
        tiered=frozenset(each.service for pool in tiers.values() for each in pool.candidates),
        tactic=table.tactic,
        rules=rules,
        strict=table.strict,
        local_only=local_only,
        affinity=config.affinity.overridden_by(table.affinity),
        candidates=named,
        able=tuple(each for each in named if each.service not in out),
        takes_turns="round_robin" in {base.tactic, table.tactic, *(pool.tactic for pool in tiers.values())},
        own=_own(base, tiers, table),
        out=out,
    )


def _tiers(config: Config, table: RouteConfig) -> Iterator[tuple[TierName, Pool]]:
    for name in TIER_NAMES:
        tier = config.tier(name)
        services = table.tiers.get(name, tier.services)
        if tier.enabled and services:
            yield name, Pool(_candidates(services, name), tier.tactic)


def _rules(config: Config, table: RouteConfig) -> Iterator[Rule]:
    """The route's own rules first; those of the top level go on counting after them."""
    taken: set[str] = set()
    for index, rule in enumerate((*table.rules, *(config.rules if table.inherit_rules else ()))):
        name = rule.name
        while name in taken:  # a pin is known by the name of its rule
            name += " (for all routes)" if index >= len(table.rules) else " (again)"
        taken.add(name)
        yield compiled(replace(rule, name=name), index, _candidates(rule.services))


def _candidates(services: Iterable[ServiceEntry], tier: TierName | None = None) -> tuple[Candidate, ...]:
    """Each service once: where a pool lists it twice, the first time that it is on."""
    found: dict[Service, Candidate] = {}
    for entry in services:
        each = Candidate(
            Service(entry.provider, entry.model),
            entry.params,
            tier,
            entry.weight,
            entry.priority,
            entry.capacity,
            entry.active,
        )
        found[each.service] = _more_active(found.get(each.service, each), each)
    return tuple(found.values())


def _named(
    base: Pool, tiers: Mapping[TierName, Pool], rules: Iterable[Rule], table: RouteConfig
) -> tuple[Candidate, ...]:
    """A strict pool never leaves itself and what its rules name; every other route may come to all tiers.

    A service that is off where the route itself has it is off, though a rule or a tier lists it as well. One
    that is off in one of several tiers is on in the others.
    """
    asked_for = {rule.tier for rule in rules}
    reached = [tier for tier in tiers if table.use == "tiers" or not table.strict or tier in asked_for]
    in_tiers = [each for tier in reached for each in tiers[tier].candidates]
    in_rules = [each for rule in rules for each in rule.services]
    own = in_tiers if table.use == "tiers" else list(base.candidates)
    others = in_rules if table.use == "tiers" else [*in_rules, *in_tiers]
    first: dict[Service, Candidate] = {}
    for each in own:
        first[each.service] = _more_active(first.get(each.service, each), each)
    owned = set(first)
    for each in others:
        if each.service not in owned:
            first[each.service] = _more_active(first.get(each.service, each), each)
    return tuple(first.values())


def _more_active(known: Candidate, other: Candidate) -> Candidate:
    return known if known.active else other


def _own(base: Pool, tiers: Mapping[TierName, Pool], table: RouteConfig) -> frozenset[Service]:
    reached = tiers.values() if table.use == "tiers" or not table.strict else ()
    return frozenset(each.service for pool in (base, *reached) for each in pool.candidates)


def _kept_out(config: Config, each: Candidate, *, local_only: bool) -> Reason | None:
    """What the configuration itself has against a service."""
    name = each.service.provider
    provider = config.providers.get(name)
    if not each.active:
        return reason("health.inactive")
    if provider is None:
        return reason("health.no_provider", name)
    if not provider.enabled:
        return reason("health.disabled", name)
    if local_only and not provider.keeps_here(each.service.model):
        return reason("health.leaves")
    return None
