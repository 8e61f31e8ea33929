"""What a score is worth for choosing between a weak and a strong model.

A score sorts questions; the highest go to the strong model. The curve tells the mean quality for every share
of strong calls. Equal scores form one block that goes over together, so they count by their expected value.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_FEWEST_IN_GROUP = 20
_FLAT = 1e-6


def auc(score: Array, label: Array) -> float:
    """How often a labelled row stands above another one; equal scores count half."""
    positives = int(label.sum())
    negatives = len(label) - positives
    if not positives or not negatives:
        return float("nan")
    _, place, count = np.unique(score, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2.0)[place]
    return float((rank[label.astype(bool)].sum() - positives * (positives + 1) / 2) / (positives * negatives))


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What a weak and a strong model got for the same questions."""

    weak: Array
    strong: Array

    def at(self, places: NDArray[np.int64]) -> "Outcomes":
        return Outcomes(self.weak[places], self.strong[places])

    @property
    def gap(self) -> float:
        return float(self.strong.mean() - self.weak.mean())


def curve(score: Array, outcomes: Outcomes) -> tuple[Array, Array]:
    """Shares of strong calls, and the quality at each of them."""
    order = np.argsort(-score, kind="stable")
    gained = np.concatenate([[0.0], np.cumsum((outcomes.strong - outcomes.weak)[order])])
    ends = np.flatnonzero(np.diff(score[order])) + 1
    stops = np.concatenate([[0], ends, [len(score)]])
    return stops / len(score), outcomes.weak.mean() + gained[stops] / len(score)


def apgr(score: Array, outcomes: Outcomes) -> float:
    """The share of the gap that is recovered, averaged over all shares of strong calls. Chance gets 0.5; who
    knows the outcomes gets more than 1, because the weak model is sometimes the better one."""
    if abs(outcomes.gap) < _FLAT:
        return float("nan")
    share, quality = curve(score, outcomes)
    area = float(np.sum((quality[1:] + quality[:-1]) * np.diff(share)) / 2)
    return (area - float(outcomes.weak.mean())) / outcomes.gap


def auc_need(score: Array, outcomes: Outcomes) -> float:
    """Among what the strong model can do: are those that the weak one cannot do ranked above?"""
    routable = outcomes.strong >= 0.5
    return auc(score[routable], outcomes.weak[routable] < 0.5)


def auc_within(score: Array, outcomes: Outcomes, groups: Sequence[str]) -> float:
    """How well failures of the weak model are ranked inside each topic, weighted by rows: skill without
    recognising topics."""
    names = np.array(groups)
    total = weight = 0.0
    for name in sorted(set(groups)):
        here = names == name
        found = auc(score[here], outcomes.weak[here] < 0.5)
        if here.sum() >= _FEWEST_IN_GROUP and not np.isnan(found):
            total += found * here.sum()
            weight += here.sum()
    return total / weight if weight else float("nan")


def strong_share(score: Array, outcomes: Outcomes, quality: float) -> float:
    """The least share of strong calls that holds this part of the strong model's quality."""
    share, reached = curve(score, outcomes)
    target = quality * float(outcomes.strong.mean())
    if reached[0] >= target:
        return 0.0
    met = np.flatnonzero(reached >= target)
    if not len(met):
        return 1.0
    after = int(met[0])
    before = after - 1
    step = (target - reached[before]) / (reached[after] - reached[before])
    return float(share[before] + (share[after] - share[before]) * step)


def interval(values: Array) -> tuple[float, float]:
    """The middle 95 %."""
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return float(low), float(high)


def resampled(
    outcomes: Sequence[Outcomes], scores: Sequence[Sequence[Array]], draws: int, seed: int = 0
) -> Array:
    """The macro APGR of several scorers on the same resampled rows: draws x scorers.

    `scores` has for each scorer its scores by source, in the order of the outcomes. Differences between the
    columns are paired, so what the draw of questions does to all of them falls out.
    """
    random = np.random.default_rng(seed)
    macros = np.full((draws, len(scores)), np.nan)
    for draw in range(draws):
        found = np.full((len(scores), len(outcomes)), np.nan)
        for place, known in enumerate(outcomes):
            chosen = random.integers(0, len(known.weak), len(known.weak))
            here = known.at(chosen)
            found[:, place] = [apgr(by_source[place][chosen], here) for by_source in scores]
        macros[draw] = np.nanmean(found, axis=1)
    return macros


@dataclass(frozen=True, slots=True)
class TierSkill:
    """Against labels by hand: whether complex stands above simple, and how often one threshold is right."""

    auc: float
    accuracy: float


def tier_skill(score: Array, tiers: Sequence[int]) -> TierSkill:
    """The threshold is fitted on every other row and judged on the rest, both ways."""
    known = np.array(tiers)
    ends = (known == known.min()) | (known == known.max())
    score, complex_ = score[ends], known[ends] == known.max()
    right = []
    for start in (0, 1):
        candidates = np.append(np.unique(score[start::2]), np.inf)
        fitted = max(candidates, key=lambda t: float(np.mean((score[start::2] >= t) == complex_[start::2])))
        right.append(np.mean((score[1 - start :: 2] >= fitted) == complex_[1 - start :: 2]))
    return TierSkill(auc(score, complex_.astype(float)), float(np.mean(right)))
