"""The course along time as a chart, of money, of tokens or of requests."""

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.frame.panel import Panel
from ui.widgets.charts.category_chart import CategoryChart
from ui.widgets.charts.chart_with_table import ChartWithTable
from ui.widgets.charts.line_chart import LineChart
from ui.widgets.charts.stacked_bar_chart import StackedBarChart
from ui.windows.usage.asking import Line
from ui.windows.usage.segments import Segments
from ui.windows.usage.series import View, figure
from ui.windows.usage.told import by_unit

_HIGH = 280


class Course(Panel):
    """Shows what it was given last in another view at once."""

    def __init__(self, now: Callable[[], float]) -> None:
        super().__init__(" ")
        self._now = now
        self._usage: Line | None = None
        self.views = Segments(
            self.tr("What the chart shows"),
            {
                View.MONEY.value: self.tr("Money"),
                View.TOKENS.value: self.tr("Tokens"),
                View.REQUESTS.value: self.tr("Requests"),
            },
        )
        self.views.chosen.connect(self._on_view)
        self.add_to_head(self.views)
        self.charts: dict[View, CategoryChart] = {
            View.MONEY: LineChart(self.tr("Cost, baseline and savings")),
            View.TOKENS: StackedBarChart(self.tr("Tokens by kind")),
            View.REQUESTS: StackedBarChart(self.tr("Requests by tier")),
        }
        content = QWidget()
        column = QVBoxLayout(content)
        self._both: dict[View, ChartWithTable] = {}
        for view, chart in self.charts.items():
            self._both[view] = both = ChartWithTable(chart)
            both.setFixedHeight(_HIGH)
            column.addWidget(both)
        self.fill(content)
        self._on_view()
        self.ready()

    @property
    def view(self) -> View:
        return View(self.views.current)

    def show_usage(self, usage: Line) -> None:
        self._usage = usage
        self.title.setText(by_unit(usage["series_unit"]))
        self.setAccessibleName(self.title.text())
        self._draw()

    def _on_view(self) -> None:
        for view, both in self._both.items():
            both.setVisible(view is self.view)
        self._draw()

    def _draw(self) -> None:
        """Only the one that is seen."""
        if self._usage is not None:
            self.charts[self.view].set_figure(figure(self.view, self._usage, self._now()))
