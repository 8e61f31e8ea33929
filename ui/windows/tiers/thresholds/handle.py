"""One threshold on the scale: to the keyboard and to screen readers it is a slider, to the eye a grip."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QAbstractSlider, QWidget

from ui.mistakes import called_by_qt
from ui.theme.colors import colors

SIZE = QSize(22, 30)
_GRIP = QSize(12, 24)
_RADIUS = 6
_STEP = 1
_LEAP = 5


class Handle(QAbstractSlider):
    """`dragged` tells where on its parent the mouse has pulled it; `let_go` that the user is done with it."""

    dragged = Signal(float)
    let_go = Signal()

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setSingleStep(_STEP)
        self.setPageStep(_LEAP)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        self.setFixedSize(SIZE)

    @called_by_qt
    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 -- Qt's name
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)

    @called_by_qt
    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 -- Qt's name
        if self.isSliderDown():
            self.dragged.emit(self.mapToParent(event.position()).x())

    @called_by_qt
    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # noqa: N802 -- Qt's name
        self.setSliderDown(False)
        self.let_go.emit()

    @called_by_qt
    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 -- Qt's name
        super().focusOutEvent(event)
        self.update()
        self.let_go.emit()

    @called_by_qt
    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 -- Qt's name
        super().focusInEvent(event)
        self.update()

    @called_by_qt
    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 -- Qt's name
        """It turns the page on which the scale stands."""
        event.ignore()

    @called_by_qt
    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 -- Qt's name
        scheme = colors(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        grip = QRectF(
            (self.width() - _GRIP.width()) / 2,
            (self.height() - _GRIP.height()) / 2,
            _GRIP.width(),
            _GRIP.height(),
        )
        is_held = self.hasFocus() or self.isSliderDown()
        painter.setPen(QPen(scheme.accent if is_held else scheme.text, 3 if is_held else 1.5))
        painter.setBrush(scheme.surface)
        painter.drawRoundedRect(grip, _RADIUS, _RADIUS)
        painter.setPen(QPen(scheme.muted, 1))
        for offset in (-2, 2):
            x = grip.center().x() + offset
            painter.drawLine(int(x), int(grip.center().y() - 4), int(x), int(grip.center().y() + 4))
        painter.end()
