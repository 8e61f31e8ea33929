"""One tier for everything, for a while: which, until when, and a button that ends it."""

import asyncio
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QVBoxLayout, QWidget

from proxy.config import TIER_NAMES
from ui.frame.panel import Panel
from ui.widgets.flow import Flow
from ui.widgets.with_aside import WithAside, in_a_row
from ui.windows.routing.words import tr
from ui.words import seconds

_GAP = 8
_TICK_MS = 1000
_MINUTES = (15.0, 60.0, None)


class OverridePanel(Panel):
    """`set_wished` has the tier and the minutes, None for until the end of the program."""

    set_wished = Signal(str, object)
    end_wished = Signal()
    ended = Signal()

    def __init__(self) -> None:
        super().__init__(tr("One tier for everything"))
        self.tier, self.span = QComboBox(), QComboBox()
        self.tier.setAccessibleName(tr("Tier"))
        self.tier.addItems(list(TIER_NAMES))
        self.span.setAccessibleName(tr("For how long"))
        names = (tr("for 15 minutes"), tr("for one hour"), tr("until I quit"))
        for name, minutes in zip(names, _MINUTES, strict=True):
            self.span.addItem(name, minutes)
        self.send = QPushButton(tr("&Set"))
        self.send.clicked.connect(
            lambda: self.set_wished.emit(self.tier.currentText(), self.span.currentData())
        )
        self.stop = QPushButton(tr("&Stop"))
        self.stop.setAccessibleName(tr("Let every turn decide again"))
        self.stop.clicked.connect(self.end_wished)
        self.told = QLabel()
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        self.told.setWordWrap(True)
        self._setting = QWidget()
        line = Flow(self._setting)
        for widget in (in_a_row(self._send_label(), self.tier, gap=_GAP), self.span, self.send):
            line.addWidget(widget)
        self._holding = WithAside(self.told, self.stop, _GAP)
        content = QWidget()
        rows = QVBoxLayout(content)
        rows.addWidget(self._setting)
        rows.addWidget(self._holding)
        self.fill(content)
        self._tier = ""
        self._is_awake = False
        self._until: float | None = None
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._on_tick)

    def show_override(self, override: Mapping[str, Any] | None) -> None:
        self._setting.setVisible(override is None)
        self._holding.setVisible(override is not None)
        self._tick.stop()
        self.ready()
        if override is None:
            self._until = None
            return
        self._tier, left = override["tier"], override["ends_in"]
        self._until = None if left is None else asyncio.get_running_loop().time() + left
        self._say()
        if self._until is not None and self._is_awake:
            self._tick.start()

    def sleep(self) -> None:
        """Nobody looks: the countdown stands still."""
        self._is_awake = False
        self._tick.stop()

    def wake(self) -> None:
        self._is_awake = True
        if self._until is not None:
            self._tick.start()
            self._on_tick()

    def _say(self) -> None:
        until = self._until
        if until is None:
            sentence = tr("▲ Everything that is typed goes to %1 until you quit.")
        else:
            left = seconds(until - asyncio.get_running_loop().time())
            sentence = tr("▲ Everything that is typed goes to %1 for %2 more.").replace("%2", left)
        self.told.setText(sentence.replace("%1", self._tier))

    def _on_tick(self) -> None:
        if self._until is not None and asyncio.get_running_loop().time() >= self._until:
            self._until = None
            self._tick.stop()
            self.ended.emit()
            return
        self._say()

    def _send_label(self) -> QLabel:
        label = QLabel(tr("Send everything &to"))
        label.setBuddy(self.tier)
        return label
