"""A scale from 0 to 100 with the bands of the tiers, and three handles that move their borders.

`moved` tells every step, `settled` what the user has meant: after the mouse let go, on leaving a handle, or a
moment after the last key. Until then nothing from elsewhere moves a handle.
"""

import math
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from proxy.config import TIER_NAMES
from ui.mistakes import called_by_qt
from ui.theme.colors import colors
from ui.windows.tiers.speech import tr
from ui.windows.tiers.thresholds.handle import SIZE, Handle

HIGHEST = 100.0
_SETTLE_MS = 700
_SIDE = 14
_BAR = 16
_SHIFTED = 6
_AIR = 3

Thresholds = tuple[float, ...]


class ThresholdScale(QWidget):
    moved = Signal(tuple)
    settled = Signal(tuple)

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Scale of scores from 0 to 100"))
        self._values: Thresholds = (20.0, 50.0, 75.0)
        self._known: Thresholds = self._values
        self._shifted: Thresholds = self._values
        self.handles = [Handle(tr("Score from which %1 is asked", tier), self) for tier in TIER_NAMES[1:]]
        for place, handle in enumerate(self.handles):
            handle.valueChanged.connect(partial(self._on_value, place))
            handle.dragged.connect(partial(self._on_dragged, place))
            handle.let_go.connect(self._settle)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self._settle)
        self._limit()

    @property
    def values(self) -> Thresholds:
        return self._values

    @property
    def is_in_hand(self) -> bool:
        """The user is about to say something else."""
        return self._values != self._known or any(each.isSliderDown() for each in self.handles)

    def show_thresholds(self, values: Sequence[float]) -> None:
        """What holds now, unless somebody is at it."""
        if self.is_in_hand:
            return
        self._known = self._values = tuple(values)
        self._limit()

    def show_shifted(self, values: Sequence[float]) -> None:
        """The borders as they count under the profile."""
        self._shifted = tuple(values)
        self.update()

    def x_of(self, value: float) -> float:
        return _SIDE + (self.width() - 2 * _SIDE) * value / HIGHEST

    @called_by_qt
    def sizeHint(self) -> QSize:  # noqa: N802 -- Qt's name
        line = self.fontMetrics().height()
        return QSize(320, 2 * line + SIZE.height() + _SHIFTED + 4 * _AIR)

    @called_by_qt
    def minimumSizeHint(self) -> QSize:  # noqa: N802 -- Qt's name
        return self.sizeHint()

    @called_by_qt
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 -- Qt's name
        super().resizeEvent(event)
        self._place_handles()

    @called_by_qt
    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 -- Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bar = self._bar()
        self._paint_bands(painter, self._values, bar.top(), _BAR)
        self._paint_names(painter)
        self._paint_numbers(painter, bar.bottom())
        if self._shifted != self._values:
            self._paint_bands(painter, self._shifted, self._bottom() - _SHIFTED, _SHIFTED)
        painter.end()

    # -- within -------------------------------------------------------------------------------------

    def _bar(self) -> QRectF:
        top = self.fontMetrics().height() + _AIR + (SIZE.height() - _BAR) / 2
        return QRectF(_SIDE, top, self.width() - 2 * _SIDE, _BAR)

    def _bottom(self) -> float:
        return self.sizeHint().height() - 1.0

    def _paint_bands(self, painter: QPainter, borders: Thresholds, top: float, height: float) -> None:
        scheme = colors(self.palette())
        painter.setPen(QPen(scheme.surface, 1))
        for tier, (start, end) in zip(TIER_NAMES, _pairs(borders), strict=True):
            left, right = self.x_of(start), self.x_of(end)
            painter.setBrush(scheme.tier(tier))
            painter.drawRect(QRectF(left, top, max(right - left, 0), height))

    def _paint_names(self, painter: QPainter) -> None:
        """Its whole name, or else its first letters, or else none: the legend has them all."""
        painter.setPen(colors(self.palette()).muted)
        metrics = self.fontMetrics()
        for tier, (start, end) in zip(TIER_NAMES, _pairs(self._values), strict=True):
            left, right = self.x_of(start), self.x_of(end)
            names = (tier, tier[:3])
            fitting = next((each for each in names if metrics.horizontalAdvance(each) < right - left), "")
            place = QRectF(left, 0, right - left, metrics.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, fitting)

    def _paint_numbers(self, painter: QPainter, below: float) -> None:
        scheme, metrics = colors(self.palette()), self.fontMetrics()
        top = below + (SIZE.height() - _BAR) / 2 + _AIR - 2
        taken = [self.x_of(each) for each in self._values]
        for value in (0.0, *self._values, HIGHEST):
            is_border = value in self._values
            x, width = self.x_of(value), metrics.horizontalAdvance("100") + 4
            if not is_border and any(abs(x - each) < width for each in taken):
                continue
            painter.setPen(scheme.text if is_border else scheme.muted)
            number = f"{value:g}"
            half = (metrics.horizontalAdvance(number) + 1) / 2  # large letters would reach over the edge
            middle = min(max(x, half), self.width() - half)
            place = QRectF(middle - width, top, 2 * width, metrics.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, number)

    def _on_value(self, place: int, value: int) -> None:
        values = list(self._values)
        values[place] = float(value)
        self._values = tuple(values)
        self._limit()
        self.moved.emit(self._values)
        if not self.handles[place].isSliderDown():
            self._pause.start(_SETTLE_MS)

    def _on_dragged(self, place: int, x: float) -> None:
        wanted = (x - _SIDE) / max(self.width() - 2 * _SIDE, 1) * HIGHEST
        self.handles[place].setValue(round(wanted))

    def _settle(self) -> None:
        self._pause.stop()
        if self._values != self._known:
            self._known = self._values
            self.settled.emit(self._values)

    def _limit(self) -> None:
        """No handle passes another one; between two that the file sets closer than a point none can move."""
        borders = (-1.0, *self._values, HIGHEST + 1)
        for place, handle in enumerate(self.handles):
            handle.blockSignals(True)  # noqa: FBT003 -- Qt's
            low, high = math.floor(borders[place]) + 1, math.ceil(borders[place + 2]) - 1
            handle.setRange(min(low, high), max(low, high))
            handle.setValue(round(self._values[place]))
            handle.blockSignals(False)  # noqa: FBT003 -- Qt's
        self._place_handles()
        self.update()

    def _place_handles(self) -> None:
        top = round(self._bar().center().y() - SIZE.height() / 2)
        for handle, value in zip(self.handles, self._values, strict=True):
            handle.move(round(self.x_of(value) - SIZE.width() / 2), top)


def _pairs(borders: Thresholds) -> list[tuple[float, float]]:
    return list(zip((0.0, *borders), (*borders, HIGHEST), strict=True))
