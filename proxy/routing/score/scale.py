"""The scale of scores: evidence adds up on a line without ends, and points are where that line is bent.

So no two different texts get the same score however much speaks for or against both, and a finding that moves
an ordinary turn by ten points moves one at the end of the scale by less.
"""

from math import exp
from typing import Final

HIGHEST: Final = 100.0
UNIT: Final = 25.0
"""Points of one unit of the line, in the middle of the scale."""


def points_at(place: float) -> float:
    return HIGHEST / (1 + exp(-place)) if place >= 0 else HIGHEST * exp(place) / (1 + exp(place))
