"""A table whose rows are all there. Rows are known by a key, so that a change keeps what is selected."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex

from ui.models.columns import Row
from ui.models.table import TableModel


class RowsModel(TableModel):
    """Give it other rows at any time; only what differs is told to the view."""

    def show_rows(self, rows: Sequence[Row]) -> None:
        if list(map(self._key, rows)) != list(map(self._key, self._rows)):
            self._replace(rows)
            return
        before, self._rows = self._rows, list(rows)
        changed = [place for place, old in enumerate(before) if old != self._rows[place]]
        if changed:  # told at once: who listens may measure them
            last = len(self.columns) - 1
            self.dataChanged.emit(self.index(changed[0], 0), self.index(changed[-1], last))

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
