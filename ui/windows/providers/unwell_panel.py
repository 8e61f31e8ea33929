"""What keeps models of the chosen provider from being asked, in words, with a button that ends it."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.frame.panel import Panel
from ui.theme.roles import Role, with_role
from ui.windows.providers.labels import quiet_button, wrapped
from ui.windows.providers.surroundings import Surroundings
from ui.windows.providers.words import tr
from ui.windows.routing.unwell import unwell_rows

_SHOWN = ("service", "state", "ends", "why", "reset", "severity")


class UnwellPanel(Panel):
    """Not there at all while every model may be asked."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(tr("What is not well"))
        self._around = around
        self._rows: list[dict[str, Any]] = []
        self._cells: list[QWidget] = []
        self.resets: list[QPushButton] = []
        content = QWidget()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(0, 1)
        rows = QVBoxLayout(content)
        rows.addLayout(self._grid)
        self.fill(content)
        self.hide()

    def show_health(self, name: str, health: Mapping[str, Any]) -> None:
        rows = [{key: row[key] for key in _SHOWN} for row in unwell_rows(of_provider(health, name), 0.0)]
        if rows != self._rows:
            self._rows = rows
            self._rebuild()
        self.setVisible(bool(rows))
        self.ready()

    def _rebuild(self) -> None:
        cells, self._cells, self.resets = self._cells, [], []
        for cell in cells:
            self._grid.removeWidget(cell)
            cell.hide()
            cell.deleteLater()
        for place, row in enumerate(self._rows):
            self._add(place, row)

    def _add(self, place: int, row: Mapping[str, Any]) -> None:
        role: Role = row["severity"]
        words = wrapped(
            "muted", " ".join(filter(None, (row["why"], f"{row['ends'][:1].upper()}{row['ends'][1:]}.")))
        )
        about = QVBoxLayout()
        name = QLabel(row["service"])
        name.setTextFormat(Qt.TextFormat.PlainText)
        holder = QWidget()
        about.setContentsMargins(0, 0, 0, 0)
        about.setSpacing(2)
        about.addWidget(name)
        about.addWidget(words)
        holder.setLayout(about)
        state = with_role(QLabel(row["state"]), role)
        self._grid.addWidget(holder, place, 0)
        self._grid.addWidget(state, place, 1, Qt.AlignmentFlag.AlignTop)
        self._cells += [holder, state]
        if row["reset"] is not None:
            button = quiet_button(tr("Reset"), tr("Reset %1", row["reset"]))
            button.setToolTip(tr("Ask %1 again from the next request on", row["reset"]))
            button.clicked.connect(partial(self._reset, row["reset"]))
            self._grid.addWidget(button, place, 2, Qt.AlignmentFlag.AlignTop)
            self._cells.append(button)
            self.resets.append(button)

    def _reset(self, service: str) -> None:
        self._around.do(self._forgotten(service))

    async def _forgotten(self, service: str) -> None:
        await self._around.desk.reset_breaker(service)
        self._around.host.say(tr("%1 is asked again from the next request on.", service))


def of_provider(health: Mapping[str, Any], name: str) -> dict[str, Any]:
    """As routing tells it, without the others."""
    return {
        key: [each for each in health[key] or () if each["provider"] == name]
        for key in ("circuitBreakers", "marks")
    }
