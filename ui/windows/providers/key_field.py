"""A field for a key: masked unless the user looks at it, and without what came along with a paste."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QPushButton, QWidget

from proxy.secret import Secret
from ui.mistakes import called_by_qt
from ui.windows.providers.key_text import cleaned
from ui.windows.providers.words import tr


class KeyField(QWidget):
    """`key` is what stands in it. Shown letters are hidden again as soon as the user is elsewhere."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.line = QLineEdit()
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        hints = Qt.InputMethodHint
        self.line.setInputMethodHints(
            hints.ImhHiddenText
            | hints.ImhSensitiveData
            | hints.ImhNoPredictiveText
            | hints.ImhNoAutoUppercase
        )
        self.line.setAccessibleName(tr("Key"))
        self.line.setPlaceholderText(tr("Paste the key here"))
        self.line.textEdited.connect(self._on_edited)
        self.reveal = QPushButton()
        self.reveal.setCheckable(True)
        self.reveal.toggled.connect(self._on_reveal)
        self._on_reveal(is_shown=False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.line, 1)
        row.addWidget(self.reveal)
        self.setFocusProxy(self.line)
        for part in (self.line, self.reveal):
            part.installEventFilter(self)

    @property
    def key(self) -> Secret:
        return Secret(cleaned(self.line.text()))

    def forget(self) -> None:
        """The letters, and what undoing would bring back."""
        self.line.setText("")
        self.hide_letters()

    def hide_letters(self) -> None:
        self.reveal.setChecked(False)

    @called_by_qt
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 -- Qt's name
        if isinstance(event, QFocusEvent) and event.lostFocus() and not self._is_within(event):
            self.hide_letters()
        return super().eventFilter(watched, event)

    @called_by_qt
    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 -- Qt's name
        self.hide_letters()
        super().hideEvent(event)

    def _is_within(self, event: QFocusEvent) -> bool:
        """Whether the focus goes from one of its parts to the other, or to a menu of them."""
        now_at = QApplication.focusWidget()
        is_menu = event.reason() is Qt.FocusReason.PopupFocusReason
        return is_menu or (now_at is not None and self.isAncestorOf(now_at))

    def _on_edited(self, text: str) -> None:
        """A key has no space around it, so it goes at once: what is shown is what is stored."""
        if (bare := cleaned(text)) != text:
            self.line.setText(bare)
        self.changed.emit()

    def _on_reveal(self, is_shown: bool) -> None:  # noqa: FBT001 -- Qt's signal
        mode = QLineEdit.EchoMode
        self.line.setEchoMode(mode.Normal if is_shown else mode.Password)
        self.reveal.setText(tr("Hide") if is_shown else tr("Show"))
        self.reveal.setAccessibleName(tr("Hide the key") if is_shown else tr("Show the key"))
