"""Lines over categories, with gaps where a value is unknown."""

import math
from collections.abc import Sequence
from functools import partial
from itertools import chain
from typing import ClassVar, Final, Literal

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainterPath

from ui.widgets.charts.category_chart import CategoryChart, keys_of
from ui.widgets.charts.data import Series
from ui.widgets.charts.drawing import Drawing, Item, Items, Shape, Strokes
from ui.widgets.charts.lines import Run, course, ground, runs
from ui.widgets.charts.look import Look
from ui.widgets.charts.plot import Plot
from ui.widgets.charts.signs import Key, marker

_WIDTH: Final = 2.0
_RADIUS: Final = 3.5
_BETWEEN_MARKERS: Final = 44.0
_FILL_ALPHA: Final = 36
_HALO: Final = 2.0
"""Around the current marker, in the colour of the ground, so that it stands out from other lines."""


class LineChart(CategoryChart):
    kind: ClassVar[Literal["bar", "line"]] = "line"

    def draw_on(self, plot: Plot, look: Look) -> Drawing:
        items = (_line(series, key, plot, look) for series, key in self.keyed_series())
        return Drawing(tuple(chain.from_iterable(items)), emphasis=partial(self.emphasised, plot, look))

    def keyed_series(self) -> tuple[tuple[Series, Key], ...]:
        return tuple(zip(self.figure.series, keys_of(self.figure, self.kind), strict=True))

    def emphasised(self, plot: Plot, look: Look, index: int) -> Items:
        """The markers of one category, larger."""
        found: list[Item] = []
        for series, key in self.keyed_series():
            if (value := series.values[index]) is not None:
                found += _large_marker(key, plot.point(index, value), look)
        return tuple(found)


def _line(series: Series, key: Key, plot: Plot, look: Look) -> list[Item]:
    color = key.ink.of(look.colors)
    known = runs(series.values)
    points = [[plot.point(*one) for one in run] for run in known]
    items: list[Item] = []
    if series.is_filled:
        pale = QColor(color)
        pale.setAlpha(_FILL_ALPHA)
        items.append(Shape(ground(points, plot.y(0)), pale))
    items.append(Strokes(course(points), color, _WIDTH))
    path = QPainterPath()
    for one in marked(known, plot.band):
        path.addPath(marker(key.place, plot.point(*one), _RADIUS))
    items.append(Shape(path, color))
    return items


def marked(known: Sequence[Run], band: float) -> Run:
    """Far enough apart to be told apart; the ends of a run always, and so also a point that stands alone."""
    stride = max(1, math.ceil(_BETWEEN_MARKERS / band))
    return tuple(one for run in known for one in run if one in (run[0], run[-1]) or one[0] % stride == 0)


def _large_marker(key: Key, at: QPointF, look: Look) -> tuple[Item, ...]:
    radius = _RADIUS + 1
    return (
        Shape(marker(key.place, at, radius + _HALO), look.colors.surface),
        Shape(marker(key.place, at, radius), key.ink.of(look.colors)),
    )
