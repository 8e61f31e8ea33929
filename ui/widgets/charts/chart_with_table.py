"""A chart that can be read as a table: the same numbers, one switch between the two."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ui.widgets.charts.chart import Chart

_MEASURED_ROWS: Final = 60
"""How many rows decide the width of a column: measuring them all would take long in a long table."""

_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class ChartWithTable(QWidget):
    """The chart under its title; T, the button or the context menu shows its table in its place."""

    def __init__(self, chart: Chart, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chart = chart
        self.table = _empty_table(chart.accessibleName())
        self.toggle = QAction(self.tr("Show as table"), self, checkable=True)
        self.toggle.setShortcut(Qt.Key.Key_T)
        self.toggle.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.toggle.toggled.connect(self._on_toggled)
        self.addAction(self.toggle)
        self._pages = QStackedWidget()
        for page in (chart, self.table):
            self._pages.addWidget(page)
            page.addAction(self.toggle)
            page.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self._lay_out()
        chart.data_changed.connect(self._on_data)

    def _lay_out(self) -> None:
        title = QLabel(self.chart.accessibleName())
        title.setBuddy(self.chart)
        button = QToolButton()
        button.setDefaultAction(self.toggle)
        button.setAutoRaise(True)
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(self._pages, 1)
        self.setFocusProxy(self.chart)

    def _on_toggled(self, shows_table: bool) -> None:  # noqa: FBT001  the signal's argument
        page = self.table if shows_table else self.chart
        if shows_table:
            self._fill()
        self._pages.setCurrentWidget(page)
        self.setFocusProxy(page)

    def _on_data(self) -> None:
        """A table that nobody sees is not filled."""
        if self.toggle.isChecked():
            self._fill()

    def _fill(self) -> None:
        headers, rows = self.chart.as_table()
        self.table.setColumnCount(len(headers))
        for column, text in enumerate(headers):
            self.table.setHorizontalHeaderItem(column, _cell(text, column))
        self.table.setRowCount(len(rows))
        for place, row in enumerate(rows):
            for column, text in enumerate(row):
                self.table.setItem(place, column, _cell(text, column))


def _cell(text: str, column: int) -> QTableWidgetItem:
    """Numbers end at the right; the first column has the names."""
    cell = QTableWidgetItem(text)
    cell.setTextAlignment(_RIGHT if column else _LEFT)
    return cell


def _empty_table(title: str) -> QTableWidget:
    table = QTableWidget()
    table.setAccessibleName(title)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.verticalHeader().hide()
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    table.horizontalHeader().setStretchLastSection(True)
    table.horizontalHeader().setResizeContentsPrecision(_MEASURED_ROWS)
    table.setWordWrap(False)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    return table
