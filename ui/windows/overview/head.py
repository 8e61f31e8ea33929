"""The head of the page: its title, whether routing is on, and the address that clients are pointed at."""

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from app.desk.standing import Standing
from ui.theme.roles import with_role
from ui.widgets.elided import ElidedLabel
from ui.widgets.with_aside import WithAside, in_a_row
from ui.windows.overview.speech import tr

_GAP = 14


def routing_told(standing: Standing) -> tuple[Literal["good", "warn"], str]:
    """With a sign of its own for each state."""
    if not standing.routing:
        return "warn", tr("○ Routing is paused")
    if standing.local_only:
        return "warn", tr("◆ Local models only")
    return "good", tr("● Routing is on")


class Head(QWidget):
    """`copy` is called when the address is wanted in the clipboard."""

    def __init__(self, title: QLabel, copy: Callable[[], object]) -> None:
        super().__init__()
        self.routing = with_role(QLabel(), "good")
        self.url = with_role(ElidedLabel(), "muted")
        self.url.setAccessibleName(self.tr("The address that Tierwise listens at"))
        self.url.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.copy = QPushButton(self.tr("Cop&y URL"))
        self.copy.clicked.connect(copy)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(WithAside(title, in_a_row(self.routing, self.url, self.copy, gap=_GAP), _GAP))

    def tell(self, standing: Standing) -> None:
        role, words = routing_told(standing)
        with_role(self.routing, role).setText(words)
        self.url.say(standing.url)
