"""A stored key that the user wanted to see: for half a minute, or until it is out of sight."""

from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QFontDatabase, QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from proxy.secret import Secret
from ui.mistakes import called_by_qt
from ui.windows.providers.words import tr

HIDDEN_AFTER_MS: Final = 30_000


class ShownKey(QWidget):
    """`ended` says that it is hidden again."""

    ended = Signal()

    def __init__(self, key: Secret, after_ms: int = HIDDEN_AFTER_MS) -> None:
        super().__init__()
        self.line = QLineEdit(key.reveal())
        self.line.setReadOnly(True)
        self.line.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.line.setCursorPosition(0)
        self.line.setAccessibleName(tr("The key, shown for half a minute"))
        self.button = QPushButton(tr("Hide"))
        self.button.setAccessibleName(tr("Hide the key"))
        self.button.clicked.connect(self.end)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.end)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.line, 1)
        row.addWidget(self.button)
        self._timer.start(after_ms)

    def end(self) -> None:
        self._timer.stop()
        if self.line.text():
            self.line.setText("")
            self.ended.emit()

    @called_by_qt
    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 -- Qt's name
        self.end()
        super().hideEvent(event)
