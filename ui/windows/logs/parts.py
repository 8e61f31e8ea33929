"""The table and the details: beside each other, or one below the other where that gives them more room."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QSplitter, QWidget

_BESIDE: Final = 820
"""A narrower page has its details below the table."""
_LOW: Final = 520
"""There is no room for anything else on a page that is narrow and lower than this."""
_SHARES: Final = (480, 520)
_HANDLE: Final = 10


class Parts(QSplitter):
    """`escaped` is emitted when Esc is pressed in one of them."""

    escaped = Signal()

    def __init__(self, table: QWidget, details: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(_HANDLE)
        self.addWidget(table)
        self.addWidget(details)
        self.setSizes(_SHARES)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.escaped)

    def turned(self, width: int, height: int) -> bool:
        """Turn them as fits a page of that size; whether they then need all of it."""
        is_beside = width >= _BESIDE
        self.setOrientation(Qt.Orientation.Horizontal if is_beside else Qt.Orientation.Vertical)
        return not is_beside and height < _LOW
