"""The list of providers at the left: a name, its state in a word with a sign, and what else matters."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem

from ui.speech import plain
from ui.windows.providers.entries import Entry
from ui.windows.providers.lines import LINES, Line, LinesDelegate
from ui.windows.providers.words import tr

_ENTRY: Final = LINES + 1
_LINES_EACH: Final = 4
_LINES_AT_LEAST: Final = 2


class ProviderList(QListWidget):
    """`chosen` tells the name, for the user's choice and for that of the program alike."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Configured providers"))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self._delegate = LinesDelegate(self, _LINES_EACH)
        self.setItemDelegate(self._delegate)
        self.currentItemChanged.connect(self._on_current)

    @property
    def entry(self) -> Entry | None:
        """The chosen one; None where there are none."""
        item = self.currentItem()
        return None if item is None else _entry(item)

    @property
    def name(self) -> str:
        return "" if self.entry is None else self.entry.name

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """The chosen one stays chosen, as long as it is there."""
        if [each.name for each in entries] != [_entry(self.item(row)).name for row in range(self.count())]:
            self._replace(entries)
            return
        for row, entry in enumerate(entries):
            if _entry(self.item(row)) != entry:
                _tell(self.item(row), entry)

    def show_less(self, *, is_less: bool) -> None:
        """Of each only its name and state, where there is little room."""
        self._delegate.show_lines(_LINES_AT_LEAST if is_less else _LINES_EACH)

    def choose(self, name: str) -> bool:
        """False where there is none of that name."""
        for row in range(self.count()):
            if _entry(self.item(row)).name == name:
                self.setCurrentRow(row)
                return True
        return False

    def _replace(self, entries: Sequence[Entry]) -> None:
        before, row_before = self.name, self.currentRow()
        with QSignalBlocker(self):
            self.clear()
            for entry in entries:
                _tell(QListWidgetItem(self), entry)
            self.setCurrentRow(-1)
        if entries and not self.choose(before):
            self.setCurrentRow(min(max(row_before, 0), len(entries) - 1))

    def _on_current(self, item: QListWidgetItem | None) -> None:
        self.chosen.emit("" if item is None else _entry(item).name)


def lines(entry: Entry) -> tuple[Line, ...]:
    return (
        Line(entry.name, "text", is_bold=True),
        Line(entry.signed, entry.level),
        Line(entry.about),
        Line(entry.limit or entry.keys),
    )


def _entry(item: QListWidgetItem) -> Entry:
    entry: Entry = item.data(_ENTRY)
    return entry


def _tell(item: QListWidgetItem, entry: Entry) -> None:
    item.setData(_ENTRY, entry)
    item.setData(LINES, lines(entry))
    item.setData(Qt.ItemDataRole.AccessibleTextRole, entry.spoken)
    item.setToolTip(plain("\n".join(filter(None, (entry.name, entry.about, entry.more, entry.why)))))
