"""A table whose rows are all there. Rows are known by a key, so that a change keeps what is selected."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.models.columns import Column, Row, cell, head

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class RowsModel(QAbstractTableModel):
    """Give it other rows at any time; only what differs is told to the view."""

    def __init__(
        self, columns: Sequence[Column], key: Callable[[Row], object], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._key = key
        self._rows: list[Row] = []

    def show_rows(self, rows: Sequence[Row]) -> None:
        if list(map(self._key, rows)) != list(map(self._key, self._rows)):
            self._replace(rows)
            return
        before, self._rows = self._rows, list(rows)
        last = len(self.columns) - 1
        for place, (old, new) in enumerate(zip(before, rows, strict=True)):
            if old != new:
                self.dataChanged.emit(self.index(place, 0), self.index(place, last))

    def row(self, index: Index) -> Row:
        return self._rows[index.row()]

    def place_of(self, key: object) -> int | None:
        return next((place for place, row in enumerate(self._rows) if self._key(row) == key), None)

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802 -- Qt's name
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802 -- Qt's name
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return cell(self.columns, self._rows[index.row()], index.column(), role) if index.isValid() else None

    def headerData(  # noqa: N802 -- Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        return head(self.columns, section, role) if orientation is Qt.Orientation.Horizontal else None

    def _replace(self, rows: Sequence[Row]) -> None:
        """Other rows, or another order: what the view holds of a row goes with its key."""
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        keys = [self._key(self._rows[index.row()]) for index in held]
        self._rows = list(rows)
        places = {self._key(row): place for place, row in enumerate(self._rows)}
        after = [
            self.index(places[key], index.column()) if key in places else QModelIndex()
            for index, key in zip(held, keys, strict=True)
        ]
        self.changePersistentIndexList(held, after)
        self.layoutChanged.emit()
