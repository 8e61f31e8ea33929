"""Which models a provider offers: those that are configured, those it lists, and what its preset suggests."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from proxy.config import TIER_NAMES, Config
from proxy.providers.facts import facts
from proxy.providers.presets import preset
from proxy.routing.service import Service
from proxy.upstream.catalogue import Catalogue
from proxy.wire.failure import Failure, FailureKind

_PATIENCE_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Offered:
    """One gateway's."""

    config: Callable[[], Config]
    catalogue: Catalogue

    async def look(self, provider: str) -> None:
        """Ask the provider for its list, if it was not asked lately; where that fails nothing changes."""
        config = self.config()
        alone = replace(config, providers={provider: self._table(provider)})
        await self.catalogue.refresh(alone, _PATIENCE_SECONDS)

    def models(self, provider: str) -> list[dict[str, Any]]:
        """Each once, those in tiers first; None is unknown. A Failure where no provider is called so."""
        self._table(provider)
        return [self._told(Service(provider, model)) for model in dict.fromkeys(self._names(provider))]

    def _names(self, provider: str) -> Iterator[str]:
        config = self.config()
        suggested = preset(config.providers[provider].kind)
        yield from (entry.model for entry in config.services if entry.provider == provider)
        yield from (each.service.model for each in self._listed(provider))
        yield from () if suggested is None else suggested.models

    def _listed(self, provider: str) -> Iterator[Any]:
        return (each for each in self.catalogue.known(self.config()) if each.service.provider == provider)

    def _told(self, service: Service) -> dict[str, Any]:
        config, listed = self.config(), self.catalogue.model(service)
        known = listed or facts(config.providers[service.provider].kind, service.model)
        return {
            "service": str(service),
            "model": service.model,
            "label": service.model if listed is None else listed.label or service.model,
            "context": known.context,
            "max_output": known.max_output,
            "tools": known.tools,
            "vision": known.vision,
            "thinking": known.thinking,
            "listed": listed is not None if self.catalogue.has_list(service.provider) else None,
            "tiers": [tier for tier in TIER_NAMES if _is_in(config, tier, service)],
        }

    def _table(self, provider: str) -> Any:
        table = self.config().providers.get(provider)
        if table is None:
            raise Failure(FailureKind.NOT_FOUND, f"No provider is called {provider[:100]}.")
        return table


def _is_in(config: Config, tier: Any, service: Service) -> bool:
    return any((each.provider, each.model) == service for each in config.tier(tier).services)
