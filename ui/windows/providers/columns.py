"""The list and the details: beside each other, or where there is little room below each other."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from ui.frame.page import GAP
from ui.mistakes import called_by_qt

_NARROW = 660
_LIST_WIDTH = 236
_LIST_HEIGHT = 124
_UNLIMITED = 16_777_215


class Columns(QWidget):
    """The first keeps its size, the second takes what is left. `turned` says whether there is little room."""

    turned = Signal(bool)

    def __init__(self, first: QWidget, second: QWidget) -> None:
        super().__init__()
        self._is_narrow: bool | None = None
        self._first = first
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(GAP)
        self._box.addWidget(first)
        self._box.addWidget(second, 1)
        self._turn(is_narrow=False)

    @called_by_qt
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 -- Qt's name
        super().resizeEvent(event)
        self._turn(is_narrow=event.size().width() < _NARROW)

    def _turn(self, *, is_narrow: bool) -> None:
        if is_narrow is self._is_narrow:
            return
        self._is_narrow = is_narrow
        direction = QBoxLayout.Direction
        self._box.setDirection(direction.TopToBottom if is_narrow else direction.LeftToRight)
        if is_narrow:
            self._first.setMinimumWidth(0)
            self._first.setMaximumWidth(_UNLIMITED)
            self._first.setFixedHeight(_LIST_HEIGHT)
        else:
            self._first.setFixedWidth(_LIST_WIDTH)
            self._first.setMinimumHeight(0)
            self._first.setMaximumHeight(_UNLIMITED)
        self.turned.emit(is_narrow)
