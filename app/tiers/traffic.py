"""Where the turns of a tier go: to itself, or while it is off or empty to another one."""

from app.settings import Settings
from proxy.config import TierName
from proxy.routing.selection.tier import tiers_from


def answering(settings: Settings, tier: TierName) -> TierName | None:
    """The tier that answers in its place; itself where it can, None where nobody can."""
    return next((each for each in tiers_from(tier) if _has_any(settings, each)), None)


def _has_any(settings: Settings, tier: TierName) -> bool:
    pool = settings.tier(tier)
    return pool.enabled and any(
        service.active and (provider := settings.providers.get(service.provider)) and provider.enabled
        for service in pool.services
    )


def in_words(settings: Settings, tier: TierName) -> str:
    """Empty for a tier that answers by itself."""
    instead = answering(settings, tier)
    if instead == tier:
        return ""
    if instead is None:
        return "no tier can answer, so its turns go by the model's name, where a provider takes that"
    return f"its turns go to {instead}"
