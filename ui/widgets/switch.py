"""A switch for what holds at once: its place and a word say how it stands, its colour only stresses it."""

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox

from ui.mistakes import called_by_qt
from ui.theme.colors import colors

_TRACK = QSize(38, 22)
_AIR = 9
_EDGE = 4
_RING = 2


class Switch(QCheckBox):
    """To the keyboard and to screen readers it is a check box."""

    @called_by_qt
    def sizeHint(self) -> QSize:  # noqa: N802 -- Qt's name
        metrics = self.fontMetrics()
        word = max(metrics.horizontalAdvance(each) for each in (self.tr("On"), self.tr("Off")))
        height = max(_TRACK.height() + 2 * _RING, metrics.height())
        return QSize(word + _AIR + _TRACK.width() + 2 * _RING, height)

    @called_by_qt
    def minimumSizeHint(self) -> QSize:  # noqa: N802 -- Qt's name
        return self.sizeHint()

    @called_by_qt
    def hitButton(self, place: QPoint) -> bool:  # noqa: N802 -- Qt's name
        return self.rect().contains(place)

    @called_by_qt
    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 -- Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(
            self.width() - _TRACK.width() - _RING,
            (self.height() - _TRACK.height()) / 2,
            _TRACK.width(),
            _TRACK.height(),
        )
        self._draw_word(painter, track)
        self._draw_track(painter, track)
        painter.end()

    def _draw_word(self, painter: QPainter, track: QRectF) -> None:
        painter.setPen(colors(self.palette()).muted)
        place = QRectF(0, 0, track.left() - _AIR, self.height())
        word = self.tr("On") if self.isChecked() else self.tr("Off")
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, word)

    def _draw_track(self, painter: QPainter, track: QRectF) -> None:
        ours = colors(self.palette())
        if self.hasFocus():
            painter.setPen(QPen(ours.text, _RING))
        else:
            painter.setPen(QPen(ours.accent if self.isChecked() else ours.muted, 1))
        painter.setBrush(ours.accent if self.isChecked() else ours.raised)
        painter.drawRoundedRect(track, track.height() / 2, track.height() / 2)
        knob = track.height() - 2 * _EDGE
        left = track.right() - _EDGE - knob if self.isChecked() else track.left() + _EDGE
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ours.on_accent if self.isChecked() else ours.muted)
        painter.drawEllipse(QRectF(left, track.top() + _EDGE, knob, knob))
