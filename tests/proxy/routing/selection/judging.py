"""A judge of texts that says what a test wants, in points."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import exp, log

from proxy.routing.score.scale import points_at
from proxy.routing.score.text import place_of


@dataclass(frozen=True)
class Saying:
    value: float
    parts: tuple[()] = ()


@dataclass
class Says:
    """By the first of the words that the text holds."""

    points: Mapping[str, float]
    otherwise: float = 35.0
    asked: list[str] = field(default_factory=list)

    def judge(self, text: str) -> Saying:
        self.asked.append(text)
        points = next((value for words, value in self.points.items() if words in text), self.otherwise)
        return Saying(_probability(points))


def _probability(points: float) -> float:
    """Whatever stands for so many points."""
    low, high = 1e-12, 1 - 1e-12
    for _ in range(200):
        middle = 1 / (1 + exp(-(log(low / (1 - low)) + log(high / (1 - high))) / 2))
        low, high = (middle, high) if points_at(place_of(middle)) < points else (low, middle)
    return (low + high) / 2
