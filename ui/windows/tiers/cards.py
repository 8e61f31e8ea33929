"""The four cards, side by side as far as there is room."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from ui.frame.page import GAP
from ui.mistakes import called_by_qt

_NARROWEST = 316
_MOST = 4


class Cards(QWidget):
    """One, two or four in a row: three would leave one alone."""

    def __init__(self) -> None:
        super().__init__()
        self._cards: list[QWidget] = []
        self._columns = 2
        self._places = QGridLayout(self)
        self._places.setContentsMargins(0, 0, 0, 0)
        self._places.setSpacing(GAP)

    def add(self, card: QWidget) -> None:
        self._cards.append(card)
        self._place(len(self._cards) - 1)

    @called_by_qt
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 -- Qt's name
        super().resizeEvent(event)
        fitting = (self.width() + GAP) // (_NARROWEST + GAP)
        self._lay_out(_MOST if fitting >= _MOST else 2 if fitting >= 2 else 1)

    def _lay_out(self, columns: int) -> None:
        if columns != self._columns:
            self._columns = columns
            for place in range(len(self._cards)):
                self._place(place)

    def _place(self, place: int) -> None:
        self._places.addWidget(self._cards[place], place // self._columns, place % self._columns)
        for column in range(_MOST):
            self._places.setColumnStretch(column, int(column < self._columns))
