"""Round numbers for an axis: multiples of 1, 2 or 5 times a power of ten, always with zero among them."""

import math
from itertools import count
from typing import Final

_STEPS: Final = (1, 2, 5)
_FLAT: Final = 1.0
"""How high an axis is on which nothing rises."""
_SLACK: Final = 1e-9
"""A share of a step by which the ends may miss the range: what rounding of decimals loses."""


def nice_ticks(low: float, high: float, most: int, least_step: float = 0.0) -> tuple[float, ...]:
    """At most `most` steps, one step apart, from at or below `low` to at or above `high`."""
    low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        high = max(_FLAT, least_step)
    least_steps = 2 if low < 0 < high else 1
    for exponent in count(_first_exponent((high - low) / most, least_step)):
        for mantissa in _STEPS:
            step = _power(mantissa, exponent)
            first = math.floor(low / step + _SLACK)
            last = max(first + 1, math.ceil(high / step - _SLACK))
            if step >= least_step and last - first <= max(most, least_steps):
                return tuple(_power(place * mantissa, exponent) for place in range(first, last + 1))
    raise AssertionError


def _first_exponent(step: float, least_step: float) -> int:
    return math.floor(math.log10(max(step, least_step))) - 1


def _power(mantissa: int, exponent: int) -> float:
    """By division below one, so that 3 tenths are 0.3 and not 0.30000000000000004."""
    return float(mantissa * 10**exponent) if exponent >= 0 else mantissa / 10**-exponent
