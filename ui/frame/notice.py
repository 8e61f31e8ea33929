"""A line at the bottom of the window that says what was just done, and takes it back if wanted."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from ui.frame.page import Undo
from ui.theme.roles import with_role

_MS = 8000
_MS_WITH_UNDO = 20_000


class Notice(QFrame):
    """Hidden while there is nothing to say. `undo_wished` has what undoes the last thing told, once."""

    undo_wished = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        with_role(self, "notice")
        self._undo: Undo | None = None
        self._sentence = QLabel()
        self._sentence.setWordWrap(True)
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.undo = with_role(QPushButton(self.tr("Undo")), "quiet")
        self.undo.setShortcut(QKeySequence.StandardKey.Undo)  # a letter would clash with one of the page
        keys = self.undo.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        self.undo.setToolTip(self.tr("Undo (%1)").replace("%1", keys))
        self.undo.clicked.connect(self._on_undo)
        self._close = with_role(QPushButton(self.tr("Dismiss")), "quiet")
        self._close.clicked.connect(self.hide)
        self._end = QTimer(self)
        self._end.setSingleShot(True)
        self._end.timeout.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        row.addWidget(self._sentence, 1)
        row.addWidget(self.undo)
        row.addWidget(self._close)
        self.hide()

    @property
    def text(self) -> str:
        return self._sentence.text()

    def say(self, sentence: str, undo: Undo | None = None) -> None:
        self._undo = undo
        self._sentence.setText(sentence)
        self.undo.setVisible(undo is not None)
        self.show()
        self._end.start(_MS if undo is None else _MS_WITH_UNDO)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))

    def _on_undo(self) -> None:
        self.hide()
        undo, self._undo = self._undo, None
        if undo is not None:
            self.undo_wished.emit(undo)
