"""The place of the first steps: taken as long as no provider is configured."""

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.windows.overview.first_steps import FirstSteps, GoTo

MakeFirstSteps = Callable[[GoTo], FirstSteps]
"""Handed how another page is gone to."""


class Beginning(QWidget):
    """Without `make` it stays empty."""

    def __init__(self, make: MakeFirstSteps | None, go_to: GoTo) -> None:
        super().__init__()
        self.first_steps: FirstSteps | None = None
        self._make = make
        self._go_to = go_to
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.hide()

    def follow(self, *, is_configured: bool) -> None:
        """Whoever takes the last provider away begins anew."""
        if is_configured:
            self.clear()
        elif self.first_steps is None and self._make is not None:
            self.first_steps = self._make(self._go_to)
            self._column.addWidget(self.first_steps)
        self.setVisible(self.first_steps is not None)

    def clear(self) -> None:
        if self.first_steps is not None:
            self.first_steps.stop_listening()
            self.first_steps.hide()
            self.first_steps.deleteLater()
            self.first_steps = None
