"""Everything about the chosen provider, one panel below the other."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.providers.listing import Row
from ui.frame.page import GAP
from ui.frame.panel import Panel
from ui.theme.roles import with_role
from ui.windows.providers.entries import Entry
from ui.windows.providers.head_panel import HeadPanel
from ui.windows.providers.keys import keys
from ui.windows.providers.keys_panel import KeysPanel
from ui.windows.providers.limits_panel import LimitsPanel, of_provider
from ui.windows.providers.models import model_rows
from ui.windows.providers.models_panel import ModelsPanel
from ui.windows.providers.surroundings import Surroundings
from ui.windows.providers.trial_panel import TrialPanel
from ui.windows.providers.unwell_panel import UnwellPanel

_AT_THE_BAR = 6
P = TypeVar("P", bound=Panel)


class Details(QScrollArea):
    """Each answer is told to it as it comes, and it shows what of that is about the chosen provider.

    Its panels are there once `build` has ended.
    """

    def __init__(self, around: Surroundings) -> None:
        super().__init__()
        self._name = ""
        self._rows: Mapping[str, Row] | None = None
        self._quota: Mapping[str, Any] | None = None
        self._health: Mapping[str, Any] = {"circuitBreakers": (), "marks": ()}
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._around = around
        content = with_role(QWidget(), "page")
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, 0, _AT_THE_BAR, 0)
        self._column.setSpacing(GAP)
        self.setWidget(content)

    def build(self) -> Iterator[None]:
        """Its panels, with a pause after each."""
        self.head = self._put(HeadPanel(self._around))
        yield
        self.unwell = self._put(UnwellPanel(self._around))
        self.keys = self._put(KeysPanel(self._around))
        yield
        self.trial = self._put(TrialPanel(self._around.desk))
        yield
        self.models = self._put(ModelsPanel(self._around))
        yield
        self.limits = self._put(LimitsPanel(self._around))
        self._column.addStretch()
        yield

    def show_provider(self, entry: Entry, address: str) -> None:
        """Another one, or the same as it is by now."""
        is_other = entry.name != self._name
        self._name = entry.name
        self.head.show_entry(entry, address)
        if is_other:
            self.trial.show_provider(entry.name)
            self.models.wait_for(entry.name)
            self.verticalScrollBar().setValue(0)
            self._show_keys()
            self._show_limits()
            self.unwell.show_health(self._name, self._health)

    def show_rows(self, rows: Sequence[Row]) -> None:
        self._rows = {row.name: row for row in rows}
        self._show_keys()

    def show_quota(self, quota: Mapping[str, Any]) -> None:
        self._quota = quota
        self._show_limits()

    def show_health(self, health: Mapping[str, Any]) -> None:
        self._health = health
        self._show_keys()
        if self._name:
            self.unwell.show_health(self._name, health)

    def show_models(self, name: str, models: Sequence[Mapping[str, Any]], prices: Mapping[str, Any]) -> None:
        if name == self._name:
            self.models.show_models(model_rows(models, prices))
            self.trial.show_models(self.models.names)

    def _put(self, panel: P) -> P:
        self._column.addWidget(panel)
        return panel

    def _show_keys(self) -> None:
        row = None if self._rows is None else self._rows.get(self._name)
        if row is not None:
            self.keys.show_keys(self._name, keys(self._name, row.keys, self._health["marks"] or ()))
        elif self._name:
            self.keys.wait_for(self._name)

    def _show_limits(self) -> None:
        if self._name and self._quota is not None:
            self.limits.show_quota(self._name, of_provider(self._quota, self._name))
