"""Widgets beside each other, in as many columns as fit and in as many rows as that takes."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from ui.frame.page import GAP
from ui.mistakes import called_by_qt


class Grid(QWidget):
    """No column is narrower than said. It never asks for more width than one of them."""

    def __init__(self, narrowest: int, most: int) -> None:
        super().__init__()
        self._narrowest = narrowest
        self._most = most
        self._cells: list[QWidget] = []
        self._arranged: tuple[int, tuple[QWidget, ...]] = (0, ())
        self._places = QGridLayout(self)
        self._places.setContentsMargins(0, 0, 0, 0)
        self._places.setSpacing(GAP)

    def add(self, cell: QWidget) -> None:
        cell.setParent(self)
        self._cells.append(cell)
        self.arrange()

    def arrange(self) -> None:
        """Anew, after a cell was shown or hidden."""
        cells = tuple(cell for cell in self._cells if not _is_put_away(cell))
        columns = min(self._columns(), max(len(cells), 1))
        if self._arranged == (columns, cells):
            return
        self._arranged = (columns, cells)
        for cell in self._cells:
            self._places.removeWidget(cell)
        for place, cell in enumerate(cells):
            self._places.addWidget(cell, place // columns, place % columns)
        for column in range(self._most):
            self._places.setColumnStretch(column, 1 if column < columns else 0)
        self.updateGeometry()

    @called_by_qt
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 -- Qt's name
        super().resizeEvent(event)
        self.arrange()

    @called_by_qt
    def minimumSizeHint(self) -> QSize:  # noqa: N802 -- Qt's name
        return QSize(self._narrowest, super().minimumSizeHint().height())

    def _columns(self) -> int:
        fitting = (self.width() + GAP) // (self._narrowest + GAP)
        return max(1, min(self._most, fitting))


def _is_put_away(cell: QWidget) -> bool:
    """By somebody: Qt also calls hidden what was not shown yet."""
    return cell.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide) and cell.isHidden()
