"""How numbers, money and moments are said in windows. What is unknown is a dash, never a zero."""

import math
from datetime import datetime
from functools import cache

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

UNKNOWN = "–"

_SMALLEST_CENT = 0.01
_PLAIN_DOLLARS = 1000
_THREE_DIGITS = 99.95
_ROUNDS_UP = 0.9995
"""So much of a size is told as one of it: nobody reads 1000k."""
_HALF_A_PERCENT = 0.005
_SECOND_MS = 1000
_MINUTE_MS = 60_000
_HOUR_MS = 3_600_000
_TENTH_OF_A_SECOND_MS = 100


@cache
def _locale() -> QLocale:
    """To make one takes longer than to say a number in it."""
    return QLocale()


def money(dollars: float | None) -> str:
    """With as many digits as tell something: a request costs fractions of a cent, a month hundreds."""
    if dollars is None:
        return UNKNOWN
    sign, amount = ("−" if dollars < 0 else ""), abs(dollars)
    if amount == 0:
        return "$0.00"
    if amount >= _PLAIN_DOLLARS:
        return f"{sign}${amount:,.0f}"
    if amount >= _SMALLEST_CENT:
        return f"{sign}${amount:.2f}"
    digits = 1 - math.floor(math.log10(amount))
    return f"{sign}${amount:.{min(digits, 6)}f}"


def count(number: float | None) -> str:
    return UNKNOWN if number is None else _locale().toString(round(number))


def short_count(number: float | None) -> str:
    """12.3k, 4.5M: for tokens and axes."""
    if number is None:
        return UNKNOWN
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(number) >= size * _ROUNDS_UP:
            value = number / size
            return f"{value:.0f}{letter}" if abs(value) >= _THREE_DIGITS else f"{value:.1f}{letter}"
    return f"{number:.0f}"


def percent(share: float | None) -> str:
    """Of a number from 0 to 1. What is little is not called nothing, and what is nearly all not all."""
    if share is None:
        return UNKNOWN
    if 0 < share < _HALF_A_PERCENT:
        return "< 1 %"
    if 1 - _HALF_A_PERCENT < share < 1:
        return "> 99 %"
    return f"{share * 100:.0f} %"


def duration(milliseconds: float | None) -> str:
    if milliseconds is None:
        return UNKNOWN
    if round(milliseconds) < _SECOND_MS:
        return f"{milliseconds:.0f} ms"
    if milliseconds < _MINUTE_MS - _TENTH_OF_A_SECOND_MS / 2:
        return f"{milliseconds / _SECOND_MS:.1f} s"
    if milliseconds < _HOUR_MS - _SECOND_MS / 2:
        minutes, seconds = divmod(round(milliseconds / _SECOND_MS), 60)
        return f"{minutes} min {seconds:02d} s"
    hours, minutes = divmod(round(milliseconds / _MINUTE_MS), 60)
    return f"{hours} h {minutes:02d} min"


def moment(milliseconds: float | None, now: datetime | None = None) -> str:
    """The time of today, else the date too; milliseconds since 1970."""
    if milliseconds is None:
        return UNKNOWN
    then = datetime.fromtimestamp(milliseconds / 1000)  # noqa: DTZ006 -- shown in local time
    today = (now or datetime.now()).date()  # noqa: DTZ005 -- the same
    if then.date() == today:
        return then.strftime("%H:%M:%S")
    if then.year == today.year:
        return then.strftime("%d %b %H:%M")
    return then.strftime("%Y-%m-%d %H:%M")


def whole_moment(milliseconds: float | None) -> str:
    if milliseconds is None:
        return UNKNOWN
    return _locale().toString(QDateTime.fromMSecsSinceEpoch(round(milliseconds)), "yyyy-MM-dd HH:mm:ss")


def ends_in(seconds: float | None) -> str:
    """How long something lasts still."""
    if seconds is None:
        return UNKNOWN
    if seconds < 60:
        return QCoreApplication.translate("words", "less than a minute")
    return duration(seconds * 1000)


def roughly(seconds: float) -> str:
    """A time that is gone by, in its largest unit: nobody counts the seconds of an hour ago."""
    whole = max(round(seconds), 0)
    if whole < 60:
        return f"{whole} s"
    minutes = whole // 60
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h"


def seconds(value: float) -> str:
    """A time that somebody watches go by."""
    return duration(max(round(value), 0) * 1000) if value >= 60 else f"{max(round(value), 0)} s"
