"""Which service somebody means, and whether it makes sense, without a widget."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from app.settings import Settings
from app.tiers.naming import service_of
from proxy.config import ServiceEntry, TierName, did_you_mean
from ui.windows.tiers.lists import RefusedError, with_new
from ui.windows.tiers.speech import tr
from ui.words import UNKNOWN, short_count


@dataclass(frozen=True, slots=True)
class Offer:
    """A model that can be added."""

    service: str
    details: str

    @classmethod
    def of(cls, told: dict[str, Any]) -> "Offer":
        label = "" if told["label"] == told["model"] else str(told["label"])
        context = tr("%1 tokens of context", short_count(told["context"])) if told["context"] else ""
        tiers = tr("in %1", ", ".join(told["tiers"])) if told["tiers"] else ""
        return cls(str(told["service"]), " · ".join(filter(None, [label, context, tiers])) or UNKNOWN)


def matching(offers: Iterable[Offer], typed: str) -> list[Offer]:
    """Those in whose name every word that was typed occurs."""
    words = typed.casefold().split()
    return [offer for offer in offers if all(word in offer.service.casefold() for word in words)]


def meant(typed: str, left: Sequence[Offer], settings: Settings) -> str:
    """The only offer that is left by what was typed, unless that is a whole name: of a service, maybe, that
    nobody offers."""
    provider, _, model = typed.partition("/")
    is_whole = provider in settings.providers and bool(model) and not any(map(str.isspace, model))
    return left[0].service if typed and len(left) == 1 and not is_whole else typed


def wanted(typed: str, tier: TierName, settings: Settings) -> ServiceEntry:
    """The service that was typed; a UserError says why it cannot be added."""
    if not typed.strip():
        raise RefusedError(tr("Choose a model, or type one as provider/model."))
    entry = service_of(typed.strip())
    if entry.provider not in settings.providers:
        known = did_you_mean(entry.provider, settings.providers)
        raise RefusedError(
            tr("No provider is called “%1”%2", entry.provider, known or tr("; add it on the page Providers."))
        )
    if any(each.isspace() for each in entry.model):
        raise RefusedError(tr("“%1” is no name of a model: there is a space in it.", entry.model))
    with_new(settings, entry, tier)
    return entry


def providers_to_ask(settings: Settings) -> Sequence[str]:
    return [name for name, provider in settings.providers.items() if provider.enabled]
