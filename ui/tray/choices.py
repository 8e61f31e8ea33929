"""A submenu for one thing that is on or off: for good, for one hour, or until the program ends."""

from collections.abc import Callable

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from proxy.config.switch import HOUR, Lasting, Switch, Until, What

Throw = Callable[[Switch], None]


class OnOffMenu(QMenu):
    """Its title says how the thing stands; a line below explains it."""

    def __init__(self, what: What, throw: Throw, parent: QMenu) -> None:
        super().__init__(parent)
        self._throw = throw
        group = QActionGroup(self)
        self._on = self._add(group, self.tr("On"), Switch(what, value=True))
        self._off = self._add(group, self.tr("Off"), Switch(what, value=False))
        self._off_hour = self._add(
            group, self.tr("Off for one hour"), Switch(what, value=False, lasting=HOUR)
        )
        self._off_run = self._add(
            group, self.tr("Off until I quit"), Switch(what, value=False, lasting=Lasting.RUN)
        )
        self.addSeparator()
        self._why = self.addAction("")
        self._why.setEnabled(False)

    def tell(self, title: str, why: str, *, is_on: bool, end: Until | None) -> None:
        set_text(self.menuAction(), title)
        set_text(self._why, why)
        self._current(is_on=is_on, end=end).setChecked(True)

    def _current(self, *, is_on: bool, end: Until | None) -> QAction:
        if is_on:
            return self._on
        if end is None:
            return self._off
        return self._off_run if end == "run" else self._off_hour

    def _add(self, group: QActionGroup, text: str, switch: Switch) -> QAction:
        action = self.addAction(text)
        action.setCheckable(True)
        group.addAction(action)
        action.triggered.connect(lambda: self._throw(switch))
        return action


def set_text(action: QAction, text: str) -> None:
    """In place, and only where it differs: a host redraws its menu for every change it hears of."""
    if action.text() != text:
        action.setText(text)
