"""How the models of several vendors share the tiers.

One vendor sets the scale: what its cheap, its middle and its strongest model cost. The models of all others
stand where theirs cost about the same, for a price is what a maker thinks a model is worth. So an open model
that is cheap everywhere never stands in for the strongest of a vendor that has stronger ones.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Final

from app.proposal.hosted import HostedModel, Vendor, ladder
from app.proposal.pieces import Choice
from app.proposal.prices import distance
from proxy.config import TIER_NAMES, ServiceEntry, TierName

MOST_IN_A_TIER: Final = 3
"""One to ask and two for when it fails; more are only more accounts to look after."""

_MUCH_CHEAPER: Final = 0.5
_STEP: Final = math.sqrt(2)
"""Who costs less than that many times as much is about as strong, as far as prices tell."""

_ROLES: Final[Mapping[TierName, str]] = {
    "SIMPLE": "its cheap one",
    "MEDIUM": "its cheap one",
    "COMPLEX": "its middle one",
    "REASONING": "its strongest one",
}


def spread(vendors: Sequence[Vendor]) -> dict[TierName, list[Choice]]:
    """The services of vendors for each tier, best first; nothing without vendors."""
    if not vendors:
        return {}
    leading = min(vendors, key=_precedence)
    scale = ladder(leading.models)
    chosen = {tier: [_choice(model, _why(leading, model, tier, scale))] for tier, model in scale.items()}
    others = sorted((each for each in vendors if each is not leading), key=_precedence)
    for other in others:
        for tier, model in _beside(scale, other.models).items():
            chosen[tier].append(_choice(model, _why_beside(other, model, tier)))
    chosen["SIMPLE"].sort(key=lambda choice: math.inf if choice.cost is None else choice.cost)
    return {tier: choices[:MOST_IN_A_TIER] for tier, choices in chosen.items()}


def _precedence(vendor: Vendor) -> tuple[float, int, bool, str]:
    """Who has the strongest model leads; of equals whom the tiers name first, then whose models they are."""
    cost = vendor.strongest.cost
    strength = round(math.log(cost, _STEP)) if cost else -math.inf
    return -strength, vendor.mention, vendor.passes_on, vendor.name


def _beside(
    scale: Mapping[TierName, HostedModel], models: Sequence[HostedModel]
) -> dict[TierName, HostedModel]:
    """Of one further vendor at most one model for each tier, the strongest that belongs there."""
    return {_tier(scale, model): model for model in models}


def _tier(scale: Mapping[TierName, HostedModel], model: HostedModel) -> TierName:
    cheap = scale["MEDIUM"].cost
    if model.cost is None or cheap is None:
        return model.family if model.family != "SIMPLE" else "MEDIUM"
    if model.cost < cheap * _MUCH_CHEAPER:
        return "SIMPLE"
    cost = model.cost
    return min(TIER_NAMES[1:], key=lambda tier: distance(scale[tier].cost or 0.0, cost))


def _choice(model: HostedModel, why: str) -> Choice:
    return Choice(service=ServiceEntry(model.provider, model.model), why=why, is_local=False, cost=model.cost)


def _why(vendor: Vendor, model: HostedModel, tier: TierName, scale: Mapping[TierName, HostedModel]) -> str:
    if len(vendor.models) == 1:
        return f"the only one of {vendor.label} that is known here; {model.price}"
    role = _ROLES[tier]
    if model == vendor.strongest:
        role = _ROLES["REASONING"]
    elif tier == "MEDIUM" and model != scale["SIMPLE"]:
        role = "its second cheapest"
    return f"{vendor.label}, {role}; {model.price}"


def _why_beside(vendor: Vendor, model: HostedModel, tier: TierName) -> str:
    purpose = "much cheaper" if tier == "SIMPLE" else "for when the one before it fails"
    return f"{vendor.label}, {purpose}; {model.price}"
