"""What it means that a model was put into a tier: who is asked first, and where the turns of the tier go."""

from app.settings import Settings
from app.tiers.lists import Manner, sharing
from app.tiers.traffic import in_words
from proxy.config import ServiceEntry, TierName
from ui.windows.providers.words import sentence, tr


def served(settings: Settings, tier: TierName, service: ServiceEntry, manner: Manner) -> str:
    """By settings in which it is there."""
    off = "" if settings.tier(tier).enabled else tr("That tier is off, though.")
    told = (_place(settings, tier, service, manner), off, sentence(in_words(settings, tier)))
    return " ".join(filter(None, told))


def _place(settings: Settings, tier: TierName, service: ServiceEntry, manner: Manner) -> str:
    """Not more than is so: one that is off is behind nobody, and a tier may ask in no order."""
    provider = settings.providers.get(service.provider)
    is_used = all(each.active for each in settings.tier(tier).services if each.name == service.name)
    if not is_used:
        return tr(
            "%1 is in %2, where it is switched off. The page Tiers switches it on.", service.model, tier
        )
    if provider is None or not provider.enabled:
        return tr("%1 is in %2, and is asked once %3 is on.", service.model, tier, service.provider)
    if shared := sharing(settings, tier):
        return f"{tr('%1 serves %2.', service.model, tier)} {shared}"
    if manner is Manner.FIRST:
        return tr("%1 serves %2 before all others.", service.model, tier)
    return tr("%1 serves %2 behind all others.", service.model, tier)
