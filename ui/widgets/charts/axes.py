"""The axes: lines at round values, their numbers at the left, the categories below."""

from PySide6.QtCore import QRectF

from ui.widgets.charts.data import Figure
from ui.widgets.charts.drawing import Boxes, Item, Items, words
from ui.widgets.charts.look import Look
from ui.widgets.charts.plot import Plot
from ui.widgets.charts.thinning import thinned
from ui.widgets.charts.ticks import nice_ticks

_LINES_PER_TICK = 2.4
_MOST_TICKS = 6


def plot_for(figure: Figure, low: float, high: float, room: QRectF, look: Look) -> Plot:
    """The field that is left beside the numbers and above the categories."""
    top = room.top() + look.line / 2
    bottom = room.bottom() - look.line - look.gap * 1.5
    height = max(1.0, bottom - top)
    most = max(1, min(_MOST_TICKS, int(height / (look.line * _LINES_PER_TICK))))
    ticks = nice_ticks(low, high, most, figure.unit.least_step)
    left = room.left() + max(map(look.width, _numbers(figure, ticks))) + look.gap * 1.5
    area = look.box(left, top, max(left + 1, room.right()), top + height)
    return Plot(area, len(figure.categories), ticks)


def axes(figure: Figure, plot: Plot, look: Look) -> Items:
    return *_values(figure, plot, look), *_categories(figure, plot, look)


def _numbers(figure: Figure, ticks: tuple[float, ...]) -> list[str]:
    step = ticks[1] - ticks[0]
    return [figure.unit.tick(tick, step) for tick in ticks]


def _values(figure: Figure, plot: Plot, look: Look) -> list[Item]:
    """The zero line is stronger than the others: what lies below it is a loss."""
    area = plot.area
    items: list[Item] = []
    for tick, number in zip(plot.ticks, _numbers(figure, plot.ticks), strict=True):
        y = look.snapped(plot.y(tick) - look.hairline / 2)
        color = look.colors.muted if tick == 0 else look.colors.grid
        items.append(Boxes((QRectF(area.left(), y, area.width(), look.hairline),), color))
        left = area.left() - look.gap * 1.5 - look.width(number)
        items.append(words(number, left, plot.y(tick) - look.line / 2, look.colors.muted, look))
    return items


def _categories(figure: Figure, plot: Plot, look: Look) -> list[Item]:
    centres = [plot.centre(index) for index in range(plot.count)]
    widths = [look.width(category) for category in figure.categories]
    placed = thinned(centres, widths, look.gap * 2, plot.area.left(), plot.area.right())
    top = plot.area.bottom() + look.gap
    return [words(figure.categories[one.index], one.left, top, look.colors.muted, look) for one in placed]
