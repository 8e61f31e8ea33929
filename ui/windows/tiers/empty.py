"""What stands on the page while no tier has a service: the two ways to get one."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from ui.theme.roles import with_role
from ui.widgets.wrapped import wrapped
from ui.windows.tiers.speech import tr


class NoServices(QFrame):
    def __init__(self) -> None:
        super().__init__()
        with_role(self, "panel")
        self.setAccessibleName(tr("No tier has a service yet"))
        words = wrapped(
            "muted",
            tr(
                "A tier is a list of models for requests of one difficulty. Tierwise can propose all four by "
                "the model servers and keys on this computer, or you add a provider and choose by yourself."
            ),
        )
        # Its key leads to the button of the same name at the head of the page.
        self.propose = with_role(QPushButton(tr("Propose tiers")), "primary")
        self.providers = QPushButton(tr("Go to P&roviders"))
        buttons = QHBoxLayout()
        buttons.addWidget(self.propose)
        buttons.addWidget(self.providers)
        buttons.addStretch()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(14, 12, 14, 14)
        rows.setSpacing(8)
        rows.addWidget(with_role(QLabel(tr("No tier has a service yet")), "heading"))
        rows.addWidget(words)
        rows.addLayout(buttons)
