"""Fits the weights of the prior: judgement first, corrected by what all sources of marks agree on.

Few sources say little about the next one. Free regression over the same features fell below prompt length on
sources it had not seen. So every weight starts from a judgement about what makes work hard, and moves away
from it only as far as the sources demand together: each has its own deviations, which are integrated out, so
a large source counts little more than a small one, and what only one of them says is taken for its habit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.routing_quality.metrics import Array
from benchmarks.routing_quality.rows import MODELS, Row
from proxy.routing.prior.counting import Words
from proxy.routing.prior.features import FEATURES, features
from proxy.routing.prior.weights import Weights

JUDGED: Final[Mapping[str, float]] = {
    "characters": 1.0,
    "clauses": 0.4,
    "joins": 0.3,
    "sequence": 0.3,
    "comparisons": 0.3,
    "conditions": 0.2,
    "limits": 0.2,
    "negations": 0.2,
    "compounds": 0.3,
    "operators": 0.2,
    "signs": 0.2,
    "numbers": 0.1,
    "maths": 0.05,
    "notation": 0.2,
    "reasoning": 0.2,
    "design": 0.1,
    "code": 0.1,
    "order first": 0.3,
    "errand share": -0.3,
    "question share": -0.3,
    "answers given": -0.8,
    "answers alike": 1.6,
}
"""Relative to length, for features of equal spread: round figures, chosen with a look at the data."""

SPREADS: Final[Mapping[str, float]] = {"answers given": 0.5, "answers alike": 0.25}
"""Taken, not measured: most sources offer no answers, and would call any likeness extraordinary."""

SCALE: Final = 0.03
"""How much of the gap one spread of length is taken to decide."""
TRUST: Final = 120.0
"""How firmly the judgement holds, against the pull of all sources together."""
AGREEMENT: Final = 1.0
"""The most that one source pulls in any direction, however many rows it has."""
_DIGITS: Final = 6
"""Weights are rounded, so that every machine writes the same bytes."""
_STEPS: Final = 50


@dataclass(frozen=True, slots=True)
class Table:
    """The rows as numbers."""

    features: Array
    gain: Array
    """How much better the strong models did."""
    failed: Array
    """How much the weak models failed, 0 to 1."""
    sources: NDArray[np.str_]


def tabled(rows: Sequence[Row]) -> Table:
    words = Words()
    weak = np.array([_mean(row, MODELS[row.source][0]) for row in rows])
    strong = np.array([_mean(row, MODELS[row.source][1]) for row in rows])
    numbers = np.array([features(row.prompt.strip(), words) for row in rows])
    return Table(numbers, strong - weak, 1.0 - weak, np.array([row.source for row in rows]))


def _mean(row: Row, models: Sequence[str]) -> float:
    return float(np.mean([row.scores[model] for model in models]))


@dataclass(frozen=True, slots=True)
class Fit:
    weights: Array
    centres: Array

    def score(self, numbers: Array) -> Array:
        return np.asarray((numbers - self.centres) @ self.weights)


def fitted(table: Table, places: NDArray[np.int64]) -> Fit:
    """From these rows alone, spreads and centres included."""
    known = table.features[places]
    centres, spreads = known.mean(axis=0), _spreads(known)
    standard = (known - centres) / spreads
    size = standard.shape[1]
    curvature, pull = np.zeros((size, size)), np.zeros(size)
    for source in np.unique(table.sources[places]):
        here = table.sources[places] == source
        centred = standard[here] - standard[here].mean(axis=0)
        gained = table.gain[places][here] - table.gain[places][here].mean()
        told = centred.T @ centred
        shared = np.linalg.inv(np.eye(size) + told / AGREEMENT)
        curvature += shared @ told
        pull += shared @ (centred.T @ gained)
    judged = SCALE * np.array([JUDGED[feature] for feature in FEATURES])
    weights = np.linalg.solve(curvature + TRUST * np.eye(size), pull + TRUST * judged)
    return Fit(weights / spreads, centres)


def _spreads(known: Array) -> Array:
    measured = known.std(axis=0) + 1e-9
    return np.array([SPREADS.get(name, spread) for name, spread in zip(FEATURES, measured, strict=True)])


def calibrated(fit: Fit, table: Table, unseen: Array) -> Weights:
    """The weights on the logit of failure. `unseen` has each row's score by a fit that did not know it, which
    tells how far a score may be believed. Sources count alike."""
    share = {source: float(np.mean(table.sources == source)) for source in np.unique(table.sources)}
    slope, offset = _logistic(
        unseen, table.failed, np.array([1.0 / share[source] for source in table.sources])
    )
    values = 1.0 / (1.0 + np.exp(-(offset + slope * unseen)))
    return Weights(
        bias=round(offset, _DIGITS),
        weights=_rounded(slope * fit.weights),
        centres=_rounded(fit.centres),
        quantiles=_rounded(np.quantile(values, np.linspace(0.0, 1.0, 21))),
    )


def _rounded(values: Array) -> tuple[float, ...]:
    return tuple(round(float(value), _DIGITS) for value in values)


def _logistic(score: Array, label: Array, weight: Array) -> tuple[float, float]:
    """Slope and offset, by Newton's method; labels may lie between 0 and 1."""
    inputs = np.stack([score, np.ones_like(score)], axis=1)
    found = np.zeros(2)
    for _ in range(_STEPS):
        expected = 1.0 / (1.0 + np.exp(-(inputs @ found)))
        gradient = inputs.T @ (weight * (label - expected))
        spread = weight * expected * (1.0 - expected)
        found = found + np.linalg.solve((inputs * spread[:, None]).T @ inputs, gradient)
    return float(found[0]), float(found[1])
