"""A score on its scale: the bands of the tiers between their thresholds, and a marker at the value."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.mistakes import called_by_qt
from ui.theme.colors import colors
from ui.windows.routing.words import tr

_HIGHEST = 100.0
_BAR = 12
_MARKER = 7
_AIR = 4
_SIDE = 20
"""So that a value at either end has room for its number."""

Bands = Mapping[str, Sequence[float]]
"""From where to where each tier goes, the lowest first."""


class ScoreScale(QWidget):
    """It says the same to those who cannot see it."""

    def __init__(self) -> None:
        super().__init__()
        self._value = 0.0
        self._bands: Bands = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(tr("Score"))

    def show_score(self, value: float, bands: Bands) -> None:
        self._value, self._bands = value, bands
        sentence = score_in_words(value, bands)
        self.setAccessibleDescription(sentence)
        self.setToolTip(sentence)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
        self.update()

    @called_by_qt
    def sizeHint(self) -> QSize:  # noqa: N802 -- Qt's name
        line = self.fontMetrics().height()
        return QSize(360, 3 * line + _MARKER + _BAR + 3 * _AIR)

    @called_by_qt
    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 -- Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = self.fontMetrics().height()
        bar = QRectF(_SIDE, line + _MARKER + _AIR, self.width() - 2 * _SIDE, _BAR)
        for tier, (start, end) in self._bands.items():
            self._paint_band(painter, bar, tier, start, end)
        self._paint_marker(painter, bar)
        if self.hasFocus():
            painter.setPen(colors(self.palette()).accent)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def _paint_band(self, painter: QPainter, bar: QRectF, tier: str, start: float, end: float) -> None:
        scheme, metrics = colors(self.palette()), self.fontMetrics()
        left, right = _x(bar, start), _x(bar, end)
        gap = 1.0 if end < _HIGHEST else 0.0
        painter.fillRect(QRectF(left, bar.top(), max(right - left - gap, 0), bar.height()), scheme.tier(tier))
        beneath = bar.bottom() + _AIR
        painter.setPen(scheme.muted)
        if end > start:
            painter.drawText(
                _around(left, beneath, metrics.height()), Qt.AlignmentFlag.AlignCenter, f"{start:g}"
            )
        if end >= _HIGHEST:
            painter.drawText(
                _around(right, beneath, metrics.height()), Qt.AlignmentFlag.AlignCenter, f"{end:g}"
            )
        is_here = tier == tier_at(self._value, self._bands)
        painter.setPen(scheme.text if is_here else scheme.muted)
        font = self.font()
        font.setBold(is_here)
        painter.setFont(font)
        name = painter.fontMetrics().elidedText(tier, Qt.TextElideMode.ElideRight, int(right - left) - 4)
        place = QRectF(left, beneath + metrics.height(), right - left, metrics.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, name if len(name) > 2 else tier[:1])
        painter.setFont(self.font())

    def _paint_marker(self, painter: QPainter, bar: QRectF) -> None:
        scheme, metrics = colors(self.palette()), self.fontMetrics()
        at = _x(bar, self._value)
        tip = bar.top() - 1
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(scheme.text)
        painter.drawPolygon(
            QPolygonF(
                [QPointF(at - _MARKER, tip - _MARKER), QPointF(at + _MARKER, tip - _MARKER), QPointF(at, tip)]
            )
        )
        painter.fillRect(QRectF(at - 1, bar.top(), 2, bar.height()), scheme.text)
        painter.setPen(scheme.text)
        font = self.font()
        font.setBold(True)
        painter.setFont(font)
        painter.drawText(_around(at, 0, metrics.height()), Qt.AlignmentFlag.AlignCenter, f"{self._value:.1f}")
        painter.setFont(self.font())


def tier_at(value: float, bands: Bands) -> str:
    """The one whose threshold it has reached last."""
    reached = [tier for tier, (start, _end) in bands.items() if value >= start]
    return reached[-1] if reached else ""


def score_in_words(value: float, bands: Bands) -> str:
    sentence = tr("Score %1 of 100").replace("%1", f"{value:.1f}")
    tier = tier_at(value, bands)
    if not tier:
        return sentence
    start, end = bands[tier]
    there = tr("%1, in the band of %2, which goes from %3 to %4.").replace("%1", sentence).replace("%2", tier)
    return there.replace("%3", f"{start:g}").replace("%4", f"{end:g}")


def _x(bar: QRectF, value: float) -> float:
    return bar.left() + bar.width() * min(max(value, 0.0), _HIGHEST) / _HIGHEST


def _around(x: float, top: float, height: float) -> QRectF:
    return QRectF(x - _SIDE, top, 2 * _SIDE, height)
