"""A label whose text is broken where there is no room, and is never markup: vendors' words may look so."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from ui.theme.roles import Role, with_role


def wrapped(role: Role | None = None, text: str = "") -> QLabel:
    label = QLabel(text) if role is None else with_role(QLabel(text), role)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label
