"""A table that leaves out what it can do without where there is little room; it never scrolls sideways."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QResizeEvent

from ui.mistakes import called_by_qt
from ui.models.columns import Column
from ui.widgets.table import NARROWEST, Table

_STRETCHED: Final = 36
"""In characters: what is usual for a column that takes what is left."""
_CUT: Final = 18
"""In characters: wider texts may be cut by a third before a column is left out; half a number is none."""


class NarrowingTable(Table):
    """`spare` are the columns that it can do without, the first to go first.

    A column of numbers grows with them, so that none is cut, and does not shrink again: figures that change
    move nothing.
    """

    def __init__(
        self, model: QAbstractItemModel, columns: tuple[Column, ...], name: str, spare: Sequence[int]
    ) -> None:
        super().__init__(model, columns, name)
        character = self.fontMetrics().averageCharWidth()
        self._stretched = frozenset(place for place, each in enumerate(columns) if not each.characters)
        self._usual = [
            _STRETCHED * character if place in self._stretched else self.columnWidth(place)
            for place in range(len(columns))
        ]
        self._least = [
            width if column.is_number or 0 < column.characters <= _CUT else width * 2 // 3
            for width, column in zip(self._usual, columns, strict=True)
        ]
        self._spare = spare
        self._numbers = [place for place, column in enumerate(columns) if column.is_number]
        for told in (model.layoutChanged, model.dataChanged):
            told.connect(self._make_room)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    @called_by_qt
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 -- Qt's name
        if event.size().width() != event.oldSize().width():
            self._fit(event.size().width())
        super().resizeEvent(event)

    def _make_room(self) -> None:
        """For the longest number of each column."""
        wanted = {place: self.width_needed(place) for place in self._numbers}
        grown = {place: width for place, width in wanted.items() if width > self._usual[place]}
        for place, width in grown.items():
            self._usual[place] = self._least[place] = width
        if grown:
            self._fit(self.viewport().width())

    def _fit(self, room: int) -> None:
        widths = fitting(self._usual, self._least, self._spare, room)
        for place in range(len(self._usual)):
            self.setColumnHidden(place, place not in widths)
        if not self._stretched & widths.keys():
            widths[max(widths)] += max(room - sum(widths.values()), 0)
        for place in widths.keys() - self._stretched:
            self.setColumnWidth(place, widths[place])


def fitting(usual: Sequence[int], least: Sequence[int], spare: Sequence[int], room: int) -> dict[int, int]:
    """The columns that there is room for, and their widths; the widest gives what is lacking in the end."""
    shown = list(range(len(usual)))
    for place in spare:
        if sum(least[each] for each in shown) <= room:
            break
        shown.remove(place)
    lacking = sum(usual[each] for each in shown) - room
    can_give = sum(usual[each] - least[each] for each in shown)
    share = 0.0 if can_give == 0 else min(max(lacking / can_give, 0.0), 1.0)
    widths = {each: usual[each] - round((usual[each] - least[each]) * share) for each in shown}
    widest = max(widths, key=widths.__getitem__)
    widths[widest] = max(widths[widest] - max(sum(widths.values()) - room, 0), NARROWEST)
    return widths
