"""What keeps models of the chosen provider from being asked, in words, with a button that ends it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.frame.panel import Panel
from ui.mistakes import called_by_qt
from ui.speech import plain
from ui.theme.roles import with_role
from ui.widgets.tab_order import put_in_tab_order
from ui.windows.providers.labels import quiet_button, wrapped
from ui.windows.providers.surroundings import Surroundings
from ui.windows.providers.words import tr
from ui.windows.unwell import asked_again, unwell_rows

_TICK_MS = 1000
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Line:
    about: QWidget
    words: QLabel
    state: QLabel
    reset: QPushButton | None

    def take_away(self) -> None:
        for widget in filter(None, (self.about, self.state, self.reset)):
            widget.hide()
            widget.deleteLater()


class UnwellPanel(Panel):
    """Not there at all while every model may be asked. While it is seen, its times go by."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(tr("What is not well"))
        self._around = around
        self._told: Row = {"circuitBreakers": (), "marks": ()}
        self._told_at = 0.0
        self._lines: dict[tuple[object, ...], _Line] = {}
        self._content = QWidget()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(0, 1)
        rows = QVBoxLayout(self._content)
        rows.addLayout(self._grid)
        self.fill(self._content)
        self.ready()
        self.hide()
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._show_rows)

    @property
    def resets(self) -> list[QPushButton]:
        return [line.reset for line in self._lines.values() if line.reset is not None]

    def show_health(self, name: str, health: Row) -> None:
        self._told, self._told_at = of_provider(health, name), asyncio.get_running_loop().time()
        self._show_rows()
        self.setVisible(bool(self._lines))

    @called_by_qt
    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 -- Qt's name
        super().showEvent(event)
        self._tick.start()

    @called_by_qt
    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 -- Qt's name
        super().hideEvent(event)
        self._tick.stop()

    def _show_rows(self) -> None:
        age = asyncio.get_running_loop().time() - self._told_at
        rows = {(row["key"], row["state"]): row for row in unwell_rows(self._told, age)}
        if list(rows) != list(self._lines):
            for line in self._lines.values():
                line.take_away()
            self._lines = {key: self._line(place, row) for place, (key, row) in enumerate(rows.items())}
            put_in_tab_order(self._content, self.resets)
        for key, row in rows.items():
            self._lines[key].words.setText(_words(row))

    def _line(self, place: int, row: Row) -> _Line:
        about, words = QWidget(), wrapped("muted")
        name = wrapped(text=row["service"])
        texts = QVBoxLayout(about)
        texts.setContentsMargins(0, 0, 0, 0)
        texts.setSpacing(2)
        texts.addWidget(name)
        texts.addWidget(words)
        state = with_role(QLabel(row["state"]), row["severity"])
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(about, place, 0)
        self._grid.addWidget(state, place, 1, top)
        reset = None if row["reset"] is None else self._button(row["service"], row["reset"])
        if reset is not None:
            self._grid.addWidget(reset, place, 2, top)
        return _Line(about, words, state, reset)

    def _button(self, about: str, service: str) -> QPushButton:
        button = quiet_button(tr("Reset"), tr("Reset %1", about))
        button.setToolTip(plain(asked_again(service)))
        button.clicked.connect(partial(self._reset, service))
        return button

    def _reset(self, service: str) -> None:
        self._around.do(self._forgotten(service))

    async def _forgotten(self, service: str) -> None:
        await self._around.desk.reset_breaker(service)
        self._around.host.say(asked_again(service))


def of_provider(health: Row, name: str) -> dict[str, Any]:
    """As routing tells it, without the others."""
    return {
        key: [each for each in health[key] or () if each["provider"] == name]
        for key in ("circuitBreakers", "marks")
    }


def _words(row: Row) -> str:
    """Why it is left alone, and until when."""
    ends = f"{row['ends'][:1].upper()}{row['ends'][1:]}."
    return f"{row['why']} {ends}".strip()
