"""The list of pages at the left: one key, one click, or Ctrl and the number of the page."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from ui.icons import picture
from ui.mistakes import called_by_qt
from ui.theme.colors import colors
from ui.theme.roles import with_role

_WIDTH = 176
_ICON = 18


@dataclass(frozen=True, slots=True)
class Entry:
    """A page that can be gone to."""

    name: str
    title: str


class Navigation(QListWidget):
    """`chosen` says which page is wanted, whoever chose it."""

    chosen = Signal(str)

    def __init__(self, entries: Sequence[Entry]) -> None:
        super().__init__()
        with_role(self, "navigation")
        self.setAccessibleName(self.tr("Pages"))
        self.setFixedWidth(_WIDTH)
        self.setIconSize(QSize(_ICON, _ICON))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._entries = entries
        for place, entry in enumerate(entries, start=1):
            item = QListWidgetItem(entry.title)
            item.setToolTip(self.tr("%1 (Ctrl+%2)").replace("%1", entry.title).replace("%2", str(place)))
            self.addItem(item)
        self._draw()
        self.currentRowChanged.connect(self._on_row)

    def choose(self, name: str) -> None:
        place = next((n for n, entry in enumerate(self._entries) if entry.name == name), None)
        if place is not None:
            self.setCurrentRow(place)

    def step(self, by: int) -> None:
        """To the next page or the one before, round and round."""
        self.setCurrentRow((self.currentRow() + by) % len(self._entries))

    @called_by_qt
    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 -- Qt's name
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def _draw(self) -> None:
        color = colors(self.palette()).text
        for place, entry in enumerate(self._entries):
            if (item := self.item(place)) is not None:
                item.setIcon(picture(entry.name, color))

    def _on_row(self, place: int) -> None:
        if 0 <= place < len(self._entries):
            self.chosen.emit(self._entries[place].name)
