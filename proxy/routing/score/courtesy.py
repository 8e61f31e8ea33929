"""What is only polite says nothing of how hard a turn is, so it is not judged."""

import re
from typing import Final

_BEFORE: Final = re.compile(
    r"(?:(?:please|pls|plz|thanks|thank you|thx|hi|hey|hello|hallo|bitte|danke|ok|okay|great|cool|nice"
    r"|perfect|good|and|now|so|then|also)\b[\s,.!:;-]*+)++",
    re.IGNORECASE,
)
_BEHIND: Final = re.compile(
    r"[\s,.!;-]++(?:please|pls|plz|many thanks|thanks(?: a lot| so much| in advance)?|thank you(?: very"
    r" much)?|thx|cheers|bitte|danke)[\s.!]*+\Z",
    re.IGNORECASE,
)
_WITHIN: Final = re.compile(r"\b(?:can|could|would|will) you (?:please )?+|\bplease ", re.IGNORECASE)
_LONGEST: Final = 60
"""Characters at either end that are looked at for it."""
_READ: Final = 4_000
"""And so many for what is said in between: of a pasted file nobody is asked anything."""


def without_courtesy(text: str) -> str:
    """The same text where nothing else would be left of it."""
    found = _BEFORE.match(text, 0, _LONGEST)
    left = text[found.end() :] if found is not None else text
    ends = _BEHIND.search(left, max(0, len(left) - _LONGEST))
    left = left[: ends.start()] if ends is not None else left
    left = _WITHIN.sub("", left[:_READ], count=3) + left[_READ:]
    return left if left.strip() else text
