"""Lines at the bottom of the window that say what was just done, and take it back if wanted.

What was done stands there with its way back until something else is done or its time is over. A remark,
which has none, stands above it for a while and leaves it as it is, so that no way back is lost to a remark.
"""

from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from ui.frame.page import Undo
from ui.theme.roles import with_role

_REMARK_MS: Final = 8000
_DONE_MS: Final = 20_000


class Notice(QFrame):
    """Hidden while there is nothing to say. `undo_wished` has what undoes the last thing done, once."""

    undo_wished = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        with_role(self, "notice")
        self._undo: Undo | None = None
        self.remark = _Sentence(_REMARK_MS)
        self.remark.over.timeout.connect(self._end_remark)
        self.done = _Sentence(_DONE_MS)
        self.done.over.timeout.connect(self._end_done)
        self.undo = with_role(QPushButton(self.tr("Undo")), "quiet")
        self.undo.setShortcut(QKeySequence.StandardKey.Undo)  # a letter would clash with one of the page
        keys = self.undo.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        self.undo.setToolTip(self.tr("Undo (%1)").replace("%1", keys))
        self.undo.clicked.connect(self._on_undo)
        self.undo.hide()
        self.dismiss = with_role(QPushButton(self.tr("Dismiss")), "quiet")
        self.dismiss.clicked.connect(self._end)
        sentences = QVBoxLayout()
        sentences.setSpacing(2)
        sentences.addWidget(self.remark)
        sentences.addWidget(self.done)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        row.addLayout(sentences, 1)
        for button in (self.undo, self.dismiss):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)
        self.hide()

    @property
    def text(self) -> str:
        """What was said last."""
        return self.done.text() if self.remark.isHidden() else self.remark.text()

    def say(self, sentence: str, undo: Undo | None = None) -> None:
        for each in (self.remark, self.done):  # as high as a button, so that Undo is level with what was done
            each.setMinimumHeight(self.dismiss.sizeHint().height())
        if undo is None:
            self.remark.begin(sentence)
        else:
            self._end_remark()
            self._undo = undo
            self.done.begin(sentence)
            self.undo.setAccessibleDescription(sentence)
            self.undo.show()
        self.show()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))

    def _on_undo(self) -> None:
        undo = self._undo
        self._end()
        if undo is not None:
            self.undo_wished.emit(undo)

    def _end(self) -> None:
        self._end_remark()
        self._end_done()

    def _end_remark(self) -> None:
        self.remark.end()
        self.setVisible(not self.done.isHidden())

    def _end_done(self) -> None:
        self._undo = None
        self.done.end()
        self.undo.hide()
        self.setVisible(not self.remark.isHidden())


class _Sentence(QLabel):
    """Stands for a while; `over` says when that has passed."""

    def __init__(self, stays_ms: int) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.over = QTimer(self)
        self.over.setSingleShot(True)
        self.over.setInterval(stays_ms)
        self.hide()

    def begin(self, sentence: str) -> None:
        self.setText(sentence)
        self.show()
        self.over.start()

    def end(self) -> None:
        self.over.stop()
        self.hide()
