"""What charts show: plain values, compared by what they hold."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from ui.widgets.charts.inks import Ink, RoleInk
from ui.widgets.charts.units import COUNT, Unit

Value = float | None
"""None is unknown."""

_PLAIN: Final = RoleInk("accent")


class Table(NamedTuple):
    """A chart's numbers as they are read."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Series:
    """One value for each category."""

    name: str
    values: tuple[Value, ...]
    ink: Ink | None = None
    """None takes the colour of its place among the series."""
    is_filled: bool = False
    """Whether a line chart fills the ground below it."""

    def __post_init__(self) -> None:
        _check_finite(self.values)


@dataclass(frozen=True, slots=True)
class Figure:
    """Several series over the same categories."""

    categories: tuple[str, ...]
    series: tuple[Series, ...]
    unit: Unit = COUNT
    over: str = ""
    """What the categories are, as the head of their column says it: "Day"."""

    def __post_init__(self) -> None:
        for series in self.series:
            if len(series.values) != len(self.categories):
                message = (
                    f"{series.name} has {len(series.values)} values for {len(self.categories)} categories"
                )
                raise ValueError(message)

    @property
    def is_known(self) -> bool:
        """Whether there is a single value to draw."""
        return any(value is not None for series in self.series for value in series.values)


@dataclass(frozen=True, slots=True)
class Span:
    """One attempt or stage of an exchange, in milliseconds since the exchange began."""

    label: str
    start: float
    end: Value
    """None while it is unknown: the span is then drawn open, to the end of the axis."""
    first_byte: Value = None
    failure: str = ""
    """What went wrong in a few words; empty where nothing did."""
    ink: Ink = _PLAIN

    def __post_init__(self) -> None:
        _check_finite((self.start, self.end, self.first_byte))
        if self.end is not None and self.end < self.start:
            message = f"{self.label} ends before it starts"
            raise ValueError(message)

    @property
    def duration(self) -> Value:
        return None if self.end is None else self.end - self.start

    @property
    def wait(self) -> Value:
        """How long its first byte took."""
        return None if self.first_byte is None else self.first_byte - self.start


@dataclass(frozen=True, slots=True)
class Share:
    """One part of a whole."""

    name: str
    value: Value
    ink: Ink | None = None

    def __post_init__(self) -> None:
        _check_finite((self.value,))
        if self.value is not None and self.value < 0:
            message = f"{self.name} is less than nothing, and no part of a whole is"
            raise ValueError(message)


def total(values: Iterable[Value]) -> Value:
    """The sum of what is known; unknown where nothing is."""
    known = [value for value in values if value is not None]
    return math.fsum(known) if known else None


def _check_finite(values: Iterable[Value]) -> None:
    for value in values:
        if value is not None and not math.isfinite(value):
            message = f"{value} cannot be drawn; None stands for what is unknown"
            raise ValueError(message)
