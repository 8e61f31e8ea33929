"""What a proposal says, in two columns: what, and why."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from ui.theme.roles import with_role
from ui.widgets.wrapped import wrapped
from ui.windows.tiers.proposal.told import Piece
from ui.windows.tiers.speech import tr

_AIR = 6


class PieceRows(QWidget):
    def __init__(self, shown: Sequence[Piece]) -> None:
        super().__init__()
        self._places = QGridLayout(self)
        self._places.setContentsMargins(0, 0, 0, 0)
        self._places.setHorizontalSpacing(16)
        self._places.setVerticalSpacing(3)
        self._places.setColumnStretch(0, 2)
        self._places.setColumnStretch(1, 3)
        for piece in shown:
            self._add(piece)

    def _add(self, piece: Piece) -> None:
        first = self._places.rowCount()
        self._places.setRowMinimumHeight(first, _AIR)
        self._places.addWidget(with_role(QLabel(piece.heading), "heading"), first + 1, 0, 1, 2)
        for row, line in enumerate(piece.lines, start=first + 2):
            why = line.why or (tr("is there already") if not line.is_new else "")
            self._places.addWidget(wrapped(text=line.told), row, 0, Qt.AlignmentFlag.AlignTop)
            self._places.addWidget(wrapped("muted", why), row, 1, Qt.AlignmentFlag.AlignTop)
        if piece.note:
            note = wrapped("muted", piece.note)
            self._places.addWidget(note, self._places.rowCount(), 0, 1, 2)
