"""What belongs to the chosen service: if it is asked, the number that counts, and what is wrong."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from proxy.config import TierName
from proxy.config.services import Tactic
from ui.signs import SIGNS
from ui.theme.roles import with_role
from ui.widgets.wrapped import wrapped
from ui.windows.tiers.card.number import Number
from ui.windows.tiers.lines import Line
from ui.windows.tiers.speech import later, tr

_NUMBERS: Final[Mapping[Tactic, tuple[str, str, str]]] = {
    "random": (
        "weight",
        later("Weight"),
        later("Twice the weight is twice the turns; 0 gets none beside others."),
    ),
    "priority": ("priority", later("Priority"), later("The lowest is asked first; equals by their place.")),
    "capacity": ("capacity", later("Seats"), later("How many turns it takes at a time; 0 is any number.")),
}
"""By tactic: the key, what it is called, and what it does."""


class Details(QWidget):
    """`active_wished` and `number_wished` name the service that was shown when it was wished for."""

    active_wished = Signal(str, bool)
    number_wished = Signal(str, str, int)
    provider_wished = Signal(str)

    def __init__(self, tier: TierName) -> None:
        super().__init__()
        self._line: Line | None = None
        self._key = ""
        self.active = QCheckBox(tr("Is asked"))
        self.active.setAccessibleName(tr("The chosen service of %1 is asked", tier))
        self.active.clicked.connect(self._on_active)
        self.number = Number(tr("Number of the chosen service of %1", tier))
        self.number.setFixedWidth(84)
        self.number.settled.connect(self._on_number)
        self._label = QLabel()
        self._label.setBuddy(self.number)
        self.meaning = wrapped("muted")
        self.trouble = wrapped("muted")
        self.to_providers = with_role(QPushButton(tr("Providers")), "quiet")
        self.to_providers.setAccessibleName(tr("Mend the chosen service of %1 on the page Providers", tier))
        self.to_providers.clicked.connect(self._on_provider)
        self._lay_out()
        self.show_line(None, "priority")

    def show_line(self, line: Line | None, tactic: Tactic) -> None:
        """A number that is being typed belongs to the service before, and is meant."""
        if line is None or self._line is None or line.entry.name != self._line.entry.name:
            self.number.finish()
        self._line = line
        self.setVisible(line is not None)
        if line is None:
            return
        self.active.setChecked(line.entry.active)
        self._show_number(line, tactic)
        state = line.state
        self.trouble.setText(f"{SIGNS[state.level]} {state.sentence}")
        self.trouble.setVisible(bool(state.sentence))
        with_role(self.trouble, state.level)
        self.to_providers.setVisible(state.needs_provider)

    def _show_number(self, line: Line, tactic: Tactic) -> None:
        self._key, name, meaning = _NUMBERS.get(tactic, ("", "", ""))
        for widget in (self._label, self.number):
            widget.setVisible(bool(self._key))
        if not self._key:
            self.meaning.setText(tr("Under this tactic neither weights nor priorities count."))
            return
        self._label.setText(tr(name))
        self.number.setAccessibleName(f"{tr(name)}, {line.entry.name}")
        self.number.setAccessibleDescription(tr(meaning))
        self.number.show_number(getattr(line.entry, self._key))
        self.meaning.setText(tr(meaning))

    def _lay_out(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self.active)
        first.addStretch()
        first.addWidget(self._label)
        first.addWidget(self.number)
        trouble = QHBoxLayout()
        trouble.addWidget(self.trouble, 1)
        trouble.addWidget(self.to_providers)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(4)
        rows.addLayout(first)
        rows.addWidget(self.meaning)
        rows.addLayout(trouble)

    def _on_active(self, is_on: bool) -> None:  # noqa: FBT001 -- the signal's
        if self._line is not None:
            self.active_wished.emit(self._line.entry.name, is_on)

    def _on_number(self, number: int) -> None:
        if self._line is not None and self._key:
            self.number_wished.emit(self._line.entry.name, self._key, number)

    def _on_provider(self) -> None:
        if self._line is not None:
            self.provider_wished.emit(self._line.entry.provider)
