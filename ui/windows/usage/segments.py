"""A choice of a few, all of them in sight: one stop of the Tab key, arrows move the choice."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget


class Segments(QWidget):
    """Names and what stands on their buttons; the first is chosen at first. `chosen` tells a change."""

    chosen = Signal(str)

    def __init__(self, name: str, choices: Mapping[str, str]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.buttons: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for each, text in choices.items():
            button = QPushButton(text)
            button.setCheckable(True)
            button.setAccessibleDescription(name)
            self.buttons[each] = button
            self._group.addButton(button)
            row.addWidget(button)
        next(iter(self.buttons.values())).setChecked(True)
        self._group.buttonToggled.connect(self._on_toggled)

    @property
    def current(self) -> str:
        return next(name for name, button in self.buttons.items() if button.isChecked())

    def _on_toggled(self, _button: QPushButton, is_checked: bool) -> None:  # noqa: FBT001 -- the signal's
        if is_checked:
            self.chosen.emit(self.current)
