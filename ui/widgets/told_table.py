"""A table with one long column, whose text stands in full beneath for the row that one is at."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ui.models.columns import Column, Row
from ui.models.rows import RowsModel
from ui.theme.roles import with_role
from ui.widgets.narrowing import NarrowingTable


class ToldTable(QWidget):
    """`sentence` is what is said of the current row, `spare` are columns for which there may be no room."""

    def __init__(
        self,
        columns: tuple[Column, ...],
        key: Callable[[Row], object],
        name: str,
        sentence: Callable[[Row], str],
        most: int,
        spare: Sequence[int] = (),
    ) -> None:
        super().__init__()
        self.model = RowsModel(columns, key, self)
        self.table = NarrowingTable(self.model, columns, name, spare)
        self._sentence = sentence
        self._most = most
        self.told = with_role(QLabel(), "muted")
        self.told.setWordWrap(True)
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        self.told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.told.hide()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.table)
        rows.addWidget(self.told)
        self.table.selectionModel().currentRowChanged.connect(self._on_current)

    def show_rows(self, rows: Sequence[Row]) -> None:
        self.model.show_rows(rows)
        self.table.fit_height(self._most)
        self._on_current(self.table.currentIndex())

    def _on_current(self, current: QModelIndex) -> None:
        sentence = self._sentence(self.model.row(current)) if current.isValid() else ""
        self.told.setText(sentence)
        self.told.setVisible(bool(sentence))
