"""The whole configuration of the gateway, and the findings that need to see more than one table."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from proxy.config.features import (
    BudgetsConfig,
    CascadeConfig,
    LearningConfig,
    LedgerConfig,
    LocalConfig,
    PriceConfig,
    SavingsConfig,
    ShadowConfig,
)
from proxy.config.providers import ProviderConfig
from proxy.config.routes import RouteConfig, RuleConfig, numbered
from proxy.config.services import ServiceEntry, TierConfig, TierName
from proxy.config.table import Finding, Table
from proxy.config.traffic import AffinityConfig, HealthConfig, RoutingConfig, ServerConfig


class Config(Table, frozen=True, kw_only=True):
    """Everything the gateway needs to know. A reload makes a new one; nobody changes one."""

    version: Annotated[Literal[1], Meta(description="Version of this file's format.")] = 1
    server: Annotated[ServerConfig, Meta(description="Where the gateway listens.")] = ServerConfig()
    routing: Annotated[RoutingConfig, Meta(description="Spreading over the tiers.")] = RoutingConfig()
    affinity: Annotated[AffinityConfig, Meta(description="Staying with a service.")] = AffinityConfig()
    health: Annotated[HealthConfig, Meta(description="Leaving failing services alone.")] = HealthConfig()
    cascade: Annotated[CascadeConfig, Meta(description="Asking a small model first.")] = CascadeConfig()
    shadow: Annotated[ShadowConfig, Meta(description="Comparing with another policy.")] = ShadowConfig()
    learning: Annotated[LearningConfig, Meta(description="Learning from outcomes.")] = LearningConfig()
    savings: Annotated[SavingsConfig, Meta(description="What spending is compared with.")] = SavingsConfig()
    ledger: Annotated[LedgerConfig, Meta(description="How much of the record is kept.")] = LedgerConfig()
    budgets: Annotated[BudgetsConfig, Meta(description="Limits of spending.")] = BudgetsConfig()
    local: Annotated[LocalConfig, Meta(description="Model servers on this machine.")] = LocalConfig()
    providers: Annotated[
        Mapping[str, ProviderConfig], Meta(description="Accounts and servers, by the name they are called.")
    ] = msgspec.field(default_factory=dict)
    tiers: Annotated[Mapping[TierName, TierConfig], Meta(description="Pools of services by difficulty.")] = (
        msgspec.field(default_factory=dict)
    )
    routes: Annotated[
        tuple[RouteConfig, ...], Meta(description="Requests that belong together; the first match wins.")
    ] = ()
    rules: Annotated[
        tuple[RuleConfig, ...], Meta(description="Rules for every route that inherits them.")
    ] = ()
    prices: Annotated[
        Mapping[str, PriceConfig], Meta(description="Prices by provider/model; they beat the catalogue.")
    ] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "routes", numbered(self.routes))
        msgspec.structs.force_setattr(self, "rules", numbered(self.rules))

    def tier(self, name: TierName) -> TierConfig:
        """The tier of that name; one the file does not mention is on and empty."""
        return self.tiers.get(name) or TierConfig()

    @property
    def services(self) -> Iterator[ServiceEntry]:
        """Every service that is listed anywhere."""
        for tier in self.tiers.values():
            yield from tier.services
        for route in self.routes:
            yield from chain(route.services, *route.tiers.values())

    def findings(self) -> Iterator[Finding]:
        for name in self.providers:
            if not name or "/" in name or not name.isprintable():
                message = "a provider's name is not empty and contains no slash and no control character"
                yield Finding(("providers", name), message)
        for name in self.prices:
            provider, _, model = name.partition("/")
            if not (provider and model):
                yield Finding(("prices", name), 'prices are named after a service, "provider/model"')
        yield from self._duplicate_routes()

    def _duplicate_routes(self) -> Iterator[Finding]:
        seen: dict[str, int] = {}
        for index, route in enumerate(self.routes):
            if route.name in seen:
                message = f'"{route.name}" is already the name of routes[{seen[route.name]}]'
                yield Finding(("routes", index, "name"), message)
            else:
                seen[route.name] = index
