"""A table that leaves out what it can do without where there is little room; it never scrolls sideways."""

from collections.abc import Collection

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QResizeEvent

from ui.models.columns import Column
from ui.widgets.table import Table

_NARROW = 620


class NarrowingTable(Table):
    """`spare` are the columns that it can do without."""

    def __init__(
        self, model: QAbstractItemModel, columns: tuple[Column, ...], name: str, spare: Collection[int]
    ) -> None:
        super().__init__(model, columns, name)
        self._spare = spare
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 -- Qt's name
        is_narrow = event.size().width() < _NARROW
        for column in self._spare:
            self.setColumnHidden(column, is_narrow)
        super().resizeEvent(event)
