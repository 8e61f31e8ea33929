"""What comes of new rows: they are put in where nobody looks elsewhere, and else only counted."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from ui.models.columns import Row
from ui.models.pages import PagesModel

AT_ONCE: Final = 256
"""Rows that are asked for when something was written."""


class Pause(Enum):
    """Why new rows wait."""

    OFF = auto()
    SCROLLED = auto()
    SELECTED = auto()


@dataclass(frozen=True, slots=True)
class Newest:
    """What was written since a while, and whether that is all of it; `last` is the number of the last row."""

    rows: Sequence[Row]
    is_all: bool
    last: int


@dataclass(frozen=True, slots=True)
class News:
    """What is new among them; with `has_gap` there is more than was looked at."""

    rows: Sequence[Row]
    count: int
    has_gap: bool

    @property
    def count_text(self) -> str:
        return f"{self.count}+" if self.has_gap else str(self.count)


NO_NEWS: Final = News((), 0, has_gap=False)


def pause_of(*, follows: bool, is_at_top: bool, has_selection: bool) -> Pause | None:
    """None while rows go in as they come."""
    if not follows:
        return Pause.OFF
    if has_selection:
        return Pause.SELECTED
    return None if is_at_top else Pause.SCROLLED


def news_of(newest: Newest, is_due: Callable[[Row], bool]) -> News:
    return News(newest.rows, sum(map(is_due, newest.rows)), has_gap=not newest.is_all)


def is_due(row: Row, shown: PagesModel) -> bool:
    """Whether it is missing. One of before all that is on show comes with the page that it is on."""
    return shown.lacks(row) and (_place(row, shown) < shown.rowCount() or not shown.has_more)


def in_their_places(rows: Sequence[Row], shown: PagesModel) -> list[Row]:
    """Those that are due, each behind the row on show that came just after it, as `put_first` wants them.

    A request lies where it began and is written when it ends, so the new rows may lie anywhere.
    """
    told: list[Row] = []
    behind = 0
    for row in sorted((row for row in rows if is_due(row, shown)), key=_newest_first):
        place = _place(row, shown)
        if place > behind:
            told.append(shown.rows[place - 1])
            behind = place
        told.append(row)
    return told


def _place(row: Row, shown: PagesModel) -> int:
    """How many of the rows on show have come later."""
    return bisect_left(shown.rows, _newest_first(row), key=_newest_first)


def _newest_first(row: Row) -> int:
    return -int(row["received"])
