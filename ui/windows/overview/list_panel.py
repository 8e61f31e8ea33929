"""A panel with a short list, of which Enter leads to one row and a button to all there is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QPushButton

from ui.frame.panel import Panel
from ui.models.columns import Column, Row
from ui.models.rows import RowsModel
from ui.theme.roles import with_role
from ui.windows.overview.table import ShortTable


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list is about."""

    title: str
    name: str
    """Of the table, for who does not see it."""
    columns: tuple[Column, ...]
    spare: Sequence[int]
    """The columns that it can do without, the first to go first: where they lead to there is all of it."""
    key: str
    """By which a row is known."""
    all: str
    """The button that leads to all."""
    nothing: str
    """What is said when there is no row."""


class ListPanel(Panel):
    """`open_` is told the key of a row, or None for all of them."""

    def __init__(self, listed: Listed, open_: Callable[[str | None], object]) -> None:
        super().__init__(listed.title)
        self._listed = listed
        self._open = open_
        self.model = RowsModel(listed.columns, lambda row: row[listed.key], self)
        self.table = ShortTable(self.model, listed.columns, listed.name, listed.spare)
        self.table.opened.connect(self._on_opened)
        self.all = with_role(QPushButton(listed.all), "quiet")
        self.all.clicked.connect(lambda: open_(None))
        self.add_to_head(self.all)
        self.fill(self.table)

    def show_rows(self, rows: Sequence[Row]) -> None:
        self.all.setVisible(bool(rows))
        if not rows:
            self.empty(self._listed.nothing)
            return
        self.model.show_rows(rows)
        self.table.fit()
        self.ready()

    def _on_opened(self, index: QModelIndex) -> None:
        self._open(str(self.model.row(index)[self._listed.key]))
