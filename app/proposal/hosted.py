"""The models of vendors that could be asked, and how the models of one vendor spread over the tiers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.proposal.prices import ListPrices, cost_of_turn, in_words
from app.proposal.windows import WIDE_WINDOW
from proxy.config import TIER_NAMES, Config, ProviderConfig, TierName
from proxy.providers.facts import facts
from proxy.providers.kinds import KINDS
from proxy.providers.presets import Preset
from proxy.routing.names import tier_of_family

_NEVER: Final = 1_000_000
_PASS_ON: Final = frozenset({"openrouter"})


@dataclass(frozen=True, slots=True, kw_only=True)
class HostedModel:
    """One model of a vendor."""

    provider: str
    model: str
    cost: float | None
    price: str
    family: TierName
    """What its name says of its strength."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """A vendor whose models could be asked, the cheapest first."""

    name: str
    label: str
    models: tuple[HostedModel, ...]
    mention: int = _NEVER
    """Where the tiers name it first, from the strongest tier down. Who led once so goes on leading."""
    passes_on: bool = False
    """It serves other makers' models by their own names."""

    @property
    def strongest(self) -> HostedModel:
        return self.models[-1]


def needs_more(preset: Preset) -> str:
    """What somebody has to say of their account, beside a key, before its models can be asked."""
    kind = KINDS[preset.kind]
    if kind.needs_address:
        return "its address: --base-url"
    if kind.needs_project:
        return "a project: --project"
    return "the region of your account: --region" if kind.needs_region else ""


def vendor(
    name: str, config: ProviderConfig, preset: Preset, settings: Config, prices: ListPrices
) -> Vendor | None:
    """The vendor with its models that can do an agent's work; None if it has none that we know."""
    models = [
        _model(name, config, model, settings, prices) for model in preset.models if _is_fit(preset, model)
    ]
    return (
        Vendor(
            name=name,
            label=preset.label,
            models=tuple(_in_order(models)),
            mention=_mention(name, settings),
            passes_on=preset.kind in _PASS_ON,
        )
        if models
        else None
    )


def ladder(models: Sequence[HostedModel]) -> dict[TierName, HostedModel]:
    """One model for each tier, from the cheapest to the strongest; few models fill several tiers."""
    match len(models):
        case 1:
            rungs = (0, 0, 0, 0)
        case 2:
            rungs = (0, 0, 1, 1)
        case 3:
            rungs = (0, 0, 1, 2)
        case _:
            rungs = (0, 1, -2, -1)
    return {tier: models[rung] for tier, rung in zip(TIER_NAMES, rungs, strict=True)}


def _mention(name: str, settings: Config) -> int:
    named = [service.provider for tier in reversed(TIER_NAMES) for service in settings.tier(tier).services]
    return named.index(name) if name in named else _NEVER


def _is_fit(preset: Preset, model: str) -> bool:
    known = facts(preset.kind, model)
    return known.tools is not False and (known.context is None or known.context >= WIDE_WINDOW)


def _model(
    name: str, config: ProviderConfig, model: str, settings: Config, prices: ListPrices
) -> HostedModel:
    found = prices.of(settings, name, config, model)
    return HostedModel(
        provider=name,
        model=model,
        cost=cost_of_turn(found),
        price=in_words(found),
        family=tier_of_family(model),
    )


def _in_order(models: Sequence[HostedModel]) -> list[HostedModel]:
    """By what they cost. Without a price there is only the name to go by, and where it stands in the list."""
    priced = [model for model in models if model.cost is not None]
    if priced:
        return sorted(priced, key=lambda model: (model.cost or 0.0, model.model))
    return sorted(models, key=lambda model: TIER_NAMES.index(model.family))
