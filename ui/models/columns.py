"""A column of a table: what it is called, and how it says what a row holds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from ui.speech import plain


class Row(Protocol):
    """Something that has values by name, such as a mapping."""

    def __getitem__(self, name: str, /) -> Any: ...


@dataclass(frozen=True, slots=True)
class Column:
    """`text` says it in a word or a number; `color` only stresses what the text says."""

    title: str
    text: Callable[[Row], str]
    is_number: bool = False
    """Numbers stand at the right."""
    characters: int = 0
    """About how wide it is; 0 takes what is left."""
    tip: Callable[[Row], str] | None = None
    color: Callable[[Row], QColor | None] | None = None

    @property
    def alignment(self) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if self.is_number else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter


def cell(columns: tuple[Column, ...], row: Row, place: int, role: int) -> Any:
    """What Qt asks about one cell."""
    column = columns[place]
    if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
        return column.text(row)
    if role == Qt.ItemDataRole.TextAlignmentRole:
        return column.alignment
    if role == Qt.ItemDataRole.ToolTipRole:
        return plain(column.text(row) if column.tip is None else column.tip(row))
    if role == Qt.ItemDataRole.ForegroundRole and column.color is not None:
        return column.color(row)
    return None


def head(columns: tuple[Column, ...], place: int, role: int) -> Any:
    if role == Qt.ItemDataRole.DisplayRole:
        return columns[place].title
    if role == Qt.ItemDataRole.TextAlignmentRole:
        return columns[place].alignment
    return None
