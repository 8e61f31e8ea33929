"""Widgets beside each other as long as there is room, and below each other when there is none."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from ui.mistakes import called_by_qt


class Beside(QWidget):
    """`counts` are the numbers of columns that look well; the largest one that fits is taken."""

    def __init__(
        self,
        widgets: Sequence[QWidget],
        least_width: int,
        counts: Sequence[int],
        gap: int,
        shares: Sequence[int] = (),
    ) -> None:
        """`shares` say how the widgets share the width while all stand in one row."""
        super().__init__()
        self._widgets = list(widgets)
        self._least = least_width
        self._counts = sorted(counts, reverse=True)
        self._shares = tuple(shares) or (1,) * len(self._widgets)
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(gap)
        self._arrange(self._counts[-1])

    @property
    def columns(self) -> int:
        return self._columns

    @called_by_qt
    def minimumSizeHint(self) -> QSize:  # noqa: N802 -- Qt's name
        """One column's width: where several stand beside each other it may become narrower all the same."""
        widest = max(widget.minimumSizeHint().width() for widget in self._widgets)
        return QSize(widest, super().minimumSizeHint().height())

    @called_by_qt
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 -- Qt's name
        super().resizeEvent(event)
        self._arrange(self._fitting(event.size().width()))

    @called_by_qt
    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 -- Qt's name
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._arrange(self._fitting(self.width()))

    def _fitting(self, width: int) -> int:
        gap = self._grid.horizontalSpacing()
        least = self._least * self.fontMetrics().averageCharWidth()
        return next(
            (count for count in self._counts if count * (least + gap) - gap <= width), self._counts[-1]
        )

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        for column in range(self._columns):
            self._grid.setColumnStretch(column, 0)
        self._columns = columns
        for place, widget in enumerate(self._widgets):
            self._grid.addWidget(widget, place // columns, place % columns)
        is_one_row = columns >= len(self._widgets)
        for column in range(columns):
            self._grid.setColumnStretch(column, self._shares[column] if is_one_row else 1)
