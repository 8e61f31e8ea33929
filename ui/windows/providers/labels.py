"""Labels of this page: text that wraps and is never markup, names of fields, and lines of buttons."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from ui.theme.roles import Role, with_role


def wrapped(role: Role | None = None, text: str = "") -> QLabel:
    label = QLabel(text)
    if role is not None:
        with_role(label, role)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def selectable(text: str = "") -> QLabel:
    """One whose text can be marked and copied, by keyboard too."""
    label = wrapped("muted", text)
    by = Qt.TextInteractionFlag
    label.setTextInteractionFlags(by.TextSelectableByMouse | by.TextSelectableByKeyboard)
    return label


def named(field: QWidget, title: str) -> QLabel:
    """The label of a field, whose letter leads to it and which screen readers say."""
    label = QLabel(title)
    label.setBuddy(field)
    field.setAccessibleName(title.replace("&", ""))
    return label


def tell(label: QLabel, sign: str, sentence: str) -> None:
    """Not there at all while there is nothing to tell."""
    label.setText(f"{sign} {sentence}" if sentence else "")
    label.setVisible(bool(sentence))


def quiet_button(text: str, name: str = "") -> QPushButton:
    """`name` is what a screen reader says, where the text alone does not tell of what."""
    button = with_role(QPushButton(text), "quiet")
    button.setAccessibleName(name or text.replace("&", ""))
    return button


def beside(*widgets: QWidget, gap: int = 8) -> QHBoxLayout:
    """At the left, one after the other."""
    line = QHBoxLayout()
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(gap)
    for widget in widgets:
        line.addWidget(widget)
    line.addStretch()
    return line
