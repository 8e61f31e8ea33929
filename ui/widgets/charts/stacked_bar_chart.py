"""Bars upon each other for each category, and what they come to together."""

from ui.widgets.charts.bar_chart import filled, question_marks
from ui.widgets.charts.bars import stack_reach, upon_each_other
from ui.widgets.charts.category_chart import CategoryChart
from ui.widgets.charts.data import Series, Table, Value, total
from ui.widgets.charts.drawing import Drawing
from ui.widgets.charts.look import Look
from ui.widgets.charts.plot import Plot
from ui.widgets.charts.telling import Fact, Telling


class StackedBarChart(CategoryChart):
    def reach(self) -> tuple[float, float]:
        return stack_reach(self.figure)

    def draw_on(self, plot: Plot, look: Look) -> Drawing:
        """A stack that lacks a part has a sign above it: it may be higher than it looks."""
        bars = upon_each_other(self.figure, plot, look)
        incomplete = [index for index in range(plot.count) if None in self._values(index)]
        gaps = ((plot.centre(index), plot.y(self._height(index))) for index in incomplete)
        return Drawing((*filled(self.figure, bars, look), *question_marks(gaps, plot.band, look)))

    def telling(self, index: int) -> Telling:
        plain = super().telling(index)
        return Telling(
            plain.heading, (*plain.facts, Fact(self.tr("Total"), self._total(self._values(index))))
        )

    def as_table(self) -> Table:
        plain = super().as_table()
        totals = (self._total(self._values(index)) for index in range(len(plain.rows)))
        rows = (((*row, whole)) for row, whole in zip(plain.rows, totals, strict=True))
        return Table((*plain.headers, self.tr("Total")), tuple(rows))

    def parts_of_summary(self) -> tuple[str, ...]:
        values = tuple(value for series in self.figure.series for value in series.values)
        whole = self.tr("in total %1").replace("%1", self._total(values))
        return *super().parts_of_summary(), whole

    def words_for(self, series: Series) -> str:
        return f"{series.name} {self._total(series.values)}"

    def _values(self, index: int) -> tuple[Value, ...]:
        return tuple(series.values[index] for series in self.figure.series)

    def _height(self, index: int) -> float:
        return sum(value for value in self._values(index) if value and value > 0)

    def _total(self, values: tuple[Value, ...]) -> str:
        """A sum that lacks a part says so."""
        known = total(values)
        told = self.told(known)
        if known is None or None not in values:
            return told
        return self.tr("%1 + unknown").replace("%1", told)
