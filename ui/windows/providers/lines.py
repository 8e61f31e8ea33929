"""Lists whose items are several lines of text, each in its own colour."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, cast

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
)

from ui.mistakes import called_by_qt
from ui.theme.colors import Colors, colors
from ui.theme.roles import with_role

LINES: Final = Qt.ItemDataRole.UserRole
"""Where an item keeps its lines."""
_AIR: Final = 9
_EDGE: Final = 1
_GAP: Final = 3
_BETWEEN: Final = 2
_ROUND: Final = 6
_RING: Final = 2
_LEAST_WIDTH: Final = 120
_MARGIN: Final = 6
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Line:
    """`right` stands at the end of the same line."""

    text: str
    color: Literal["text", "muted", "good", "warn", "bad"] = "muted"
    is_bold: bool = False
    right: str = ""


def framed(view: QListWidget) -> QFrame:
    """The list in a panel, with air for the ring around the chosen item."""
    frame = with_role(QFrame(), "panel")
    within = QVBoxLayout(frame)
    within.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
    within.addWidget(view)
    return frame


class LinesDelegate(QStyledItemDelegate):
    """What is too long ends with dots; of every item of a list the same number of lines is shown."""

    def __init__(self, view: QListWidget, lines: int) -> None:
        super().__init__(view)
        self._view = view
        self._lines = lines

    def show_lines(self, lines: int) -> None:
        """So many of each from now on."""
        if lines != self._lines:
            self._lines = lines
            self._view.scheduleDelayedItemsLayout()

    @called_by_qt
    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: N802 -- Qt's name
        height = self._view.fontMetrics().height()
        within = self._lines * height + (self._lines - 1) * _GAP
        return QSize(_LEAST_WIDTH, within + 2 * _AIR + _BETWEEN + 2 * _EDGE)

    @called_by_qt
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        scheme = colors(self._view.palette())
        asked = cast("Any", option)  # the stubs lack its fields
        area: QRect = asked.rect.adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE - _BETWEEN)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_ground(painter, area, asked.state, scheme)
        where = area.adjusted(_AIR, _AIR, -_AIR, -_AIR)
        lines: Sequence[Line] = index.data(LINES)
        for line in lines[: self._lines]:
            self._draw(painter, where, line, scheme)
            where.setTop(where.top() + self._view.fontMetrics().height() + _GAP)
        painter.restore()

    def _draw_ground(self, painter: QPainter, area: QRect, state: QStyle.StateFlag, scheme: Colors) -> None:
        is_selected = bool(state & QStyle.StateFlag.State_Selected)
        if not (is_selected or state & QStyle.StateFlag.State_MouseOver):
            return
        is_focused = is_selected and self._view.hasFocus()
        painter.setPen(QPen(scheme.accent, _RING) if is_focused else Qt.PenStyle.NoPen)
        painter.setBrush(scheme.selection if is_selected else scheme.raised)
        painter.drawRoundedRect(area, _ROUND, _ROUND)

    def _draw(self, painter: QPainter, where: QRect, line: Line, scheme: Colors) -> None:
        color: QColor = getattr(scheme, line.color)
        font = QFont(self._view.font())
        right = painter.fontMetrics().horizontalAdvance(line.right) + _AIR if line.right else 0
        painter.setFont(font)
        top = Qt.AlignmentFlag.AlignTop
        if line.right:
            painter.setPen(scheme.muted)
            painter.drawText(where, Qt.AlignmentFlag.AlignRight | top, line.right)
        if line.is_bold:
            font.setWeight(QFont.Weight.DemiBold)
            painter.setFont(font)
        painter.setPen(color)
        room = where.width() - right
        shown = painter.fontMetrics().elidedText(line.text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(where, Qt.AlignmentFlag.AlignLeft | top, shown)
