"""Dollars, tokens and times as people read them; what is unknown says so."""

from datetime import datetime

UNKNOWN = "unknown"

_CENT = 0.01
_LEAST = 0.0001

_STEPS = ((1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k"))


def dollars(amount: float | None) -> str:
    """To the cent; what is less than that is not called nothing."""
    if amount is None:
        return UNKNOWN
    if 0 < abs(amount) < _LEAST:
        return f"under ${_LEAST}" if amount > 0 else f"over -${_LEAST}"
    digits = 4 if 0 < abs(amount) < _CENT else 2
    return f"{'-' if amount < 0 else ''}${abs(amount):,.{digits}f}"


def requests(count: int) -> str:
    return "1 request" if count == 1 else f"{count:,} requests"


def tokens(count: int | None) -> str:
    if count is None:
        return UNKNOWN
    for size, letter in _STEPS:
        if count >= size:
            return f"{count / size:.1f}{letter}"
    return str(count)


def percent(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:.1f} %"


def milliseconds(value: float | None) -> str:
    if value is None:
        return UNKNOWN
    return f"{value / 1000:.1f} s" if value >= 1000 else f"{value:.0f} ms"


def local_time(moment: int) -> str:
    """A moment in milliseconds since 1970, by the clock on the wall."""
    return datetime.fromtimestamp(moment / 1000).astimezone().strftime("%Y-%m-%d %H:%M:%S")
