"""What keeps services from being asked, live, with a button that resets it."""

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QTimer, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QPushButton

from ui.frame.panel import Panel
from ui.models.columns import Column, Row
from ui.theme.colors import colors
from ui.theme.roles import with_role
from ui.widgets.told_table import ToldTable
from ui.windows.routing.words import tr
from ui.windows.unwell import next_end, unwell_rows

_TICK_MS = 1000
_MOST_ROWS = 10
_RESET_COLUMN: Final = 6
_ROW_HEIGHT = 34
_BUTTONS_AT_ONCE = 12


class Breakers(Panel):
    """`reset_wished` names the service; `ended` says that one of them must have ended by itself."""

    reset_wished = Signal(str)
    ended = Signal()

    def __init__(self) -> None:
        super().__init__(tr("What is not well"))
        columns = (
            Column(tr("Service"), lambda row: row["service"]),
            Column(tr("State"), lambda row: row["state"], characters=18, color=_color),
            Column(tr("Ends"), lambda row: row["ends"]),
            Column(tr("Since"), lambda row: row["since"], characters=11),
            Column(tr("Failures"), lambda row: row["failures"], is_number=True, characters=6),
            Column(tr("Last failure"), lambda row: row["last"], characters=11),
            Column("", lambda _row: "", characters=9, tip=lambda _row: ""),
        )
        self.table = ToldTable(
            columns,
            lambda row: row["key"],
            tr("Services that are not well"),
            _sentence,
            _MOST_ROWS,
            spare=(2, 3, 4, 5),
        )
        self.table.table.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        self.table.table.opened.connect(self._on_opened)
        self.fill(self.table)
        self._told: Mapping[str, Any] | None = None
        self._told_at = 0.0
        self._is_awake = False
        self._ends_at: float | None = None
        self._more_buttons = QTimer(self)
        self._more_buttons.setSingleShot(True)
        self._more_buttons.timeout.connect(self._add_buttons)
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._on_tick)

    def show_health(self, routing: Mapping[str, Any]) -> None:
        now = asyncio.get_running_loop().time()
        self._told, self._told_at = routing, now
        end = next_end(routing)
        self._ends_at = None if end is None else now + end
        self._show_rows(routing, 0.0)

    def sleep(self) -> None:
        """Nobody looks: the countdowns stand still."""
        self._is_awake = False
        self._tick.stop()

    def wake(self) -> None:
        self._is_awake = True
        self._on_tick()

    def _show_rows(self, routing: Mapping[str, Any], age: float) -> None:
        rows = unwell_rows(routing, age)
        if not rows:
            self._tick.stop()
            self.table.show_rows(rows)
            self.empty(tr("Every service may be asked."))
            return
        self.table.show_rows(rows)
        self._add_buttons()
        self.ready()
        if self._is_awake and not self._tick.isActive():
            self._tick.start()

    def _add_buttons(self) -> None:
        """One for each row that has none yet; they go with their rows. Many are made in several turns."""
        model, view, made = self.table.model, self.table.table, 0
        for place in range(model.rowCount()):
            index = model.index(place, _RESET_COLUMN)
            row = model.row(index)
            if row["reset"] is None or view.indexWidget(index) is not None:
                continue
            if made == _BUTTONS_AT_ONCE:
                self._more_buttons.start()
                return
            view.setIndexWidget(index, self._button(row))
            made += 1

    def _button(self, row: Row) -> QPushButton:
        button = with_role(QPushButton(tr("Reset")), "quiet")
        button.setAccessibleName(tr("Reset %1").replace("%1", row["service"]))
        button.setToolTip(tr("Ask %1 again from the next request on").replace("%1", row["service"]))
        button.clicked.connect(partial(self.reset_wished.emit, row["reset"]))
        return button

    def _on_opened(self, index: QModelIndex) -> None:
        service = self.table.model.row(index)["reset"]
        if service is not None:
            self.reset_wished.emit(service)

    def _on_tick(self) -> None:
        if self._told is None:
            return
        now = asyncio.get_running_loop().time()
        self._show_rows(self._told, now - self._told_at)
        if self._ends_at is not None and now >= self._ends_at:
            self._ends_at = None
            self.ended.emit()


def _color(row: Row) -> QColor:
    scheme = colors()
    return {"good": scheme.good, "warn": scheme.warn, "bad": scheme.bad}[row["severity"]]


def _sentence(row: Row) -> str:
    told = (
        tr("%1: %2, %3.")
        .replace("%1", row["service"])
        .replace("%2", row["state"][2:])
        .replace("%3", row["ends"])
    )
    if row["reset"] is not None:
        told += " " + tr("Enter resets it.")
    return f"{told} {row['why']}".strip()
