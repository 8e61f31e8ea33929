"""What bars, stacks and lines share: several series over categories, with axes and a legend."""

from typing import ClassVar, Literal

from PySide6.QtCore import QRectF, QSize
from PySide6.QtWidgets import QWidget

from ui.mistakes import called_by_qt
from ui.widgets.charts.axes import axes, plot_for
from ui.widgets.charts.chart import Chart
from ui.widgets.charts.data import Figure, Series, Table, Value
from ui.widgets.charts.drawing import Drawing, Items
from ui.widgets.charts.inks import SeriesInk
from ui.widgets.charts.legend import Entry, legend
from ui.widgets.charts.look import Look
from ui.widgets.charts.plot import Plot
from ui.widgets.charts.signs import Key
from ui.widgets.charts.telling import Fact, Telling

_LEGEND_SHARE = 0.4
"""A legend that would take more of the height is left out: the tips tell the names as well."""
_LINES_HIGH = 14
_LEAST_LINES_HIGH = 7
_LEAST_LINES_WIDE = 14


def keys_of(figure: Figure, kind: Literal["bar", "line"]) -> tuple[Key, ...]:
    """Sign and colour go by place, so that a series keeps both while its values change."""
    return tuple(
        Key(series.ink or SeriesInk(place), place, kind) for place, series in enumerate(figure.series)
    )


class CategoryChart(Chart):
    """A kind says how high its values reach and what stands upon the axes."""

    kind: ClassVar[Literal["bar", "line"]] = "bar"

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._figure = Figure((), ())
        self.renew()

    @property
    def figure(self) -> Figure:
        return self._figure

    def set_figure(self, figure: Figure) -> None:
        if figure != self._figure:
            self._figure = figure
            self.renew()

    def reach(self) -> tuple[float, float]:
        """The lowest and the highest that is drawn."""
        known = [value for series in self._figure.series for value in series.values if value is not None]
        return min(known), max(known)

    def draw_on(self, plot: Plot, look: Look) -> Drawing:
        """What stands within the axes."""
        raise NotImplementedError

    def points(self) -> int:
        return len(self._figure.categories) if self._figure.is_known else 0

    def empty_words(self) -> str:
        return self.tr("Not known yet") if self._figure.categories else super().empty_words()

    def draw(self, room: QRectF, look: Look) -> Drawing:
        plot, around = self.frame(room, look)
        upon = self.draw_on(plot, look)
        return Drawing((*around, *upon.items), plot.spots(), upon.emphasis)

    def frame(self, room: QRectF, look: Look) -> tuple[Plot, Items]:
        """The field for the values, and what stands around it."""
        keys = keys_of(self._figure, self.kind)
        entries = [Entry(series.name, key) for series, key in zip(self._figure.series, keys, strict=True)]
        names = legend(entries if len(entries) > 1 else (), room, look)
        if names.height > room.height() * _LEGEND_SHARE:
            names = legend((), room, look)
        plot = plot_for(self._figure, *self.reach(), room.adjusted(0, names.height, 0, 0), look)
        return plot, (*names.items, *axes(self._figure, plot, look))

    def told(self, value: Value) -> str:
        return self.tr("unknown") if value is None else self._figure.unit.told(value)

    def telling(self, index: int) -> Telling:
        keys = keys_of(self._figure, self.kind)
        facts = (
            Fact(series.name, self.told(series.values[index]), key)
            for series, key in zip(self._figure.series, keys, strict=True)
        )
        return Telling(self._figure.categories[index], tuple(facts))

    def as_table(self) -> Table:
        figure = self._figure
        headers = (figure.over, *(series.name for series in figure.series))
        rows = (
            (category, *(self.told(series.values[index]) for series in figure.series))
            for index, category in enumerate(figure.categories)
        )
        return Table(headers, tuple(rows))

    def summary(self) -> str:
        categories = self._figure.categories
        words = "; ".join(self.parts_of_summary())
        sentence = self.tr("%1 to %2: %3.") if len(categories) > 1 else self.tr("%1: %3.")
        return sentence.replace("%1", categories[0]).replace("%2", categories[-1]).replace("%3", words)

    def parts_of_summary(self) -> tuple[str, ...]:
        return tuple(self.words_for(series) for series in self._figure.series)

    def words_for(self, series: Series) -> str:
        known = [value for value in series.values if value is not None]
        if not known:
            return self.tr("%1 unknown").replace("%1", series.name)
        low, high = self.told(min(known)), self.told(max(known))
        sentence = self.tr("%1 %2") if low == high else self.tr("%1 from %2 to %3")
        return sentence.replace("%1", series.name).replace("%2", low).replace("%3", high)

    @called_by_qt
    def sizeHint(self) -> QSize:  # noqa: N802  Qt's name
        line = self.look().line
        return QSize(round(line * _LINES_HIGH * 2), round(line * _LINES_HIGH))

    @called_by_qt
    def minimumSizeHint(self) -> QSize:  # noqa: N802  Qt's name
        line = self.look().line
        return QSize(round(line * _LEAST_LINES_WIDE), round(line * _LEAST_LINES_HIGH))
