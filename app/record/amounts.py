"""Dollars, tokens and times as people read them; what is unknown says so."""

from datetime import datetime

UNKNOWN = "unknown"

_STEPS = ((1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k"))


def dollars(amount: float | None) -> str:
    """To the cent; what is less than that is not called nothing."""
    if amount is None:
        return UNKNOWN
    sign = "-" if amount < 0 else ""
    size = abs(amount)
    if 0 < size < 0.01:
        return f"{sign}$0.00..." if size < 0.00005 else f"{sign}${size:.4f}"
    return f"{sign}${size:,.2f}"


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
