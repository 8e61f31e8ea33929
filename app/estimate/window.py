"""The days that are looked at: whole days of the local calendar, and today as far as it has come."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Self


@dataclass(frozen=True, slots=True)
class Window:
    days: int
    since: datetime
    until: datetime

    @classmethod
    def ending(cls, until: datetime, days: int) -> Self:
        """The last so many days, today among them. The midnight at the beginning is looked up by itself:
        there a day ago is not 24 hours ago when the clocks were changed in between."""
        first = until.date() - timedelta(days=days - 1)
        return cls(days, datetime.combine(first, time.min).astimezone(), until)

    def holds(self, at: float) -> bool:
        return self.since.timestamp() <= at <= self.until.timestamp()

    def begins_after(self, at: float) -> bool:
        return at < self.since.timestamp()
