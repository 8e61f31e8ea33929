"""How much a turn needs, from 0 to 100, as a sum of listed contributions.

For now the model that a client asks for is all that counts: clients know small chores from hard ones.
"""

from dataclasses import dataclass
from typing import Final

from proxy.config import TIER_NAMES, TierName
from proxy.routing.names import tier_of_family
from proxy.routing.signals import Signals

_POINTS: Final = {"SIMPLE": 5.0, "MEDIUM": 35.0, "COMPLEX": 62.5, "REASONING": 87.5}
"""Within the band of the tier that its family means, under each of the profiles."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """One signal's part in a score."""

    signal: str
    points: float
    evidence: str
    """In words of ours or of the configuration, never of the prompt."""


@dataclass(frozen=True, slots=True)
class Score:
    value: float
    contributions: tuple[Contribution, ...] = ()


def scored(signals: Signals) -> Score:
    tier = tier_of_family(signals.model)
    points = _POINTS[tier]
    evidence = signals.family or "no family that is known to be small or large"
    return Score(points, (Contribution("family", points, evidence),))


def tier_of(score: float, thresholds: tuple[float, ...]) -> TierName:
    """A score that reaches a threshold has passed it."""
    return TIER_NAMES[sum(score >= each for each in thresholds)]
