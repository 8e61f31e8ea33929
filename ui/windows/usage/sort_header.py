"""The head of a table that is sorted by a click or by keys: arrows choose a column, space sorts by it."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QHeaderView

from ui.mistakes import called_by_qt
from ui.theme.colors import colors

_RING = 2


class SortHeader(QHeaderView):
    """`wanted` tells the column by which to sort."""

    wanted = Signal(int)

    def __init__(self, name: str) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setAccessibleName(name)
        self.setSectionsClickable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.place = 0
        self.sectionClicked.connect(self.wanted)

    @called_by_qt
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 -- Qt's name
        match event.key():
            case Qt.Key.Key_Left:
                self._go(self.place - 1)
            case Qt.Key.Key_Right:
                self._go(self.place + 1)
            case Qt.Key.Key_Home:
                self._go(0)
            case Qt.Key.Key_End:
                self._go(self.count() - 1)
            case Qt.Key.Key_Space | Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.wanted.emit(self.place)
            case _:
                event.ignore()

    @called_by_qt
    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 -- Qt's name
        super().focusInEvent(event)
        self._go(self.place)

    @called_by_qt
    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 -- Qt's name
        super().focusOutEvent(event)
        self.viewport().update()

    @called_by_qt
    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N802, N803 -- Qt's names
        painter.save()
        super().paintSection(painter, rect, logicalIndex)
        painter.restore()
        if self.hasFocus() and logicalIndex == self.place:
            painter.save()
            painter.setPen(QPen(colors().accent, _RING))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))
            painter.restore()

    def _go(self, place: int) -> None:
        """The table scrolls along, so that the column is seen."""
        self.place = max(0, min(place, self.count() - 1))
        table = self.parentWidget()
        if table is not None and (model := table.model()).rowCount():  # type: ignore[attr-defined]  # the view it heads
            table.scrollTo(model.index(0, self.place))  # type: ignore[attr-defined]  # the same
        self.viewport().update()
