"""What all charts are: a picture kept until it changes, a current point, and words for it."""

from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAccessibleValueChangeEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from ui.mistakes import called_by_qt
from ui.theme.colors import colors
from ui.widgets.charts.data import Table
from ui.widgets.charts.drawing import Drawing, words
from ui.widgets.charts.look import Look
from ui.widgets.charts.telling import Telling
from ui.widgets.charts.tip import Tip
from ui.widgets.charts.walk import next_point

_RING: Final = 2
_RING_RADIUS: Final = 5
MARGIN: Final = 6
"""Around the picture; the focus ring lies in it."""

_LOOK_CHANGES: Final = {QEvent.Type.PaletteChange, QEvent.Type.FontChange, QEvent.Type.StyleChange}


class Chart(QWidget):
    """A kind of chart says what its points are, draws them for a room and a look, and tells about each."""

    data_changed = Signal()

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawing: Drawing | None = None
        self._look: Look | None = None
        self._current: int | None = None
        self._tip: Tip | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(title)

    @property
    def current(self) -> int | None:
        """The point that the pointer or the keys have chosen."""
        return self._current

    def as_table(self) -> Table:
        """The same numbers to be read."""
        raise NotImplementedError

    def telling(self, index: int) -> Telling:
        """All that is known of one point."""
        raise NotImplementedError

    def summary(self) -> str:
        """The whole in one sentence."""
        raise NotImplementedError

    def points(self) -> int:
        """How many points there are to walk over; none is an empty chart."""
        raise NotImplementedError

    def draw(self, room: QRectF, look: Look) -> Drawing:
        raise NotImplementedError

    def point_to(self, index: int | None) -> None:
        """Choose a point, or none."""
        if index != self._current:
            self._current = index
            self._show_tip()
            self.update()

    def renew(self) -> None:
        """The data has changed: what was derived from it is made anew when it is next needed."""
        if self._current is not None and self._current >= self.points():
            self._current = None
        self.setAccessibleDescription(self.summary() if self.points() else self.empty_words())
        self._forget_drawing()
        self._show_tip()
        self.data_changed.emit()

    def empty_words(self) -> str:
        return self.tr("Nothing yet")

    def look(self) -> Look:
        if self._look is None:
            self._look = Look(colors(self.palette()), self.font(), self.devicePixelRatioF())
        return self._look

    def drawing(self) -> Drawing:
        if self._drawing is None:
            room = QRectF(self.rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
            self._drawing = self.draw(room, self.look()) if self.points() else self._empty(room)
        return self._drawing

    @called_by_qt
    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  Qt's name
        with QPainter(self) as painter:
            self._fit(painter.deviceTransform().m11())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self.drawing().paint(painter, self._current, self.look())
            if self.hasFocus():
                self._paint_ring(painter)

    @called_by_qt
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        key = Qt.Key(event.key())
        goal = next_point(key, self._current, self.points())
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif goal is not None:
            self.point_to(goal)
            self._announce(self.telling(goal).sentence)
        elif key == Qt.Key.Key_Escape and self._current is not None:
            self.point_to(None)
        else:
            super().keyPressEvent(event)

    @called_by_qt
    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        self.point_to(self.drawing().point_at(event.position()))

    @called_by_qt
    def leaveEvent(self, _event: QEvent) -> None:  # noqa: N802  Qt's name
        self.point_to(None)

    @called_by_qt
    def focusInEvent(self, _event: QFocusEvent) -> None:  # noqa: N802  Qt's name
        self.update()

    @called_by_qt
    def focusOutEvent(self, _event: QFocusEvent) -> None:  # noqa: N802  Qt's name
        self.point_to(None)
        self.update()

    @called_by_qt
    def hideEvent(self, _event: QHideEvent) -> None:  # noqa: N802  Qt's name
        self.point_to(None)

    @called_by_qt
    def resizeEvent(self, _event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        self._forget_drawing()

    @called_by_qt
    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() in _LOOK_CHANGES:
            self._look = None
            self._forget_drawing()
            self.updateGeometry()
        super().changeEvent(event)

    def _fit(self, ratio: float) -> None:
        """A window may come to another screen, and a picture may be taken at another size."""
        if self.look().ratio != ratio:
            self._look = Look(self.look().colors, self.look().font, ratio)
            self._drawing = None

    def _forget_drawing(self) -> None:
        self._drawing = None
        self.update()

    def _empty(self, room: QRectF) -> Drawing:
        look, text = self.look(), self.empty_words()
        left = room.center().x() - look.width(text) / 2
        return Drawing((words(text, left, room.center().y() - look.line / 2, look.colors.muted, look),))

    def _announce(self, sentence: str) -> None:
        """Only what the keys choose is read aloud: whoever points with a mouse sees it."""
        QAccessible.updateAccessibility(QAccessibleValueChangeEvent(self, sentence))
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))

    def _show_tip(self) -> None:
        if self._current is None:
            self._drop_tip()
            return
        telling = self.telling(self._current)
        if self._tip is None:
            self._tip = Tip(self.window(), telling, self.look())
            self.destroyed.connect(self._tip.deleteLater)
        else:
            self._tip.tell(telling, self.look())
        spot = self.drawing().spots[self._current]
        self._tip.stand_beside(spot.translated(QPointF(self.mapTo(self.window(), self.rect().topLeft()))))
        self._tip.raise_()
        self._tip.show()

    def _drop_tip(self) -> None:
        if self._tip is not None:
            self._tip.hide()
            self._tip.deleteLater()
            self._tip = None

    def _paint_ring(self, painter: QPainter) -> None:
        painter.setPen(QPen(self.look().colors.accent, _RING))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inset = _RING / 2
        frame = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(frame, _RING_RADIUS, _RING_RADIUS)
