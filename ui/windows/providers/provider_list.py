"""The list of providers at the left: a name, its state in a word with a sign, and what else matters."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ui.theme.colors import Colors, colors
from ui.windows.providers.entries import Entry
from ui.windows.providers.words import tr

_ENTRY: Final = Qt.ItemDataRole.UserRole
_AIR: Final = 10
_LINE_GAP: Final = 3
_BETWEEN: Final = 2
_ROUND: Final = 6
_RING: Final = 2
Index = QModelIndex | QPersistentModelIndex


class ProviderList(QListWidget):
    """`chosen` tells the name, for the user's choice and for that of the program alike."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Configured providers"))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setItemDelegate(_Lines(self))
        self.currentItemChanged.connect(self._on_current)

    @property
    def name(self) -> str:
        """Which one is chosen; empty for none."""
        entry = self.entry
        return "" if entry is None else entry.name

    @property
    def entry(self) -> Entry | None:
        item = self.currentItem()
        return None if item is None else _entry(item)

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """The chosen one stays chosen, as long as it is there."""
        if [each.name for each in entries] != [_entry(self.item(row)).name for row in range(self.count())]:
            self._replace(entries)
            return
        for row, entry in enumerate(entries):
            if _entry(self.item(row)) != entry:
                _tell(self.item(row), entry)

    def choose(self, name: str) -> bool:
        """False where there is none of that name."""
        for row in range(self.count()):
            if _entry(self.item(row)).name == name:
                self.setCurrentRow(row)
                return True
        return False

    def _replace(self, entries: Sequence[Entry]) -> None:
        before, row_before = self.name, self.currentRow()
        self.blockSignals(True)
        self.clear()
        for entry in entries:
            item = QListWidgetItem(self)
            _tell(item, entry)
        self.setCurrentRow(-1)
        self.blockSignals(False)
        if entries and not self.choose(before):
            self.setCurrentRow(min(max(row_before, 0), len(entries) - 1))

    def _on_current(self, item: QListWidgetItem | None) -> None:
        self.chosen.emit("" if item is None else _entry(item).name)


def _entry(item: QListWidgetItem) -> Entry:
    entry: Entry = item.data(_ENTRY)
    return entry


def _tell(item: QListWidgetItem, entry: Entry) -> None:
    item.setData(_ENTRY, entry)
    item.setData(Qt.ItemDataRole.AccessibleTextRole, entry.spoken)
    item.setToolTip("\n".join(filter(None, (entry.name, entry.about, entry.more, entry.why))))


class _Lines(QStyledItemDelegate):
    """Draws the four lines of an entry; what is too long ends with dots, and stands whole in its tip."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._view = view
        self._bold = QFont(view.font())
        self._bold.setWeight(QFont.Weight.DemiBold)

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: N802 -- Qt's name
        line: int = option.fontMetrics.height()  # type: ignore[attr-defined] # the stubs lack its fields
        return QSize(120, 4 * line + 3 * _LINE_GAP + 2 * _AIR + _BETWEEN)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry: Entry = index.data(_ENTRY)
        scheme = colors(self._view.palette())
        area: QRect = option.rect.adjusted(1, 1, -1, -1 - _BETWEEN)  # type: ignore[attr-defined] # the same
        state = option.state  # type: ignore[attr-defined] # the same
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_ground(painter, area, state, scheme)
        level: QColor = getattr(scheme, entry.level)
        where = area.adjusted(_AIR, _AIR, -_AIR, -_AIR)
        signed = f"{entry.signed}, {entry.until}" if entry.until and entry.enabled else entry.signed
        signed = f"○ {entry.until}" if entry.until and not entry.enabled else signed
        painter.setFont(self._bold)
        where = self._draw(painter, where, entry.name, scheme.text)
        painter.setFont(self._view.font())
        where = self._draw(painter, where, signed, level)
        where = self._draw(painter, where, entry.about, scheme.muted)
        self._draw(painter, where, entry.limit or entry.keys, scheme.muted)
        painter.restore()

    def _draw_ground(
        self, painter: QPainter, area: QRect, state: QStyle.StateFlag, scheme: Colors
    ) -> None:
        if not state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            return
        is_selected = bool(state & QStyle.StateFlag.State_Selected)
        is_focused = is_selected and self._view.hasFocus()
        painter.setPen(QPen(scheme.accent, _RING) if is_focused else Qt.PenStyle.NoPen)
        painter.setBrush(scheme.selection if is_selected else scheme.raised)
        painter.drawRoundedRect(area, _ROUND, _ROUND)

    def _draw(self, painter: QPainter, where: QRect, text: str, color: QColor) -> QRect:
        """One line; what is left below it."""
        metrics = painter.fontMetrics()
        painter.setPen(color)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, where.width())
        painter.drawText(where, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, shown)
        return where.adjusted(0, metrics.height() + _LINE_GAP, 0, 0)
