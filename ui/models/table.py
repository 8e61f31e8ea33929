"""What every table model is: columns, and rows that are known by a key."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.mistakes import called_by_qt
from ui.models.columns import Column, Row, cell, head

Index = QModelIndex | QPersistentModelIndex
NOWHERE: Final = QModelIndex()


class TableModel(QAbstractTableModel):
    """How its rows come to be there is for each kind to say."""

    def __init__(
        self, columns: Sequence[Column], key: Callable[[Row], object], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._key = key
        self._rows: list[Row] = []

    def row(self, index: Index) -> Row:
        return self._rows[index.row()]

    def place_of(self, key: object) -> int | None:
        return next((place for place, row in enumerate(self._rows) if self._key(row) == key), None)

    @called_by_qt
    def rowCount(self, parent: Index = NOWHERE) -> int:  # noqa: N802 -- Qt's name
        return 0 if parent.isValid() else len(self._rows)

    @called_by_qt
    def columnCount(self, parent: Index = NOWHERE) -> int:  # noqa: N802 -- Qt's name
        return 0 if parent.isValid() else len(self.columns)

    @called_by_qt
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return cell(self.columns, self._rows[index.row()], index.column(), role) if index.isValid() else None

    @called_by_qt
    def headerData(  # noqa: N802 -- Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        return head(self.columns, section, role) if orientation is Qt.Orientation.Horizontal else None
