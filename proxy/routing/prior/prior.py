"""The learned scorer: a text in, the probability that a small model fails at it out, and what spoke for it.

It knows the text alone. Tools, reminders, history and system text never reach it; the caller hands in what
somebody typed, cleaned. The prior is a weak witness: it finds long, many-sided and formal tasks, and cannot
see what a small model happens to know.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp
from typing import Final, Self

from proxy.routing.prior.counting import Words
from proxy.routing.prior.features import FEATURES, features
from proxy.routing.prior.weights import Weights

_FAMILIES: Final[Mapping[str, str]] = {
    "characters": "length",
    "clauses": "sentence structure",
    "joins": "sentence structure",
    "compounds": "sentence structure",
    "sequence": "steps in sequence",
    "comparisons": "comparisons",
    "conditions": "conditions",
    "limits": "constraints",
    "negations": "constraints",
    "maths": "maths and numbers",
    "numbers": "maths and numbers",
    "operators": "maths and numbers",
    "notation": "maths and numbers",
    "code": "code",
    "signs": "code",
    "reasoning": "reasoning words",
    "design": "design words",
    "errand share": "kind of request",
    "order first": "kind of request",
    "question share": "kind of request",
    "answers given": "form of the question",
    "answers alike": "form of the question",
}
_NAMES: Final = tuple(dict.fromkeys(_FAMILIES.values()))
_FAMILY: Final = tuple(_NAMES.index(_FAMILIES[feature]) for feature in FEATURES)


@dataclass(frozen=True, slots=True)
class Part:
    feature: str
    """A family of features, in words for people."""
    share: float
    """What it adds to the logit, compared with an average text."""


@dataclass(frozen=True, slots=True)
class Judged:
    value: float
    """The probability that a small model fails."""
    parts: tuple[Part, ...]
    """Largest first. Their shares and the bias make the logit."""


class Prior:
    """Its memory of words is bounded, and threads may share it."""

    def __init__(self, weights: Weights, words: Words | None = None) -> None:
        self._weights = weights
        self._words = words or Words()

    @classmethod
    def read(cls, data: bytes) -> Self:
        """Raises `DamagedPriorError` for anything but the weights of this version."""
        return cls(Weights.read(data))

    @property
    def bias(self) -> float:
        return self._weights.bias

    @property
    def quantiles(self) -> tuple[float, ...]:
        """Values of typical texts at equal steps from the least to the greatest, to place thresholds by."""
        return self._weights.quantiles

    def judge(self, text: str) -> Judged:
        """An empty text is worth the bias."""
        stripped = text.strip()
        if not stripped:
            return Judged(_probability(self.bias), ())
        shares = [0.0] * len(_NAMES)
        found = features(stripped, self._words)
        known = self._weights
        for family, number, weight, centre in zip(_FAMILY, found, known.weights, known.centres, strict=True):
            shares[family] += weight * (number - centre)
        order = sorted(range(len(_NAMES)), key=lambda family: -abs(shares[family]))
        parts = tuple(Part(_NAMES[family], shares[family]) for family in order)
        return Judged(_probability(self.bias + sum(shares)), parts)


def _probability(logit: float) -> float:
    """Written so that neither end overflows."""
    if logit >= 0.0:
        return 1.0 / (1.0 + exp(-logit))
    return exp(logit) / (1.0 + exp(logit))
