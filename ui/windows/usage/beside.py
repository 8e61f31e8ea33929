"""Two panels beside each other where there is room for both, else one below the other."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from ui.frame.page import GAP

_ENOUGH = 760
_LEAST = 300
_SHARES = (5, 3)


class Beside(QWidget):
    """The first one is the wider."""

    def __init__(self, first: QWidget, second: QWidget) -> None:
        super().__init__()
        self._places = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._places.setContentsMargins(0, 0, 0, 0)
        self._places.setSpacing(GAP)
        for widget, share in zip((first, second), _SHARES, strict=True):
            self._places.addWidget(widget, share)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 -- Qt's name
        super().resizeEvent(event)
        directions = QBoxLayout.Direction
        wanted = directions.LeftToRight if self.width() >= _ENOUGH else directions.TopToBottom
        if self._places.direction() != wanted:
            self._places.setDirection(wanted)
            self.updateGeometry()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 -- Qt's name
        """A column's: one who has two beside each other may become narrower all the same."""
        return QSize(_LEAST, super().minimumSizeHint().height())
