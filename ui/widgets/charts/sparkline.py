"""A tiny line without axes, for a row of a table or beside a number."""

from functools import partial
from typing import Final

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainterPath

from ui.mistakes import called_by_qt
from ui.widgets.charts.drawing import Drawing, Item, Items, Shape, Strokes
from ui.widgets.charts.line_chart import LineChart
from ui.widgets.charts.lines import course, runs
from ui.widgets.charts.look import Look
from ui.widgets.charts.plot import Plot

_WIDTH: Final = 1.6
_DOT: Final = 2.2
_LINES_WIDE: Final = 6
_LINES_HIGH: Final = 1.6


class Sparkline(LineChart):
    """Its scale reaches from the least to the most, so that a small change shows."""

    def frame(self, room: QRectF, look: Look) -> tuple[Plot, Items]:
        low, high = self.reach()
        room = room.adjusted(0, _DOT, 0, -_DOT)
        return Plot(room, len(self.figure.categories), (low, high) if low < high else (low - 1, low + 1)), ()

    def draw_on(self, plot: Plot, look: Look) -> Drawing:
        """A dot ends each line and stands for a point that is alone."""
        items: list[Item] = []
        for series, key in self.keyed_series():
            points = [[plot.point(*one) for one in run] for run in runs(series.values)]
            dots = QPainterPath()
            for run in points:
                if len(run) == 1 or run is points[-1]:
                    dots.addEllipse(run[-1], _DOT, _DOT)
            color = key.ink.of(look.colors)
            items += [Strokes(course(points), color, _WIDTH), Shape(dots, color)]
        return Drawing(tuple(items), emphasis=partial(self.emphasised, plot, look))

    @called_by_qt
    def sizeHint(self) -> QSize:  # noqa: N802  Qt's name
        line = self.look().line
        return QSize(round(line * _LINES_WIDE), round(line * _LINES_HIGH))

    @called_by_qt
    def minimumSizeHint(self) -> QSize:  # noqa: N802  Qt's name
        return self.sizeHint() / 2
