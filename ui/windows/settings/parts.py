"""The parts that the program is made of, each with its terms."""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from app.preferences.licences import Licence
from ui.models.columns import Column
from ui.models.rows import RowsModel
from ui.widgets.table import Table
from ui.words import UNKNOWN

_ROWS_SHOWN = 8
_TEXT_HEIGHT = 220


class PartsList(QWidget):
    """Choosing one shows what its licence says."""

    def __init__(self) -> None:
        super().__init__()
        columns = (
            Column(self.tr("Part"), lambda row: row["name"], characters=30),
            Column(self.tr("Version"), lambda row: row["version"] or UNKNOWN, characters=14),
            Column(self.tr("Licence"), lambda row: row["terms"] or self.tr("see its text")),
        )
        self._model = RowsModel(columns, lambda row: row["name"], self)
        self.table = Table(self._model, columns, self.tr("Parts and their licences"))
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(self.tr("Text of the licence"))
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setFixedHeight(_TEXT_HEIGHT)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 8, 0, 0)
        rows.setSpacing(8)
        rows.addWidget(self.table)
        rows.addWidget(self.text)

    def show_parts(self, parts: Sequence[Licence]) -> None:
        self._model.show_rows([msgspec.structs.asdict(part) for part in parts])
        self.table.fit_height(_ROWS_SHOWN)
        self.table.selectRow(0)
        self.table.setFocus()

    def _on_row(self, index: QModelIndex) -> None:
        if index.isValid():
            text = self._model.row(index)["text"]
            self.text.setPlainText(text or self.tr("The text is not installed with this part."))
