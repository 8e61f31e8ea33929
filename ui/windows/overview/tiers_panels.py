"""The last seven days by tier, and how the requests of these days are spread over the tiers."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.frame.panel import Panel
from ui.theme.roles import with_role
from ui.widgets.charts.chart_with_table import ChartWithTable
from ui.widgets.charts.share_bar import ShareBar
from ui.widgets.charts.stacked_bar_chart import StackedBarChart
from ui.widgets.charts.units import MONEY
from ui.windows.overview.speech import Part
from ui.windows.overview.tiers import Measure, by_tier, mix
from ui.words import count, money

_LINES_HIGH = 13
_LINES_OF_SHARES = 5
"""The bar and two lines of names below it, or three."""


class DaysPanel(Panel):
    """Requests or cost, as chosen; the answer to both is there already."""

    def __init__(self) -> None:
        super().__init__(self.tr("Last 7 days by tier"))
        self.chart = StackedBarChart(self.tr("By day and tier"))
        self.chart.setMinimumHeight(_LINES_HIGH * self.fontMetrics().height())
        self.measure: Measure = "requests"
        self._usage: Part | None = None
        self._choice = QButtonGroup(self)
        self.choices = self._two_buttons()
        self.add_to_head(self.choices)
        self.fill(ChartWithTable(self.chart))

    def show_usage(self, usage: Part) -> None:
        self._usage = usage
        figure = by_tier(usage["daily"], self.measure)
        self.choices.setVisible(bool(figure.categories))
        if not figure.categories:
            self.empty(self.tr("Requests of the last 7 days appear here, day by day."))
            return
        self.chart.set_figure(figure)
        self.ready()

    def _two_buttons(self) -> QWidget:
        """One of them is down."""
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        names: tuple[tuple[Measure, str], ...] = (
            ("requests", self.tr("&Requests")),
            ("cost", self.tr("&Cost")),
        )
        for measure, title in names:
            button = QPushButton(title)
            button.setCheckable(True)
            button.setChecked(measure == self.measure)
            button.clicked.connect(partial(self._choose, measure))
            self._choice.addButton(button)
            layout.addWidget(button)
        return row

    def _choose(self, measure: Measure) -> None:
        self.measure = measure
        if self._usage is not None:
            self.show_usage(self._usage)


class MixPanel(Panel):
    """The share of each tier in the requests and, beside it, in what they cost."""

    def __init__(self, open_tiers: Callable[[], object]) -> None:
        super().__init__(self.tr("Tier mix"))
        self.requests = ShareBar(self.tr("Share of requests by tier in the last 7 days"))
        self.cost = ShareBar(self.tr("Share of cost by tier in the last 7 days"))
        self.all_requests, self.all_cost = (with_role(QLabel(), "muted") for _ in range(2))
        self.tiers = with_role(QPushButton(self.tr("&Tiers")), "quiet")
        self.tiers.clicked.connect(open_tiers)
        self.add_to_head(self.tiers)
        content = QWidget()
        rows = QVBoxLayout(content)
        for bar in (self.requests, self.cost):
            bar.setMinimumHeight(_LINES_OF_SHARES * self.fontMetrics().height())
        for widget in (self.all_requests, self.requests, self.all_cost, self.cost):
            rows.addWidget(widget)
        rows.addStretch()
        self.fill(content)

    def show_usage(self, usage: Part) -> None:
        totals, tiers = usage["totals"], usage["by_tier"]
        if not totals["requests"]:
            self.empty(self.tr("Which share of the requests each tier takes is shown here."))
            return
        self.requests.set_shares(mix(tiers, "requests"))
        self.cost.set_shares(mix(tiers, "cost"), MONEY)
        self.all_requests.setText(
            self.tr("Of %1 requests in 7 days").replace("%1", count(totals["requests"]))
        )
        self.all_cost.setText(self.tr("Of %1 spent in 7 days").replace("%1", money(totals["cost_usd"])))
        self.ready()
