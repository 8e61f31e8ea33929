"""Which tier answers the turns of another one that is off or empty, by what is configured."""

from proxy.config import Config, TierName
from proxy.routing.selection.tier import tiers_from


def answering(config: Config, tier: TierName) -> TierName | None:
    """The tier that answers in its place; itself where it can, None where nobody can."""
    return next((each for each in tiers_from(tier) if _has_any(config, each)), None)


def _has_any(config: Config, tier: TierName) -> bool:
    pool = config.tier(tier)
    return pool.enabled and any(
        service.active and (provider := config.providers.get(service.provider)) and provider.enabled
        for service in pool.services
    )
