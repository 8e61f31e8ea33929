"""When a provider says to come back, in seconds.

A date in Retry-After is not read: here is no clock to hold it against, so the wait is unknown.
"""

import math
import re
from collections.abc import Mapping

from proxy.wire.errors.hearing import Said

_IN_WORDS = re.compile(
    r"(?:try again|retry) (?:in|after) (?:(\d{1,4})m)?(\d{1,7}(?:\.\d{1,9})?) ?(ms|s\b|seconds?)",
    re.IGNORECASE,
)


def wait_in(headers: Mapping[str, str], said: Said) -> float | None:
    """The wait that the headers (names in lower case), the error's members or its words tell."""
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    for told in (headers.get("retry-after"), said.wait):
        seconds = _number(told)
        if seconds is not None:
            return seconds
    return _in_words(said.message)


def _in_words(message: str) -> float | None:
    found = _IN_WORDS.search(message)
    if found is None:
        return None
    amount = float(found[2]) / (1000 if found[3].lower() == "ms" else 1)
    return amount + 60 * int(found[1] or 0)


def _number(text: str | None) -> float | None:
    try:
        value = float((text or "").strip().removesuffix("s"))
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None
