"""What users say about tiers within their own words: `/tier complex`, `/tier up`, `[tier:reasoning]`.

Only these force a tier; nothing else that a text holds does. What stands within code is somebody's code.
"""

import re
from dataclasses import dataclass
from typing import Final

from proxy.config import TIER_NAMES, TierName

_MEANT: Final = "simple|medium|complex|reasoning|up|down|auto"
_COMMAND = re.compile(
    rf"^[ \t]*+/tier[ \t]++({_MEANT})[.!]*+(?=\s|\Z)|\[tier:[ \t]*+({_MEANT})[ \t]*+\]",
    re.IGNORECASE | re.MULTILINE,
)
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*+`", re.DOTALL)
_STEPS: Final = {"up": 1, "down": -1}


@dataclass(frozen=True, slots=True)
class Command:
    """A tier, or steps from the one that the session is in. Neither: as if nothing had been said."""

    tier: TierName | None = None
    step: int = 0


@dataclass(frozen=True, slots=True)
class Commanded:
    """A text, and what it commands."""

    text: str
    """Without its commands."""
    command: Command | None = None
    """The last one that it gives."""


def commanded(text: str) -> Commanded:
    if "/tier" not in text.casefold() and "[tier:" not in text.casefold():
        return Commanded(text)
    code = [found.span() for found in _CODE.finditer(text)]
    given = [
        found
        for found in _COMMAND.finditer(text)
        if not any(begin <= found.start() < end for begin, end in code)
    ]
    if not given:
        return Commanded(text)
    pieces: list[str] = []
    read = 0
    for found in given:
        pieces.append(text[read : found.start()])
        read = found.end()
    return Commanded("".join([*pieces, text[read:]]).strip(), _command(given[-1]))


def _command(found: re.Match[str]) -> Command:
    word = (found[1] or found[2]).casefold()
    tier = next((tier for tier in TIER_NAMES if tier.casefold() == word), None)
    return Command(tier, _STEPS.get(word, 0))
