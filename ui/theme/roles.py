"""What a widget is for, where its class does not tell: the style sheet gives it its looks by this."""

from typing import Literal, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

Role = Literal[
    "panel", "page", "title", "heading", "figure", "muted", "good", "warn", "bad", "badge", "navigation",
    "primary", "quiet", "notice", "line",
]  # fmt: skip

W = TypeVar("W", bound=QWidget)


def with_role(widget: W, role: Role) -> W:
    """The same widget; if it already has its looks, they change at once."""
    if widget.property("role") != role:
        widget.setProperty("role", role)
        if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
            widget.style().unpolish(widget)
            widget.style().polish(widget)
    return widget
