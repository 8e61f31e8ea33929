"""The presets to choose from, which a search narrows."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ui.mistakes import called_by_qt
from ui.speech import plain
from ui.theme.roles import with_role
from ui.windows.providers.adding.choices import Choice, matching
from ui.windows.providers.lines import LINES, Line, LinesDelegate, framed
from ui.windows.providers.words import BETWEEN, tr

_CHOICE = LINES + 1
_LINES_EACH = 2
_HEIGHT = 220
_INTO_THE_LIST = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)


class PresetList(QWidget):
    """`opened` tells the one that was chosen: by Enter, by a double click, or by the button that says so."""

    opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._choices: Sequence[Choice] = ()
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search providers"))
        self.search.setAccessibleName(tr("Search providers"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._show_matching)
        self.search.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Providers that can be added"))
        self.list.setItemDelegate(LinesDelegate(self.list, _LINES_EACH))
        self.list.setUniformItemSizes(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMinimumHeight(_HEIGHT)
        self.list.itemActivated.connect(lambda _item: self.open_current())
        self.list.installEventFilter(self)
        self.nothing = with_role(
            QLabel(tr("Nothing is called so. “Another server” takes any address.")), "muted"
        )
        self.nothing.hide()
        self._frame = framed(self.list)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        rows.addWidget(self.search)
        rows.addWidget(self._frame, 1)
        rows.addWidget(self.nothing)

    def show_choices(self, choices: Sequence[Choice]) -> None:
        self._choices = choices
        self._show_matching()

    def open_current(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.opened.emit(item.data(_CHOICE))

    @called_by_qt
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 -- Qt's name
        """From the search the arrow keys move in the list, and Enter takes what is there."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.open_current()
                return True
            if watched is self.search and event.key() in _INTO_THE_LIST:
                self.list.setFocus()
        return super().eventFilter(watched, event)

    def _show_matching(self) -> None:
        shown = matching(self._choices, self.search.text())
        self.list.clear()
        for choice in shown:
            item = QListWidgetItem(self.list)
            item.setData(_CHOICE, choice)
            item.setData(LINES, _lines(choice))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, choice.spoken)
            item.setToolTip(plain(choice.about))
        self.list.setCurrentRow(0)
        self._frame.setVisible(bool(shown))
        self.nothing.setVisible(not shown)


def _lines(choice: Choice) -> tuple[Line, ...]:
    right = choice.where
    if choice.is_added:
        right = BETWEEN.join((tr("✓ added already"), right))
    return (Line(choice.label, "text", is_bold=True, right=right), Line(choice.about))
