"""What the page asks: which days, and which requests of them. A plain value."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum
from typing import Final

from proxy.ledger.queries.spans import Days, Window, WindowName
from proxy.ledger.queries.usage import Filters

CASCADE: Final = ("client", "provider", "model", "tier")
"""The order in which requests are narrowed: each choice stands under those before it."""


class Range(Enum):
    """The days that can be picked."""

    TODAY = "today"
    LAST_DAY = "1d"
    LAST_WEEK = "7d"
    LAST_MONTH = "30d"
    THIS_MONTH = "month"
    ALL = "all"
    CUSTOM = "custom"


_NAMED: Final[Mapping[Range, WindowName]] = {
    Range.LAST_DAY: "1d",
    Range.LAST_WEEK: "7d",
    Range.LAST_MONTH: "30d",
    Range.ALL: "all",
}


@dataclass(frozen=True, slots=True)
class Question:
    """`days` are those of a custom range, and are kept while another one is picked."""

    range: Range
    days: Days
    filters: Filters

    def window(self, today: date) -> Window:
        """What is asked of the record on that day."""
        match self.range:
            case Range.TODAY:
                return Days(today, today)
            case Range.THIS_MONTH:
                return Days(today.replace(day=1), today)
            case Range.CUSTOM:
                return self.days
            case named:
                return _NAMED[named]

    def narrowed(self, group: str, name: str) -> "Question":
        """To those of that name; without one, to any."""
        return replace(self, filters=replace(self.filters, **{group: name}))

    def cleared(self) -> "Question":
        return replace(self, filters=replace(self.filters, **dict.fromkeys(CASCADE, "")))

    @property
    def chosen(self) -> tuple[tuple[str, str], ...]:
        """What it is narrowed to: groups and names."""
        return tuple((group, name) for group in CASCADE if (name := str(getattr(self.filters, group))))


def first_question(filters: Filters, today: date) -> Question:
    return Question(Range.LAST_WEEK, Days(today - timedelta(days=6), today), filters)


def days_from(first: date, days: Days) -> Days:
    """The first day moves, and takes the last one along where it goes beyond it."""
    return Days(first, max(first, days.last))


def days_until(last: date, days: Days) -> Days:
    return Days(min(last, days.first), last)


def stages(filters: Filters) -> Iterator[tuple[str, Filters]]:
    """Each group with the choices that stand before it."""
    before = replace(filters, **dict.fromkeys(CASCADE, ""))
    for group in CASCADE:
        yield group, before
        before = replace(before, **{group: getattr(filters, group)})
