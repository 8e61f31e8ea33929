"""How the requests of the last days would fall into the bands, by their scores."""

from collections.abc import Sequence

from proxy.config import TIER_NAMES, TierName
from proxy.routing.score.bands import tier_of

Scores = Sequence[tuple[float, int]]
"""Scores with how many requests had them."""


def spread(scores: Scores, borders: Sequence[float]) -> dict[TierName, int]:
    counts = dict.fromkeys(TIER_NAMES, 0)
    for score, requests in scores:
        counts[tier_of(score, tuple(borders))] += requests
    return counts
