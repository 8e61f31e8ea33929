"""Moments as people write them on a command line."""

import re
from datetime import datetime, timedelta

FORMS = (
    "a date (2026-11-01), a date with a time (2026-11-01T08:30), 7d or 24h ago, or milliseconds since 1970"
)

_AGO = re.compile(r"(\d{1,5})([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_MILLISECONDS = re.compile(r"\d{11,14}")


def moment(text: str, now: float) -> int:
    """Milliseconds since 1970; local time where no zone is named. ValueError for any other text."""
    if ago := _AGO.fullmatch(text):
        span = timedelta(**{_UNITS[ago[2]]: int(ago[1])})
        return int((now - span.total_seconds()) * 1000)
    if _MILLISECONDS.fullmatch(text):
        return int(text)
    try:
        return int(datetime.fromisoformat(text).timestamp() * 1000)
    except (ValueError, OverflowError, OSError) as error:
        raise ValueError(f"{text!r} is no moment; it may be {FORMS}") from error
