"""From scores to tiers: thresholds, what profiles do to them, and the slack between a session's turns."""

from collections.abc import Mapping
from typing import Final

from proxy.config import TIER_NAMES, Profile, RoutingConfig, TierName

_SHIFTS: Final[Mapping[Profile, float]] = {"save": 10.0, "balanced": 0.0, "quality": -10.0}
_TOP: Final = 100.0
SLACK: Final = 2.0
"""A session goes down a tier only when its score lies so far below the threshold: none goes to and fro."""


def shift(profile: Profile) -> float:
    """What a profile adds to the thresholds: the more, the more turns go to the smaller tiers."""
    return _SHIFTS[profile]


def ranges(routing: RoutingConfig) -> dict[TierName, tuple[float, float]]:
    """The band of scores of each tier, under the profile that holds."""
    step = shift(routing.profile)
    starts = [0.0, *(min(max(value + step, 0.0), _TOP) for value in routing.thresholds)]
    return dict(zip(TIER_NAMES, zip(starts, [*starts[1:], _TOP], strict=True), strict=True))


def tier_of(score: float, thresholds: tuple[float, ...]) -> TierName:
    """A score that reaches a threshold has passed it."""
    return TIER_NAMES[sum(score >= each for each in thresholds)]


def tier_after(before: TierName | None, score: float, thresholds: tuple[float, ...]) -> TierName:
    """The same where the turn before needed another tier: up at once, down only beyond the slack."""
    now = tier_of(score, thresholds)
    if before is None or TIER_NAMES.index(now) >= TIER_NAMES.index(before):
        return now
    with_slack = tier_of(score + SLACK, thresholds)
    return min(with_slack, before, key=TIER_NAMES.index)
