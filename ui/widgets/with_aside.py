"""Something with what belongs to it at its right, or below it where there is no room."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from ui.mistakes import called_by_qt

_LINE_GAP = 4
_AT_THE_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_BELOW = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


class WithAside(QWidget):
    """`main` takes what is left. It needs no more width than the wider one of the two."""

    def __init__(self, main: QWidget, aside: QWidget, gap: int) -> None:
        super().__init__()
        self._main, self._aside = main, aside
        self._is_below = False
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(gap)
        self._grid.setVerticalSpacing(_LINE_GAP)
        self._grid.setColumnStretch(0, 1)
        self._grid.addWidget(main, 0, 0)
        self._grid.addWidget(aside, 0, 1, _AT_THE_RIGHT)

    @property
    def is_below(self) -> bool:
        return self._is_below

    @called_by_qt
    def minimumSizeHint(self) -> QSize:  # noqa: N802 -- Qt's name
        widest = max(_least(self._main), _least(self._aside))
        return QSize(widest, super().minimumSizeHint().height())

    @called_by_qt
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 -- Qt's name
        super().resizeEvent(event)
        self._arrange(event.size().width())

    @called_by_qt
    def event(self, event: QEvent) -> bool:
        """One of the two may want another width now."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._arrange(self.width())
        return super().event(event)

    def _arrange(self, width: int) -> None:
        needed = _least(self._main) + _wanted(self._aside)
        is_below = needed + self._grid.horizontalSpacing() > width
        if is_below == self._is_below:
            return
        self._is_below = is_below
        if is_below:
            self._grid.addWidget(self._aside, 1, 0, 1, 2, _BELOW)
        else:
            self._grid.addWidget(self._aside, 0, 1, _AT_THE_RIGHT)


def _least(widget: QWidget) -> int:
    return max(widget.minimumWidth(), widget.minimumSizeHint().width())


def _wanted(widget: QWidget) -> int:
    return min(max(widget.minimumWidth(), widget.sizeHint().width()), widget.maximumWidth())


def in_a_row(*widgets: QWidget, gap: int) -> QWidget:
    """As one."""
    together = QWidget()
    row = QHBoxLayout(together)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(gap)
    for widget in widgets:
        row.addWidget(widget)
    return together
