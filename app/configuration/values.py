"""Values as they stand in the file: which of them a program can pass on, and how a message names one."""

import datetime
import json
import math
from typing import Any, Final

_SHOWN: Final = 60
_DATES: Final = (datetime.date, datetime.time)  # a datetime is a date


def is_plain(found: Any) -> bool:
    """True for what JSON can carry: no dates, nothing endless, and whole numbers of 64 bits at most."""
    if isinstance(found, int):
        return -(2**63) <= found < 2**63
    if isinstance(found, float):
        return math.isfinite(found)
    return not isinstance(found, _DATES)


def shown(found: Any) -> str:
    """A value as a message names it."""
    if isinstance(found, dict):
        return "a table"
    if isinstance(found, list):
        return f"a list of {len(found)}"
    if isinstance(found, _DATES):
        return f"the date or time {found.isoformat()}"
    if isinstance(found, float):
        return str(found)
    if not is_plain(found):
        return "a number of more than 64 bits"
    written = json.dumps(found, ensure_ascii=False)
    return written if len(written) <= _SHOWN else f"{written[:_SHOWN]}..."
