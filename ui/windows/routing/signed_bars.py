"""Draws a number of a row as a bar, to the right where it adds and to the left where it takes away."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from ui.mistakes import called_by_qt
from ui.models.columns import Row
from ui.models.rows import RowsModel
from ui.theme.colors import colors

_THICKNESS = 9
_SIDE = 6


class SignedBars(QStyledItemDelegate):
    """For one column of a table; the number itself stands in words in another one."""

    def __init__(self, model: RowsModel, value: Callable[[Row], float | None], parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._value = value
        self._most = 1.0

    def measure(self, most: float) -> None:
        """The longest bar there is."""
        self._most = max(most, 1.0)

    @called_by_qt
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        value = self._value(self._model.row(index))
        area = QRectF(option.rect).adjusted(_SIDE, 0, -_SIDE, 0)
        scheme = colors()
        middle = area.center().x()
        painter.fillRect(QRectF(middle, area.top(), 1, area.height()), scheme.border)
        if value is None:
            return
        length = area.width() / 2 * min(abs(value) / self._most, 1.0)
        left = middle if value >= 0 else middle - length
        bar = QRectF(left, area.center().y() - _THICKNESS / 2, max(length, 1), _THICKNESS)
        painter.fillRect(bar, scheme.accent if value >= 0 else scheme.warn)
        if value < 0:  # a pattern, so that the direction is seen without colours, too
            painter.fillRect(bar, Qt.BrushStyle.BDiagPattern)
