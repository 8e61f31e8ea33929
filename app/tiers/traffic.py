"""Where the turns of a tier go, in words."""

from app.settings import Settings
from proxy.config import TierName
from proxy.routing.selection.standing_in import answering


def in_words(settings: Settings, tier: TierName) -> str:
    """Empty for a tier that answers by itself."""
    instead = answering(settings, tier)
    if instead == tier:
        return ""
    if instead is None:
        return "no tier can answer, so its turns go by the model's name, where a provider takes that"
    return f"its turns go to {instead}"
