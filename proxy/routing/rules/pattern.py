"""Regular expressions that end in time.

Python's own can take years over a short text, and nothing can stop them. The ones used here look at the
time as they go. The limits on the pattern itself are there because compiling one multiplies its counted
repetitions out in memory.
"""

import math
import re
from collections.abc import Callable
from typing import Final

from proxy.routing.rules.check import MISSED, MisfitError, Outcome

SECONDS_PER_RULE: Final = 0.005
"""For all patterns of one rule together; each has an equal share."""

REACH: Final = 50_000
"""How far from the end of a text a match may begin. The engine looks at the time only now and then, and in
one unbroken run of a million letters that would be after a second."""

_LONGEST: Final = 1000
_LARGEST: Final = 1_000_000
_COUNTED: Final = re.compile(r"\{\s*(\d{1,9})")


def searching(pattern: str, *, ignore_case: bool, patience: float) -> Callable[[str], Outcome]:
    """A search for the first match; its outcome cannot be told where it would take too long."""
    if not pattern:
        raise MisfitError("found an empty pattern, which every text matches; leave the condition out")
    if len(pattern) > _LONGEST:
        raise MisfitError(f"found a pattern of {len(pattern)} characters; allowed: up to {_LONGEST}")
    repetitions = math.prod(max(1, int(count)) for count in _COUNTED.findall(pattern))
    if len(pattern) * repetitions > _LARGEST:
        raise MisfitError("the counted repetitions of the pattern make it too large; allowed: smaller counts")
    import regex  # 50 ms and 11 MB, for those who have a rule with a pattern

    try:
        compiled = regex.compile(pattern, regex.IGNORECASE if ignore_case else 0)
    except (regex.error, RecursionError, OverflowError) as error:
        raise MisfitError(f"is no regular expression: {error}") from error

    def search(text: str) -> Outcome:
        try:
            match = compiled.search(text, max(0, len(text) - REACH), timeout=patience)
        except TimeoutError:
            return None, None
        return MISSED if match is None else (True, match.start())

    return search
