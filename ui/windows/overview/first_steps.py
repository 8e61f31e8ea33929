"""For those who have nothing configured yet: what was found on this computer, what to do, and a demo."""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.frame.panel import Panel
from ui.theme.roles import with_role
from ui.windows.demo_panel import DemoPanel, DemoSource
from ui.windows.found_here import FoundHere, Machine
from ui.windows.pointing import Point

GoTo = Callable[[str, object], None]
"""To a page, and what to do there."""


class FirstSteps(Panel):
    """It follows what is found, and the demo, until `stop_listening`."""

    def __init__(self, demo: DemoSource, machine: Machine, go_to: GoTo) -> None:
        super().__init__()
        self.title.setText(self.tr("First steps"))
        self.title.show()
        self.setAccessibleName(self.title.text())
        what_next = QLabel(
            self.tr(
                "No provider is configured yet, so there is nobody to pass requests to. "
                "The demo shows Tierwise at work without one: its answers are made up, "
                "and nothing leaves this computer."
            )
        )
        what_next.setWordWrap(True)
        self.found = FoundHere(machine)
        self.demo = DemoPanel(demo)
        content = QWidget()
        rows = QVBoxLayout(content)
        rows.addWidget(what_next)
        rows.addWidget(self.found)
        rows.addLayout(self._ways_on(go_to))
        rows.addWidget(self.demo)
        self.fill(content)
        self.ready()

    def stop_listening(self) -> None:
        self.demo.stop_listening()
        self.found.stop_listening()

    def _ways_on(self, go_to: GoTo) -> QHBoxLayout:
        row = QHBoxLayout()
        add = with_role(QPushButton(self.tr("&Add a provider")), "primary")
        add.clicked.connect(lambda: go_to("providers", Point.ADD_PROVIDER))
        propose = QPushButton(self.tr("Use &local models"))
        propose.clicked.connect(lambda: go_to("tiers", Point.PROPOSE_TIERS))
        row.addWidget(add)
        row.addWidget(propose)
        row.addStretch()
        return row
