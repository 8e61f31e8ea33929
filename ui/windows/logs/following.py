"""What comes of new rows: they are put in where nobody looks elsewhere, and else only counted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from ui.models.columns import Row

AT_ONCE: Final = 256
"""Rows that are asked for when something was written."""
LATE_MS: Final = 15 * 60_000
"""Requests are listed by when they came and written when they end: new ones may lie this far back."""


class Pause(Enum):
    """Why new rows wait."""

    OFF = auto()
    SCROLLED = auto()
    SELECTED = auto()


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest rows of the record, and whether there are more of them than were asked for."""

    rows: Sequence[Row]
    is_all: bool


@dataclass(frozen=True, slots=True)
class News:
    """What is new among them; `has_gap` where others lie between them and the rows on show."""

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


def floor_of(top: Row | None, start: int) -> int:
    """The earliest moment at which a row may lie that is not on show."""
    return start if top is None else max(start, int(top["received"]) - LATE_MS)


def news_of(newest: Newest, lacks: Callable[[Row], bool]) -> News:
    """Where most of them are new and there are more, some of those may be new as well."""
    new = sum(1 for row in newest.rows if lacks(row))
    has_gap = not newest.is_all and new * 2 > len(newest.rows)
    return News(newest.rows, new, has_gap=has_gap)
