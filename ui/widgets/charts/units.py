"""What a number counts: how it is told in full, and how it is written at an axis."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from app.record.amounts import dollars, milliseconds, percent

_SIZES = ((1e9, "G"), (1e6, "M"), (1e3, "k"))
_SECOND = 1000.0
_TINY = 1e-9
"""What the division of a step by its size may be off by."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A kind of number."""

    told: Callable[[float], str]
    tick: Callable[[float, float], str]
    """A value at an axis whose ticks are one step apart: all of them with the same digits."""
    least_step: float = 0.0


def digits_of(step: float) -> int:
    """Places after the point that tell two ticks apart."""
    return max(0, -math.floor(math.log10(step) + _TINY))


def _count(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"


def _count_tick(value: float, step: float) -> str:
    """All ticks of one axis in the size of its steps, so that 1.5k stands beside 1.0k."""
    for size, letter in _SIZES:
        if step * 2 >= size:
            return f"{value / size:,.{digits_of(step / size)}f}{letter}" if value else "0"
    return f"{value:,.{digits_of(step)}f}"


def _money_tick(value: float, step: float) -> str:
    digits = digits_of(step)
    sign = "-" if value < 0 else ""
    return f"{sign}${abs(value):,.{max(2, digits) if digits else 0}f}"


def _ms_tick(value: float, step: float) -> str:
    if step * 2 >= _SECOND:
        return f"{value / _SECOND:,.{digits_of(step / _SECOND)}f} s"
    return f"{value:,.{digits_of(step)}f} ms"


def _percent_tick(value: float, step: float) -> str:
    return f"{value:,.{digits_of(step)}f} %"


COUNT = Unit(_count, _count_tick, least_step=1)
MONEY = Unit(dollars, _money_tick)
MS = Unit(milliseconds, _ms_tick)
PERCENT = Unit(percent, _percent_tick)
