"""A length of time as the file holds it: 90s, 30m, 2h, or forever."""

import math
import re

_FORM = re.compile(r"(\d{1,7}(?:\.\d{1,3})?)(s|m|h)")
_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0}
FOREVER = "forever"


def seconds_of(text: str) -> float | None:
    """Infinite for ever; None for what is no length of time."""
    if text == FOREVER:
        return math.inf
    found = _FORM.fullmatch(text)
    return None if found is None else float(found[1]) * _SECONDS[found[2]]
