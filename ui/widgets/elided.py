"""A text on one line that is cut in the middle where there is no room, and told in full by its tip."""

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel

from ui.mistakes import called_by_qt
from ui.speech import plain

_LEAST: Final = 8
"""In characters."""


class ElidedLabel(QLabel):
    """Cut is only what is seen: what is selected and copied, and what a screen reader tells, is all of it.

    Who is at it, to select some of it, sees its beginning as it is, with the cursor and what is selected.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)

    @property
    def is_cut(self) -> bool:
        return self.width() < super().minimumSizeHint().width()

    def say(self, text: str) -> None:
        self.setText(text)
        self._tell()

    @called_by_qt
    def minimumSizeHint(self) -> QSize:  # noqa: N802 -- Qt's name
        whole = super().minimumSizeHint()
        return QSize(min(whole.width(), _LEAST * self.fontMetrics().averageCharWidth()), whole.height())

    @called_by_qt
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 -- Qt's name
        super().resizeEvent(event)
        self._tell()

    @called_by_qt
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 -- Qt's name
        if not self.is_cut or self.hasFocus() or self.hasSelectedText():
            super().paintEvent(event)
            return
        room = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, room.width())
        with QPainter(self) as painter:
            painter.setPen(self.palette().color(self.foregroundRole()))
            painter.drawText(room, self.alignment(), shown)

    def _tell(self) -> None:
        self.setToolTip(plain(self.text()) if self.is_cut else "")
