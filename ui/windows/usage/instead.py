"""One panel in the place of all others, as long as there is nothing for them to show."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from ui.frame.panel import Panel


class Instead(Panel):
    """It begins as loading. `ready` gives the place back."""

    def __init__(self, others: Sequence[QWidget]) -> None:
        super().__init__()
        self._others = others
        for other in others:
            other.hide()

    def ready(self) -> None:
        self._stand_in(stands=False)

    def empty(self, sentence: str, action: str = "", act: Callable[[], object] | None = None) -> None:
        super().empty(sentence, action, act)
        self._stand_in(stands=True)

    def failed(self, sentence: str, again: Callable[[], object] | None = None) -> None:
        super().failed(sentence, again)
        self._stand_in(stands=True)

    def _stand_in(self, *, stands: bool) -> None:
        self.setVisible(stands)
        for other in self._others:
            other.setVisible(not stands)
