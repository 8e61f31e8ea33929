"""Where bars stand: side by side or upon each other, up from zero and down from it."""

from typing import Final

from PySide6.QtCore import QRectF

from ui.widgets.charts.data import Figure, Value
from ui.widgets.charts.look import Look
from ui.widgets.charts.plot import Plot

_FULL: Final = 0.72
"""The share of a band that its bars take."""
_WIDEST: Final = 36.0
_APART_FROM: Final = 4.0
"""From this size on, neighbours stand a hairline apart."""

Boxes = tuple[tuple[QRectF, ...], ...]
"""The bars of each series, all edges on device pixels."""


def side_by_side(figure: Figure, plot: Plot, look: Look) -> Boxes:
    """A zero is a line at zero, so that it is told apart from what is unknown."""
    count = len(figure.series)
    group = min(plot.band * _FULL, _WIDEST * count)
    width = group / count
    air = look.hairline if width >= _APART_FROM else 0.0
    zero = look.snapped(plot.y(0))

    def bar(place: int, index: int, value: float) -> QRectF:
        left = plot.centre(index) - group / 2 + width * place
        sides = look.snapped(left), look.snapped(left + width - air)
        return _upright(*sides, zero, look.snapped(plot.y(value)), look.hairline)

    return tuple(
        tuple(bar(place, index, value) for index, value in enumerate(one.values) if value is not None)
        for place, one in enumerate(figure.series)
    )


def upon_each_other(figure: Figure, plot: Plot, look: Look) -> Boxes:
    """Savings and losses of one category never cover each other: gains stack up, losses down."""
    boxes: tuple[list[QRectF], ...] = tuple([] for _ in figure.series)
    width = min(plot.band * _FULL, _WIDEST)
    zero = look.snapped(plot.y(0))
    for index, values in enumerate(zip(*(series.values for series in figure.series), strict=True)):
        left = look.snapped(plot.centre(index) - width / 2)
        right = look.snapped(plot.centre(index) + width / 2)
        for place, base, end in _heights(values):
            low, high = look.snapped(plot.y(base)), look.snapped(plot.y(end))
            if low != zero and abs(low - high) >= _APART_FROM:
                low += look.hairline if high > low else -look.hairline
            boxes[place].append(_upright(left, right, low, high, look.hairline))
    return tuple(map(tuple, boxes))


def _heights(values: tuple[Value, ...]) -> list[tuple[int, float, float]]:
    """Series, base and end of each part of a stack."""
    heights: list[tuple[int, float, float]] = []
    top = depth = 0.0
    for place, value in enumerate(values):
        if not value:
            continue
        base = top if value > 0 else depth
        heights.append((place, base, base + value))
        if value > 0:
            top += value
        else:
            depth += value
    return heights


def _upright(left: float, right: float, base: float, end: float, least: float) -> QRectF:
    """Never so small that it is not seen."""
    top, bottom = min(base, end), max(base, end)
    if bottom - top < least:
        top, bottom = (base, base + least) if end > base else (base - least, base)
    return QRectF(left, top, max(least, right - left), bottom - top)


def stack_reach(figure: Figure) -> tuple[float, float]:
    """The deepest and the highest stack."""
    columns = list(zip(*(series.values for series in figure.series), strict=True))
    lows = (sum(value for value in column if value and value < 0) for column in columns)
    highs = (sum(value for value in column if value and value > 0) for column in columns)
    return min(lows), max(highs)
