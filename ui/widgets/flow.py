"""Widgets in a line, and in as many lines as their width needs."""

from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from ui.mistakes import called_by_qt

_GAP: Final = 8


class Flow(QLayout):
    """They keep their order and the width that they would like to have."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setContentsMargins(0, 0, 0, 0)
        self._items: list[QLayoutItem] = []
        self._sizes: list[QSize] | None = None

    @called_by_qt
    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802 -- Qt's name
        self._items.append(item)

    @called_by_qt
    def count(self) -> int:
        return len(self._items)

    @called_by_qt
    def itemAt(self, place: int) -> QLayoutItem | None:  # noqa: N802 -- Qt's name; it asks one place too far
        return self._items[place] if 0 <= place < len(self._items) else None

    @called_by_qt
    def takeAt(self, place: int) -> QLayoutItem | None:  # noqa: N802 -- the same
        return self._items.pop(place) if 0 <= place < len(self._items) else None

    @called_by_qt
    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802 -- Qt's name
        return Qt.Orientation(0)

    @called_by_qt
    def invalidate(self) -> None:
        """Asked for its size a widget with a style sheet takes its time, and layouts ask over and over."""
        self._sizes = None
        super().invalidate()

    @called_by_qt
    def hasHeightForWidth(self) -> bool:  # noqa: N802 -- Qt's name
        return True

    @called_by_qt
    def heightForWidth(self, width: int) -> int:  # noqa: N802 -- Qt's name
        return self._placed(QRect(0, 0, width, 0), is_moving=False)

    @called_by_qt
    def setGeometry(self, room: QRect) -> None:  # noqa: N802 -- Qt's name
        super().setGeometry(room)
        self._placed(room, is_moving=True)

    @called_by_qt
    def sizeHint(self) -> QSize:  # noqa: N802 -- Qt's name
        return self.minimumSize()

    @called_by_qt
    def minimumSize(self) -> QSize:  # noqa: N802 -- Qt's name
        sizes = [size for size in self._known_sizes() if not size.isEmpty()]
        return QSize(
            max((size.width() for size in sizes), default=0),
            max((size.height() for size in sizes), default=0),
        )

    def _known_sizes(self) -> list[QSize]:
        """An empty one for what is hidden."""
        if self._sizes is None:
            self._sizes = [QSize() if item.isEmpty() else item.sizeHint() for item in self._items]
        return self._sizes

    def _placed(self, room: QRect, *, is_moving: bool) -> int:
        """The height that all lines need."""
        x, y, high = room.x(), room.y(), 0
        for item, size in zip(self._items, self._known_sizes(), strict=True):
            if size.isEmpty():
                continue
            if x > room.x() and x + size.width() > room.right() + 1:
                x, y, high = room.x(), y + high + _GAP, 0
            if is_moving:
                item.setGeometry(QRect(QPoint(x, y), size))
            x += size.width() + _GAP
            high = max(high, size.height())
        return y + high - room.y()
