"""One figure of today: the number large, what belongs to it below, and its last days as a line."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui.frame.panel import Panel
from ui.theme.roles import with_role
from ui.widgets.charts.data import Figure
from ui.widgets.charts.sparkline import Sparkline
from ui.windows.overview.figures import Told

_TO_COME = "…"
_BOTTOM = Qt.AlignmentFlag.AlignBottom


class FigurePanel(Panel):
    """`tell` gives it what it says, `draw` its last days; both may come in any order."""

    def __init__(self, title: str, trend_title: str) -> None:
        super().__init__(title)
        self.number = with_role(QLabel(_TO_COME), "figure")
        self.beside = with_role(QLabel(), "muted")
        self.wider = with_role(QLabel(), "muted")
        self.trend = Sparkline(trend_title)
        self.trend.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.trend.hide()
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.number, 0, _BOTTOM)
        top.addWidget(self.trend, 1, _BOTTOM)
        content = QWidget()
        rows = QVBoxLayout(content)
        rows.setSpacing(2)
        rows.addLayout(top)
        rows.addWidget(self.beside)
        rows.addStretch()
        rows.addWidget(self.wider)
        self.beside.setWordWrap(True)
        self.wider.setWordWrap(True)
        self.fill(content)
        self.ready()  # so that the first answer moves nothing

    def tell(self, told: Told) -> None:
        self.number.setText(told.number)
        self.beside.setText(told.beside)
        self.wider.setText(told.wider)
        self.setAccessibleDescription(f"{told.number}. {told.beside}. {told.wider}")
        self.ready()

    def draw(self, figure: Figure) -> None:
        """Days on which nothing at all is known are no line."""
        self.trend.set_figure(figure)
        self.trend.setVisible(figure.is_known and any(figure.series[0].values))
