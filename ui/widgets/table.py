"""A table as all pages show it: whole rows, no grid, columns as wide as what they hold is meant to be."""

from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from ui.mistakes import called_by_qt
from ui.models.columns import Column

_ROW_AIR = 12
_CELL_AIR = 22
NARROWEST = 40
_MEASURED = 30
"""Rows whose texts are measured, about as many as are seen at once: each text takes some microseconds."""
_SEARCHED = 500
"""Rows among which a typed letter leads to the one that begins with it: to ask each takes microseconds."""


class Table(QTableView):
    """`opened` is emitted for the row that was double-clicked or on which Enter was pressed."""

    opened = Signal(QModelIndex)

    def __init__(self, model: QAbstractItemModel, columns: tuple[Column, ...], name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows = self.verticalHeader()
        rows.hide()
        rows.setDefaultSectionSize(self.fontMetrics().height() + _ROW_AIR)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._widen(columns)
        self.doubleClicked.connect(self.opened)

    @called_by_qt
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 -- Qt's name
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex())
            return
        super().keyPressEvent(event)

    @called_by_qt
    def keyboardSearch(self, search: str) -> None:  # noqa: N802 -- Qt's name
        if self.model().rowCount() <= _SEARCHED:
            super().keyboardSearch(search)

    def fit_height(self, most: int) -> None:
        """As high as its rows, up to so many: for a short table within a page that scrolls."""
        rows = min(max(self.model().rowCount(), 1), most)
        head = self.horizontalHeader().sizeHint().height()
        within = head + rows * self.verticalHeader().defaultSectionSize()
        self.setFixedHeight(within + 2 * self.frameWidth() + 2)

    def width_needed(self, place: int) -> int:
        """Of a column, so that none of its texts is cut."""
        indexes = (self.model().index(row, place) for row in range(min(self.model().rowCount(), _MEASURED)))
        return max(map(self._advance, indexes), default=0) + _CELL_AIR

    def _advance(self, index: QModelIndex) -> int:
        font = index.data(Qt.ItemDataRole.FontRole)
        metrics = self.fontMetrics() if font is None else QFontMetrics(font)
        return metrics.horizontalAdvance(str(index.data()))

    def _widen(self, columns: tuple[Column, ...]) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(NARROWEST)
        width = self.fontMetrics().averageCharWidth()
        for place, column in enumerate(columns):
            if column.characters:
                self.setColumnWidth(place, max(column.characters, len(column.title)) * width + _CELL_AIR)
            else:
                header.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
