"""A field for a request of any size: what is too large to be laid out is kept beside it, in memory."""

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QPlainTextEdit

from ui import words
from ui.mistakes import called_by_qt
from ui.windows.routing.words import tr

MOST_SHOWN = 6_000
"""Characters that Qt lays out within 5 ms, also where they are all on one line."""
_BEGINNING = 1_000
_ROWS = 7


class PasteField(QPlainTextEdit):
    """`changed` is emitted when `text` is another one."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._kept = ""
        self.setTabChangesFocus(True)
        self.setPlaceholderText(
            tr("A request as JSON (Anthropic, OpenAI or Gemini), or just the words of a prompt.")
        )
        self.setFixedHeight(self.fontMetrics().lineSpacing() * _ROWS + 18)
        self.textChanged.connect(self.changed)

    @property
    def text(self) -> str:
        return self._kept or self.toPlainText()

    @called_by_qt
    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802 -- Qt's name
        self.take(source.text())

    def take(self, text: str) -> None:
        """Insert it where the cursor is, or, if it is too large, put it in the place of everything."""
        if len(text) <= MOST_SHOWN and not self._kept:
            self.insertPlainText(text)
            return
        self.forget()
        if len(text) <= MOST_SHOWN:
            self.insertPlainText(text)
            return
        sentence = tr("A text of %1 characters. It begins:").replace("%1", words.count(len(text)))
        self._kept = text
        self.setPlainText(f"{sentence}\n\n{text[:_BEGINNING]} …")
        self.setReadOnly(True)

    def forget(self) -> None:
        self._kept = ""
        self.setReadOnly(False)
        self.clear()

    @called_by_qt
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 -- Qt's name
        """What is kept beside can be taken away or replaced, like everything that is selected."""
        if self._kept and event.matches(QKeySequence.StandardKey.Paste):
            self.take(QGuiApplication.clipboard().text())
        elif self._kept and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.forget()
        else:
            super().keyPressEvent(event)
