"""A number of a service that is typed or stepped; only the one that is stayed at is told."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QSpinBox

from ui.mistakes import called_by_qt

MOST = 1_000_000
_STAY_MS = 500


class Number(QSpinBox):
    """`settled` after Enter, on leaving it, or a moment after the last step."""

    settled = Signal(int)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setRange(0, MOST)
        self.setKeyboardTracking(False)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._known = self.value()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self.finish)
        self._is_typed = False
        self.lineEdit().textEdited.connect(self._on_typed)
        self.editingFinished.connect(self.finish)

    def show_number(self, value: int) -> None:
        """What holds now, unless somebody is about to say something else."""
        if not self._is_typed and not self._pause.isActive():
            self._known = value
            self.setValue(value)

    def finish(self) -> None:
        self._pause.stop()
        self._is_typed = False
        self.interpretText()
        if self.value() != self._known:
            self._known = self.value()
            self.settled.emit(self._known)

    @called_by_qt
    def stepBy(self, steps: int) -> None:  # noqa: N802 -- Qt's name
        super().stepBy(steps)
        self._pause.start(_STAY_MS)

    @called_by_qt
    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 -- Qt's name
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def _on_typed(self, _text: str) -> None:
        self._is_typed = True
        self._pause.stop()
