"""The sums by tier, provider, model or client, as a table; Enter on a line narrows the page to it."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.frame.panel import Panel
from ui.mistakes import called_by_qt
from ui.widgets.table import Table
from ui.windows.usage.asking import Line
from ui.windows.usage.columns import SUM, measures
from ui.windows.usage.segments import Segments
from ui.windows.usage.sort_header import SortHeader
from ui.windows.usage.sorted_rows import SortedRows

_MOST_ROWS = 24


class Breakdown(Panel):
    """`picked` tells a group and the name in it on which Enter was pressed. Each table keeps its order."""

    picked = Signal(str, str)

    def __init__(self) -> None:
        super().__init__(" ")
        self._usage: Line | None = None
        self._names = {
            "tier": self.tr("Tier"),
            "provider": self.tr("Provider"),
            "model": self.tr("Model"),
            "client": self.tr("Client"),
        }
        self.groups = Segments(self.tr("What the sums are by"), self._names)
        self.groups.chosen.connect(self._on_group)
        self.add_to_head(self.groups)
        self._content = QWidget()
        self._column = QVBoxLayout(self._content)
        self.tables: dict[str, GroupTable] = {}
        self.fill(self._content)
        self._on_group()
        self.ready()

    @property
    def table(self) -> "GroupTable":
        return self.tables[self.groups.current]

    def show_usage(self, usage: Line) -> None:
        self._usage = usage
        self._show()

    def _show(self) -> None:
        """Only the table that is seen."""
        if self._usage is not None:
            group = self.groups.current
            self.table.rows.show_lines(self._usage[f"by_{group}"], self._usage["totals"])
            self.table.fit_height(_MOST_ROWS)

    def _on_group(self) -> None:
        """A table is made when it is first seen."""
        if self.groups.current not in self.tables:
            self.tables[self.groups.current] = self._table(self.groups.current)
        for group, table in self.tables.items():
            table.setVisible(group == self.groups.current)
        self.title.setText(self.tr("By %1").replace("%1", self._names[self.groups.current].lower()))
        self.setAccessibleName(self.title.text())
        self._show()

    def _table(self, group: str) -> "GroupTable":
        table = GroupTable(group, self.tr("Sums by %1").replace("%1", self._names[group].lower()))
        table.picked.connect(self.picked)
        self._column.addWidget(table)
        *_, last = self.groups.buttons.values()
        QWidget.setTabOrder(last, table.head)
        QWidget.setTabOrder(table.head, table)
        return table


class GroupTable(Table):
    """The name takes what the numbers leave; where that is little, the table scrolls sideways.

    No number is cut: its column grows with it, and does not shrink again.
    """

    picked = Signal(str, str)

    def __init__(self, group: str, name: str) -> None:
        self._group = group
        self.rows = SortedRows(measures(group))
        columns = self.rows.columns
        super().__init__(self.rows, columns, name)
        self.rows.setParent(self)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.head = SortHeader(self.tr("Columns: arrows choose one, space sorts by it"))
        self.setHorizontalHeader(self.head)
        self._widen(columns)
        self._least = self.columnWidth(0)
        self.head.wanted.connect(self.sort_by)
        self.opened.connect(self._on_opened)
        self.rows.sorted_by.connect(self._announce)

    def sort_by(self, place: int) -> None:
        """The largest first, names from A to Z; once more, the other way round."""
        falls = Qt.SortOrder.DescendingOrder
        rises = Qt.SortOrder.AscendingOrder
        first, second = (falls, rises) if self.rows.columns[place].is_number else (rises, falls)
        is_again = place == self.rows.place and self.rows.order is first
        self.rows.sort(place, second if is_again else first)

    @called_by_qt
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 -- Qt's name
        super().resizeEvent(event)
        self._give_the_name_what_is_left()

    def _give_the_name_what_is_left(self) -> None:
        numbers = self.head.length() - self.columnWidth(0)
        self.setColumnWidth(0, max(self._least, self.viewport().width() - numbers))

    def fit_height(self, most: int) -> None:
        """To the rows that are there, with room for the bar where it scrolls sideways."""
        for place, column in enumerate(self.rows.columns):
            if column.is_number:
                self.setColumnWidth(place, max(self.columnWidth(place), self.width_needed(place)))
        self._give_the_name_what_is_left()
        super().fit_height(most)
        if self.head.length() > self.viewport().width():
            self.setFixedHeight(self.minimumHeight() + self.horizontalScrollBar().sizeHint().height())

    def _on_opened(self, index: QModelIndex) -> None:
        row = self.rows.row(index)
        if not row[SUM]:
            self.picked.emit(self._group, row["name"])

    def _announce(self, order: str) -> None:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, order))
