"""The configured providers and how they do; Enter leads to one."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QPushButton

from ui.frame.panel import Panel
from ui.models.columns import Column, Row
from ui.models.rows import RowsModel
from ui.theme.colors import colors
from ui.theme.roles import with_role
from ui.windows.overview.speech import tr
from ui.windows.overview.table import ShortTable
from ui.words import duration, percent


class HealthPanel(Panel):
    """`open_` is told the name of a provider, or None for all of them."""

    def __init__(self, open_: Callable[[str | None], object]) -> None:
        super().__init__(self.tr("Providers"))
        self._open = open_
        shown = _columns()
        self.model = RowsModel(shown, lambda row: row["name"], self)
        self.table = ShortTable(self.model, shown, self.tr("Providers and how they do"))
        self.table.opened.connect(self._on_opened)
        self.all = with_role(QPushButton(self.tr("All &providers")), "quiet")
        self.all.clicked.connect(lambda: open_(None))
        self.add_to_head(self.all)
        self.fill(self.table)

    def show_rows(self, rows: Sequence[Row]) -> None:
        self.all.setVisible(bool(rows))
        if not rows:
            self.empty(self.tr("How each provider answers is shown here. One is enough to begin."))
            return
        self.model.show_rows(rows)
        self.table.fit()
        self.ready()

    def _on_opened(self, index: QModelIndex) -> None:
        self._open(str(self.model.row(index)["name"]))


def _columns() -> tuple[Column, ...]:
    def number(title: str, key: str, tip: str) -> Column:
        return Column(
            title, lambda row: duration(row[key]), is_number=True, characters=8, tip=lambda _row: tip
        )

    return (
        Column(tr("Provider"), lambda row: row["name"], characters=14),
        Column(
            tr("State"), lambda row: row["state"], characters=33, tip=lambda row: row["why"], color=_color
        ),
        number(tr("p50"), "p50", tr("Half of the answers took no longer than this.")),
        number(tr("p95"), "p95", tr("19 of 20 answers took no longer than this.")),
        number(tr("First byte"), "first_byte", tr("Half of the answers began no later than this.")),
        Column(tr("Errors"), lambda row: percent(row["error_share"]), is_number=True, characters=8),
        Column(tr("Tightest limit"), lambda row: row["quota"], characters=27),
    )


def _color(row: Row) -> QColor | None:
    color: QColor = getattr(colors(), row["level"])
    return color
