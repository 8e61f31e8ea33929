"""The gaps between the rows of a list: which one a point means, and where it is drawn."""

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QListView

HIGHEST_LINE = 3
"""So that the line of the first gap is not cut off."""


def gap_at(view: QListView, point: QPoint) -> int:
    """0 is before the first row, and the last one behind all."""
    rows = _rows(view)
    return next((place for place, row in enumerate(rows) if point.y() < row.center().y()), len(rows))


def height_of(view: QListView, gap: int) -> int:
    rows = _rows(view)
    if not rows:
        return HIGHEST_LINE
    return max(rows[gap].top() if gap < len(rows) else rows[-1].bottom() - 1, HIGHEST_LINE)


def _rows(view: QListView) -> list[QRect]:
    model = view.model()
    return [view.visualRect(model.index(row, 0)) for row in range(model.rowCount())]
