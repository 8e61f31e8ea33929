"""One key of a provider: how it is with it, and what can be done with it."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from proxy.secret import Secret
from ui.theme.roles import with_role
from ui.windows.providers.keys import Key
from ui.windows.providers.labels import quiet_button, wrapped
from ui.windows.providers.shown_key import ShownKey
from ui.windows.providers.words import sentence, tr


class KeyLine(QWidget):
    """The letters of the key are here only between `show_key` and `hide_key`."""

    def __init__(self, key: Key) -> None:
        super().__init__()
        self._shown: ShownKey | None = None
        self.state = wrapped(key.level, key.signed)
        self.replace = quiet_button(*_replacing(key))
        self.reveal = quiet_button(tr("Show …"), tr("Show: %1", key.title))
        self.copy = quiet_button(tr("Copy"), tr("Copy: %1", key.title))
        if not key.can_be_replaced:
            self.replace.hide()
        if not key.stored_as:
            self.reveal.hide()
            self.copy.hide()
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(wrapped(text=key.title))
        words.addWidget(self.state)
        line = QHBoxLayout()
        line.setSpacing(2)
        line.addLayout(words, 1)
        for button in (self.reveal, self.copy, self.replace):
            line.addWidget(button)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(4)
        self._rows.addLayout(line)
        if key.advice:
            self._rows.addWidget(with_role(wrapped(text=sentence(key.advice)), "muted"))

    def show_key(self, key: Secret) -> None:
        self.hide_key()
        self._shown = ShownKey(key)
        self._shown.ended.connect(self.hide_key)
        self._rows.addWidget(self._shown)
        self._shown.line.setFocus()

    def hide_key(self) -> None:
        shown, self._shown = self._shown, None
        if shown is not None:
            had_focus = shown.line.hasFocus() or shown.button.hasFocus()
            shown.end()
            shown.hide()
            shown.deleteLater()
            if had_focus:
                self.reveal.setFocus()


def _replacing(key: Key) -> tuple[str, str]:
    """What the button says, and what a screen reader does."""
    if key.stored_as:
        return tr("Replace …"), tr("Replace: %1", key.title)
    return tr("Set key …"), tr("Set: %1", key.title)
