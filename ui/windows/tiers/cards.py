"""The four cards, side by side as far as there is room."""

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from ui.frame.page import GAP

_NARROWEST = 330
_MOST = 4


class Cards(QWidget):
    """One, two or four in a row: three would leave one alone."""

    def __init__(self, cards: Sequence[QWidget]) -> None:
        super().__init__()
        self._cards = cards
        self._columns = 0
        self._places = QGridLayout(self)
        self._places.setContentsMargins(0, 0, 0, 0)
        self._places.setSpacing(GAP)
        self._lay_out(2)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 -- Qt's name
        super().resizeEvent(event)
        fitting = (self.width() + GAP) // (_NARROWEST + GAP)
        self._lay_out(_MOST if fitting >= _MOST else 2 if fitting >= 2 else 1)

    def _lay_out(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for place, card in enumerate(self._cards):
            self._places.addWidget(card, place // columns, place % columns)
        for column in range(_MOST):
            self._places.setColumnStretch(column, int(column < columns))
