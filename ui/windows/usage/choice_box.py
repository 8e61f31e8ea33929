"""A list of the names that a filter can have, each with its requests; what was chosen stays, there or not."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox

from ui.mistakes import called_by_qt
from ui.windows.usage.asking import Line
from ui.windows.usage.told import name_in
from ui.words import count

_LETTERS = 8


class CalmComboBox(QComboBox):
    """On a page that scrolls, the wheel scrolls the page and changes no choice in passing."""

    @called_by_qt
    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 -- Qt's name
        event.ignore()


class ChoiceBox(CalmComboBox):
    """`picked` tells what the user chose; empty is any."""

    picked = Signal(str)

    def __init__(self, group: str) -> None:
        super().__init__()
        self._group = group
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(_LETTERS)
        self.setMaxVisibleItems(16)
        self.activated.connect(lambda place: self.picked.emit(self.itemData(place)))

    def offer(self, choices: Sequence[Line], chosen: str) -> None:
        """Not while the list is open: it would move under the pointer."""
        if self.view().isVisible():
            return
        wanted = self._items(choices, chosen)
        if [name for name, _ in wanted] != [self.itemData(place) for place in range(self.count())]:
            self.clear()
            for name, text in wanted:
                self.addItem(text, name)
        else:
            for place, (_, text) in enumerate(wanted):
                if self.itemText(place) != text:
                    self.setItemText(place, text)
        self.setCurrentIndex(self.findData(chosen))
        self.setToolTip(self.currentText() if chosen else "")

    @called_by_qt
    def showPopup(self) -> None:  # noqa: N802 -- Qt's name
        """As wide as its longest name, however narrow the box is."""
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + 2 * self.view().frameWidth() + 12)
        super().showPopup()

    def _items(self, choices: Sequence[Line], chosen: str) -> list[tuple[str, str]]:
        whole = sum(each["requests"] for each in choices)
        items = [("", self.tr("All (%1)").replace("%1", count(whole)))]
        items += [(each["name"], self._told(each["name"], each["requests"])) for each in choices]
        if chosen and all(name != chosen for name, _ in items):
            vanished = self.tr("No requests: %1").replace("%1", name_in(self._group, chosen))
            items.insert(1, (chosen, vanished))
        return items

    def _told(self, name: str, requests: int) -> str:
        told = self.tr("%1 (%2)").replace("%2", count(requests))
        return told.replace("%1", name_in(self._group, name))
