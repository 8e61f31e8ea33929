"""Draws a service: a box for whether it is asked, its name and state, and below what is known of it."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.mistakes import called_by_qt
from ui.theme.colors import Colors, colors
from ui.windows.tiers.card.model import LINE
from ui.windows.tiers.lines import Line

_BOX = 16
_AIR = 8
_ROW_AIR = 14
_RADIUS = 6
_Index = QModelIndex | QPersistentModelIndex


def box_in(row: QRect) -> QRect:
    """Where the box of a row is."""
    return QRect(row.left() + _AIR, row.top() + (row.height() - _BOX) // 2, _BOX, _BOX)


class ServicePainting(QStyledItemDelegate):
    @called_by_qt
    def sizeHint(self, option: QStyleOptionViewItem, _index: _Index) -> QSize:  # noqa: N802 -- Qt's name
        return QSize(0, 2 * option.fontMetrics.height() + _ROW_AIR)

    @called_by_qt
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        line = index.data(LINE)
        if not isinstance(line, Line):
            return
        row: QRect = option.rect
        state: QStyle.StateFlag = option.state
        scheme = colors(option.palette)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, row, state, scheme)
        _paint_box(painter, box_in(row), scheme, is_checked=line.entry.active)
        self._paint_words(painter, row, line, scheme)
        painter.restore()

    def _paint_ground(self, painter: QPainter, row: QRect, state: QStyle.StateFlag, scheme: Colors) -> None:
        is_selected = bool(state & QStyle.StateFlag.State_Selected)
        is_under_mouse = bool(state & QStyle.StateFlag.State_MouseOver)
        if not (is_selected or is_under_mouse):
            return
        has_focus = is_selected and bool(state & QStyle.StateFlag.State_HasFocus)
        painter.setPen(QPen(scheme.accent, 1.5) if has_focus else Qt.PenStyle.NoPen)
        painter.setBrush(scheme.selection if is_selected else scheme.raised)
        painter.drawRoundedRect(row.adjusted(1, 1, -2, -2), _RADIUS, _RADIUS)

    def _paint_words(self, painter: QPainter, row: QRect, line: Line, scheme: Colors) -> None:
        metrics = painter.fontMetrics()
        left = box_in(row).right() + _AIR + 2
        above = QRect(left, row.top() + _ROW_AIR // 2 - 1, row.right() - left - _AIR, metrics.height())
        below = above.translated(0, metrics.height() + 1)
        told = line.state.told
        width = metrics.horizontalAdvance(told) + _AIR
        painter.setPen(_ink(line, scheme))
        painter.drawText(above, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, told)
        font = QFont(painter.font())
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(scheme.text if line.entry.active else scheme.muted)
        _write(painter, above.adjusted(0, 0, -width, 0), line.entry.name, Qt.TextElideMode.ElideMiddle)
        font.setWeight(QFont.Weight.Normal)
        painter.setFont(font)
        painter.setPen(scheme.muted)
        _write(painter, below, line.details, Qt.TextElideMode.ElideRight)


def _ink(line: Line, scheme: Colors) -> QColor:
    return {"good": scheme.good, "warn": scheme.warn, "bad": scheme.bad, "muted": scheme.muted}[
        line.state.level
    ]


def _write(painter: QPainter, room: QRect, text: str, elide: Qt.TextElideMode) -> None:
    shown = painter.fontMetrics().elidedText(text, elide, room.width())
    painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


def _paint_box(painter: QPainter, box: QRect, scheme: Colors, *, is_checked: bool) -> None:
    painter.setPen(QPen(scheme.accent if is_checked else scheme.muted, 1.5))
    painter.setBrush(scheme.accent if is_checked else scheme.surface)
    painter.drawRoundedRect(box, 4, 4)
    if is_checked:
        painter.setPen(QPen(scheme.on_accent, 2))
        x, y = box.left(), box.top()
        painter.drawPolyline([QPoint(x + 4, y + 8), QPoint(x + 7, y + 11), QPoint(x + 12, y + 5)])
