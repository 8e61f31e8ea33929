"""The newest requests; Enter leads to the whole story of one."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QPushButton

from ui.frame.panel import Panel
from ui.models.columns import Row
from ui.models.rows import RowsModel
from ui.theme.roles import with_role
from ui.windows.overview.recent import columns
from ui.windows.overview.table import ShortTable


class RecentPanel(Panel):
    """`open_` is told the id of an exchange, or None for all of them."""

    def __init__(self, open_: Callable[[str | None], object]) -> None:
        super().__init__(self.tr("Recent requests"))
        self._open = open_
        shown = columns()
        self.model = RowsModel(shown, lambda row: row["id"], self)
        self.table = ShortTable(self.model, shown, self.tr("Recent requests"))
        self.table.opened.connect(self._on_opened)
        self.all = with_role(QPushButton(self.tr("&All requests")), "quiet")
        self.all.clicked.connect(lambda: open_(None))
        self.add_to_head(self.all)
        self.fill(self.table)

    def show_rows(self, rows: Sequence[Row]) -> None:
        self.all.setVisible(bool(rows))
        if not rows:
            self.empty(
                self.tr("No request yet. Point a client at the address above, and it appears here at once.")
            )
            return
        self.model.show_rows(rows)
        self.table.fit()
        self.ready()

    def _on_opened(self, index: QModelIndex) -> None:
        self._open(str(self.model.row(index)["id"]))
