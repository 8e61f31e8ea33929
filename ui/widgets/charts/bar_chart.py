"""Bars side by side for each category."""

from collections.abc import Iterable

from ui.widgets.charts.bars import Boxes, side_by_side
from ui.widgets.charts.category_chart import CategoryChart, keys_of
from ui.widgets.charts.data import Figure
from ui.widgets.charts.drawing import Drawing, Items, words
from ui.widgets.charts.look import Look
from ui.widgets.charts.plot import Plot
from ui.widgets.charts.signs import patterned

UNKNOWN_SIGN = "?"


def filled(figure: Figure, boxes: Boxes, look: Look) -> Items:
    """Each series in its colour and pattern."""
    return tuple(patterned(key, one, look) for one, key in zip(boxes, keys_of(figure, "bar"), strict=True))


def question_marks(places: Iterable[tuple[float, float]], room: float, look: Look) -> Items:
    """Above what is unknown, where there is room for it; the places are centres and bottoms."""
    width = look.width(UNKNOWN_SIGN)
    if width > room:
        return ()
    return tuple(
        words(UNKNOWN_SIGN, x - width / 2, y - look.line, look.colors.muted, look) for x, y in places
    )


class BarChart(CategoryChart):
    def draw_on(self, plot: Plot, look: Look) -> Drawing:
        figure = self.figure
        bars = side_by_side(figure, plot, look)
        width = plot.band / (len(figure.series) + 1)
        gaps = (
            (plot.centre(index) + (place + 0.5 - len(figure.series) / 2) * width, plot.y(0))
            for place, series in enumerate(figure.series)
            for index, value in enumerate(series.values)
            if value is None
        )
        return Drawing((*filled(figure, bars, look), *question_marks(gaps, width, look)))
