"""Regular expressions that end in time.

Python's own can take years over a short text, and nothing can stop them. The ones used here look at the
time as they go. The limits on the pattern itself are there because compiling one multiplies its counted
repetitions out in memory.
"""

import math
import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from proxy.routing.rules.check import MISSED, MisfitError, Outcome
from proxy.routing.rules.patience import Patience

if TYPE_CHECKING:
    import regex

REACH: Final = 50_000
"""How far from the end of a text a match may begin. The engine looks at the time only now and then, and in
one unbroken run of a million letters that would be after a second."""

_LONGEST: Final = 1000
_LARGEST: Final = 1_000_000
_COUNTED: Final = re.compile(r"\{\s*(\d{1,9})")


def searching(pattern: str, *, ignore_case: bool) -> Callable[[str, Patience], Outcome]:
    """A search for the first match; its outcome cannot be told where it would take too long."""
    compiled = _compiled(pattern, ignore_case=ignore_case)
    if isinstance(compiled, str):
        raise MisfitError(compiled)

    def search(text: str, patience: Patience) -> Outcome:
        try:
            with patience.share() as seconds:
                match = compiled.search(text, max(0, len(text) - REACH), timeout=seconds)
        except TimeoutError:
            return None, None
        return MISSED if match is None else (True, match.start())

    return search


@lru_cache(maxsize=512)
def _compiled(pattern: str, *, ignore_case: bool) -> "regex.Pattern[str] | str":
    """Or what is wrong with it.

    It is kept, for it may take a while: a configuration is checked beside the loop before it is used on it.
    """
    if wrong := _unfit(pattern):
        return wrong
    import regex  # 50 ms and 11 MB, for those who have a rule with a pattern

    try:
        return regex.compile(pattern, regex.IGNORECASE if ignore_case else 0)
    except (regex.error, RecursionError, OverflowError) as error:
        return f"is no regular expression: {error}"


def _unfit(pattern: str) -> str:
    if not pattern:
        return "found an empty pattern, which every text matches; leave the condition out"
    if len(pattern) > _LONGEST:
        return f"found a pattern of {len(pattern)} characters; allowed: up to {_LONGEST}"
    repetitions = math.prod(max(1, int(count)) for count in _COUNTED.findall(pattern))
    if len(pattern) * repetitions > _LARGEST:
        return "the counted repetitions of the pattern make it too large; allowed: smaller counts"
    return ""
