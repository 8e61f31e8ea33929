"""The limits of the chosen provider as bars with words, and its balance where it can be asked for."""

import time
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from ui.frame.panel import Panel
from ui.windows.providers.labels import quiet_button, tell, wrapped
from ui.windows.providers.limits import Limit, limits
from ui.windows.providers.surroundings import Surroundings
from ui.windows.providers.words import tr

_WHOLE = 1000


class LimitsPanel(Panel):
    """What is unknown has words and no bar."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(tr("Limits"))
        self._around = around
        self._name = ""
        self._limits: list[Limit] = []
        self._cells: list[QWidget] = []
        self.ask = quiet_button(tr("Ask for the &balance now"))
        self.ask.clicked.connect(lambda: around.do(self._asked()))
        self.ask.hide()
        self.add_to_head(self.ask)
        content = QWidget()
        rows = QVBoxLayout(content)
        self.trouble = wrapped("bad")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(2, 2)
        rows.addWidget(self.trouble)
        rows.addLayout(self._grid)
        self.fill(content)

    def show_quota(self, name: str, quota: Mapping[str, Any] | None) -> None:
        """None for a provider that is off: nothing is known of it then."""
        self._name = name
        told = [] if quota is None else limits(quota, time.time())
        if told != self._limits:
            self._limits = told
            self._rebuild()
        self.ask.setVisible(quota is not None and quota["balance_supported"])
        trouble = "" if quota is None else quota["detail"] or ""
        tell(self.trouble, "✕", trouble)
        if told or trouble:
            self.ready()
        else:
            self.empty(_nothing(quota))

    async def _asked(self) -> None:
        name = self._name
        self.ask.setEnabled(False)
        try:
            answer = await self._around.desk.quota(refresh=True)
        finally:
            self.ask.setEnabled(True)
        if name == self._name:
            self.show_quota(name, of_provider(answer, name))

    def _rebuild(self) -> None:
        cells, self._cells = self._cells, []
        for cell in cells:
            self._grid.removeWidget(cell)
            cell.hide()
            cell.deleteLater()
        for row, limit in enumerate(self._limits):
            self._add(row, limit)

    def _add(self, row: int, limit: Limit) -> None:
        title = QLabel(limit.title)
        words = wrapped("bad" if limit.is_used_up else "muted", limit.words)
        title.setTextFormat(Qt.TextFormat.PlainText)
        self._grid.addWidget(title, row, 0)
        self._grid.addWidget(words, row, 2)
        self._cells += [title, words]
        if limit.share is None:
            return
        bar = QProgressBar()
        bar.setRange(0, _WHOLE)
        bar.setValue(round(limit.share * _WHOLE))
        bar.setTextVisible(False)
        bar.setAccessibleName(limit.title)
        bar.setAccessibleDescription(limit.words)
        self._grid.addWidget(bar, row, 1)
        self._cells.append(bar)


def of_provider(quota: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    return next((each for each in quota["providers"] if each["provider"] == name), None)


def _nothing(quota: Mapping[str, Any] | None) -> str:
    if quota is None:
        return tr("It is off, so nothing is known of its limits.")
    if quota["balance_supported"]:
        return tr("Nothing is known yet. Answers tell of limits, and the balance can be asked for.")
    return tr("Nothing is known yet. Limits are told with the answers of providers that have any.")
