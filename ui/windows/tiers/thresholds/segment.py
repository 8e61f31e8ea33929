"""A radio button that looks like a part of a bar: the chosen one has a frame and a check mark."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QRadioButton

from ui.mistakes import called_by_qt
from ui.theme.colors import colors

_AIR = QSize(28, 14)
_RADIUS = 6
_CHECK = "✓ "


class Segment(QRadioButton):
    @called_by_qt
    def sizeHint(self) -> QSize:  # noqa: N802 -- Qt's name
        metrics = self.fontMetrics()
        width = metrics.horizontalAdvance(_CHECK + self.text().replace("&", ""))
        return QSize(width, metrics.height()) + _AIR

    @called_by_qt
    def minimumSizeHint(self) -> QSize:  # noqa: N802 -- Qt's name
        return self.sizeHint()

    @called_by_qt
    def hitButton(self, place: object) -> bool:  # noqa: N802 -- Qt's name; all of it is the button
        return True

    @called_by_qt
    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 -- Qt's name
        scheme = colors(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = 2 if self.hasFocus() else 1
        is_stressed = self.isChecked() or self.hasFocus()
        painter.setPen(QPen(scheme.accent if is_stressed else scheme.border, width))
        painter.setBrush(scheme.selection if self.isChecked() else scheme.surface)
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(frame, _RADIUS, _RADIUS)
        painter.setPen(scheme.text)
        text = (_CHECK if self.isChecked() else "") + self.text()
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextShowMnemonic
        painter.drawText(self.rect(), flags, text)
        painter.end()
