"""A price as it was typed. Marks between digits mean one thing here and another there: not all are clear."""

import re
from collections.abc import Callable
from typing import Final

from ui.windows.providers.words import tr

_MOST: Final = 1_000_000.0
_WAYS: Final[tuple[tuple[re.Pattern[str], Callable[[str], str]], ...]] = (
    (re.compile(r"[0-9]+|[0-9]*\.[0-9]+"), lambda text: text),
    (re.compile(r"[0-9]*,[0-9]+"), lambda text: text.replace(",", ".")),
    (re.compile(r"[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?"), lambda text: text.replace(",", "")),
    (
        re.compile(r"[1-9][0-9]{0,2}(\.[0-9]{3})+(\.[0-9]{3}|,[0-9]+)"),
        lambda text: text.replace(".", "").replace(",", "."),
    ),
)
"""A lone point is that of decimals, as in all that windows show; a lone comma may be either."""


def price_in(text: str) -> float:
    """Of a text that `why_no_price` says nothing of."""
    (price,) = _readings(text)
    return price


def why_no_price(text: str) -> str:
    """A sentence; empty for a price, and for an empty field."""
    if not text.strip():
        return ""
    found = _readings(text)
    if len(found) > 1:
        either, other = (f"{price:.10g}" for price in found)
        return tr("“%1” can be read in two ways. Write %2 or %3.", text.strip(), either, other)
    if not found or found[0] > _MOST:
        return tr("a number from 0 to 1000000 is wanted, such as 0.25.")
    return ""


def _readings(text: str) -> list[float]:
    """The smaller one first."""
    bare = text.strip().removeprefix("$").strip()
    return sorted({float(plainly(bare)) for way, plainly in _WAYS if way.fullmatch(bare)})
