"""Spans of local time: the windows that can be asked for, and the pieces their series are made of.

All ends are milliseconds since 1970. Days are local days, so one with a clock change is an hour shorter or
longer, and hours follow each other in real time, so that day has 23 or 25 of them. Every time zone's days and
hours begin at a quarter of an hour.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Final, Literal, get_args

WindowName = Literal["1d", "7d", "30d", "all"]
WINDOWS: Final[tuple[WindowName, ...]] = get_args(WindowName)

_DAYS: Final = {"7d": 7, "30d": 30}
_HOURS: Final = 24
_FAR: Final = 2**62
_MOST_DAYS_BY_HOURS: Final = 2
_MOST_DAYS: Final = 62
_MOST_WEEKS: Final = 26
"""A longer record is shown by months."""


@dataclass(frozen=True, slots=True)
class Days:
    """From one local day to another one, both of them included."""

    first: date
    last: date

    def __str__(self) -> str:
        return f"{self.first}..{self.last}"


Window = WindowName | Days


@dataclass(frozen=True, slots=True)
class Span:
    """From its start until just before its end."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Series:
    """Spans that follow each other, the oldest first, and what they are."""

    unit: Literal["hour", "day", "week", "month"]
    spans: tuple[Span, ...]

    @property
    def start(self) -> int:
        return self.spans[0].start

    @property
    def end(self) -> int:
        return self.spans[-1].end


def series(window: Window, now: float, oldest: int | None, zone: tzinfo | None = None) -> Series:
    """The pieces of a window that ends now, or of certain days; `oldest` is when the record begins."""
    here = _Here(zone)
    if isinstance(window, Days):
        return _of_days(window, here)
    if window == "1d":
        return Series("hour", here.hours(now, _HOURS))
    if window in _DAYS:
        return Series("day", here.days(now, _DAYS[window]))
    first = here.day_of(now if oldest is None else min(oldest / 1000, now))
    weeks = here.steps(_monday(first), here.day_of(now), _next_week)
    if len(weeks) <= _MOST_WEEKS:
        return Series("week", weeks)
    return Series("month", here.steps(first.replace(day=1), here.day_of(now), _next_month))


def _of_days(days: Days, here: "_Here") -> Series:
    """No piece reaches beyond the days, so the first week or month and the last may be a part of one."""
    count = (days.last - days.first).days + 1
    if count <= _MOST_DAYS_BY_HOURS:
        return Series("hour", here.hours_of(days))
    if count <= _MOST_DAYS:
        return Series("day", here.steps(days.first, days.last, _next_day))
    if count <= 7 * _MOST_WEEKS:
        return Series("week", here.parts(days, _monday(days.first), _next_week))
    return Series("month", here.parts(days, days.first.replace(day=1), _next_month))


def today(now: float, zone: tzinfo | None = None) -> Span:
    """The local day of that moment."""
    return _Here(zone).days(now, 1)[0]


@dataclass(frozen=True, slots=True)
class _Here:
    """Local time; without a zone that of the system."""

    zone: tzinfo | None

    def day_of(self, moment: float) -> date:
        return datetime.fromtimestamp(moment, self.zone).date()

    def hours(self, now: float, count: int) -> tuple[Span, ...]:
        local = datetime.fromtimestamp(now, self.zone)
        begun = int(now - (local.minute * 60 + local.second))
        return self._hours([begun - 3600 * back for back in reversed(range(count))])

    def hours_of(self, days: Days) -> tuple[Span, ...]:
        start, end = self._midnight(days.first), self._midnight(_next_day(days.last))
        return self._hours(range(start // 1000, end // 1000, 3600), end)

    def days(self, now: float, count: int) -> tuple[Span, ...]:
        last = self.day_of(now)
        return self.steps(last - timedelta(days=count - 1), last, _next_day)

    def parts(self, days: Days, first: date, following: Callable[[date], date]) -> tuple[Span, ...]:
        """Steps from that day on, so far as they lie within the days."""
        start, end = self._midnight(days.first), self._midnight(_next_day(days.last))
        return tuple(
            Span(max(step.start, start), min(step.end, end), max(step.label, days.first.isoformat()))
            for step in self.steps(first, days.last, following)
        )

    def steps(self, first: date, last: date, following: Callable[[date], date]) -> tuple[Span, ...]:
        """From that day on, to the step in which the last one is."""
        spans = []
        while first <= last:
            spans.append(self._step(first, following(first)))
            first = following(first)
        return tuple(span for span in spans if span.start < span.end)  # a country may leave a day out

    def _hours(self, starts: Iterable[int], until: int = _FAR) -> tuple[Span, ...]:
        """Clocks may change by half an hour, so the last hour of a day may be a half one."""
        return tuple(
            Span(start * 1000, min((start + 3600) * 1000, until), self._hour(start)) for start in starts
        )

    def _step(self, first: date, following: date) -> Span:
        return Span(self._midnight(first), self._midnight(following), first.isoformat())

    def _midnight(self, day: date) -> int:
        return int(datetime(day.year, day.month, day.day, tzinfo=self.zone).timestamp() * 1000)

    def _hour(self, start: int) -> str:
        """With its offset, so that the hour that comes twice has two labels."""
        local = datetime.fromtimestamp(start, self.zone)
        return (local if local.tzinfo is not None else local.astimezone()).isoformat(timespec="minutes")


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _next_day(day: date) -> date:
    return day + timedelta(days=1)


def _next_week(monday: date) -> date:
    return monday + timedelta(days=7)


def _next_month(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)
