"""Which labels of an axis are written, so that none touches its neighbour."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Placed:
    """A label that is written, and where it begins."""

    index: int
    left: float


def thinned(
    centres: Sequence[float], widths: Sequence[float], gap: float, left: float, right: float
) -> tuple[Placed, ...]:
    """As many labels as fit between left and right, evenly, with the last one always among them.

    The last is the one that people look for first: with dates it is today.
    """
    count = len(centres)
    for stride in range(_least_stride(centres, widths, gap), count + 1):
        placed = tuple(
            Placed(index, _within(centres[index] - widths[index] / 2, widths[index], left, right))
            for index in range((count - 1) % stride, count, stride)
        )
        if _are_apart(placed, widths, gap):
            return placed
    return ()


def _least_stride(centres: Sequence[float], widths: Sequence[float], gap: float) -> int:
    """Below it not even the narrowest two would fit: with thousands of labels most tries are spared."""
    if len(centres) < 2:
        return 1
    band = (centres[-1] - centres[0]) / (len(centres) - 1)
    return min(len(centres), max(1, math.floor((min(widths) + gap) / band)))


def _within(start: float, width: float, left: float, right: float) -> float:
    """Moved inwards at the ends; a label wider than the axis begins at its left."""
    return max(left, min(start, right - width))


def _are_apart(placed: Sequence[Placed], widths: Sequence[float], gap: float) -> bool:
    return all(before.left + widths[before.index] + gap <= after.left for before, after in pairwise(placed))
