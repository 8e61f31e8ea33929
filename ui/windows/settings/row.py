"""One setting: what it is called, what it means, the field for it, and what is wrong with it."""

import os
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ui.theme.roles import Role, with_role
from ui.widgets.with_aside import WithAside

_AIR = 10
_BREAK = "\u200b"
_GAP = 24
_LINE_GAP = 4


class Row(QWidget):
    """The label's letter leads to the field, and the field says the meaning to screen readers too."""

    def __init__(self, label: str, field: QWidget | None, meaning: str = "") -> None:
        super().__init__()
        self.field = field
        self._name = label.replace("&", "")
        self.label = QLabel(label)
        self.meaning = _wrapped("muted")
        self._complaint = _wrapped("bad")
        words = QWidget()
        lines = QVBoxLayout(words)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(2)
        lines.addWidget(self.label)
        lines.addWidget(self.meaning)
        lines.addStretch()
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, _AIR, 0, _AIR)
        self._rows.setSpacing(_LINE_GAP)
        self._rows.addWidget(words if field is None else WithAside(words, field, _GAP))
        self._rows.addWidget(self._complaint)
        if field is not None:
            self._name_field(field)
        self.explain(meaning)
        self.complain("")

    @property
    def complaint(self) -> str:
        """What is wrong now; empty if nothing is."""
        return self._complaint.text().removeprefix("⚠ ")

    def explain(self, meaning: str) -> None:
        self.meaning.setText(meaning)
        self.meaning.setVisible(bool(meaning))
        self._describe_field()

    def complain(self, sentence: str) -> None:
        """An empty one takes the last back."""
        if sentence and sentence != self.complaint:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))
        self._complaint.setText(f"⚠ {sentence}" if sentence else "")
        self._complaint.setVisible(bool(sentence))
        self._describe_field()

    def put_below(self, widget: QWidget) -> None:
        """Something that belongs to it and needs the whole width."""
        self._rows.addWidget(widget)

    def _name_field(self, field: QWidget) -> None:
        if field.focusPolicy() != Qt.FocusPolicy.NoFocus:
            self.label.setBuddy(field)
        if not field.accessibleName():
            field.setAccessibleName(self._name)

    def _describe_field(self) -> None:
        if self.field is not None:
            told = " ".join(each for each in (self.meaning.text(), self.complaint) if each)
            self.field.setAccessibleDescription(told.replace(_BREAK, ""))


def breakable(path: Path) -> str:
    """The path as a text that may go on in the next line after any of its folders."""
    return str(path).replace(os.sep, os.sep + _BREAK)


def _wrapped(role: Role) -> QLabel:
    label = with_role(QLabel(), role)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
