"""The rows of a table in the order that was asked for, with their sums below."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QFont

from ui.mistakes import called_by_qt
from ui.models.columns import Row
from ui.models.rows import RowsModel
from ui.models.table import Index
from ui.windows.usage.asking import Line
from ui.windows.usage.columns import SUM, Measured, in_order, key_of

_COST = 5


class SortedRows(RowsModel):
    """The dearest first, until somebody sorts. `sorted_by` tells the new order in words."""

    sorted_by = Signal(str)

    def __init__(self, measures: Sequence[Measured], parent: QObject | None = None) -> None:
        super().__init__([each.column for each in measures], key_of, parent)
        self._measures = measures
        self._lines: Sequence[Row] = ()
        self._sums: Sequence[Row] = ()
        self.place, self.order = _COST, Qt.SortOrder.DescendingOrder
        self._bold = QFont()
        self._bold.setWeight(QFont.Weight.DemiBold)

    def show_lines(self, lines: Sequence[Line], totals: Line) -> None:
        self._lines = [{**line, SUM: False} for line in lines]
        self._sums = [{**totals, SUM: True}]
        self._show()

    @called_by_qt
    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.place, self.order = column, order
        self._show()
        falls = order is Qt.SortOrder.DescendingOrder
        told = self.tr("sorted by %1, falling") if falls else self.tr("sorted by %1, rising")
        self.sorted_by.emit(told.replace("%1", self.columns[column].title))

    @called_by_qt
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.FontRole and index.isValid():
            return self._bold if self.row(index)[SUM] else None
        return super().data(index, role)

    @called_by_qt
    def headerData(  # noqa: N802 -- Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The arrow is part of the word, so that it is read aloud too."""
        told = super().headerData(section, orientation, role)
        if role == Qt.ItemDataRole.DisplayRole and told and section == self.place:
            return f"{told} {'↓' if self.order is Qt.SortOrder.DescendingOrder else '↑'}"
        return told

    def _show(self) -> None:
        is_falling = self.order is Qt.SortOrder.DescendingOrder
        ordered = in_order(self._lines, self._measures[self.place], is_falling=is_falling)
        self.show_rows([*ordered, *self._sums])
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)
