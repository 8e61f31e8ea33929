"""A short table on this page: as high as its rows, and its last column takes what is left."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent

from ui.models.columns import Column
from ui.models.rows import RowsModel
from ui.widgets.table import Table


class ShortTable(Table):
    """All rows are seen: it never scrolls down, and sideways only where the page is very narrow."""

    def __init__(self, model: RowsModel, columns: tuple[Column, ...], name: str) -> None:
        super().__init__(model, columns, name)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._last = len(columns) - 1
        self._least = self.columnWidth(self._last)
        self.fit()

    def fit(self) -> None:
        """To the rows that are there, and to the bar below them."""
        self.fit_height(self.model().rowCount())
        if self._is_too_narrow():
            self.setFixedHeight(self.height() + self.horizontalScrollBar().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 -- Qt's name
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            left = self.viewport().width() - self._others()
            self.setColumnWidth(self._last, max(left, self._least))
            self.fit()

    def _is_too_narrow(self) -> bool:
        return self._others() + self._least > self.viewport().width()

    def _others(self) -> int:
        return sum(self.columnWidth(place) for place in range(self._last))
