"""How a prompt begins, as a number that stays the same on another day."""

import re
from collections.abc import Iterable

from msgspec import Struct

LONGEST = 200
"""Characters. So much of a prompt is the program's own; what follows is often about the user's machine."""

_READ = 3 * LONGEST
"""What changes may be long, and the beginning is measured without it."""
_CHANGING = re.compile(
    r"(?<![\w-])[\w-]*\d[\w-]*"
    r"|\b(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
    r"|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|[ap]m)\b",
    re.IGNORECASE,
)
"""Dates, times, versions, ids: every word with a digit in it, and the names that dates are written with."""


class Opening(Struct, frozen=True, gc=False):
    length: int
    digest: int
    """Python seeds its hashes anew in every process, and no text can be had back from them."""


def opening_of(words: str) -> Opening:
    steady = _CHANGING.sub("#", words[:_READ])[:LONGEST]
    return Opening(len(steady), hash(steady))


def together(openings: Iterable[Opening]) -> int:
    """Of a prompt in pieces. Some programs begin all their calls with a short one that tells nothing."""
    told: list[int] = []
    length = 0
    for each in openings:
        told.append(each.digest)
        length += each.length
        if length >= LONGEST:
            break
    return hash(tuple(told))
