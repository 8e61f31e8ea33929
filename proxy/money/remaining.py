"""How many requests a conversation is still going to make, going by those that are over.

Both guesses are medians of what has been seen, and a fixed number where too little has. A conversation that
goes to a smaller model does not stay there until its end: it comes back as soon as something is hard. So what
a switch saves is counted over the shorter of the two.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Final

from proxy.config import TierName

USUAL: Final = 10.0
"""Requests that are still to come, where nothing is known."""
USUAL_STAY: Final = 8.0
"""Requests that follow each other at or below a tier, where nothing is known."""
USUAL_RETURN: Final = 0.5
"""How likely a conversation comes back up after it, where nothing is known."""
LEAST_SEEN: Final = 20
"""Fewer conversations tell nothing."""


class Remaining:
    """Made from the lengths of conversations, and from those of their stays at or below a tier."""

    def __init__(
        self,
        lengths: Sequence[int] = (),
        stays: Mapping[TierName, Sequence[int]] | None = None,
        returns: Mapping[TierName, int] | None = None,
    ) -> None:
        """`returns` are those of the stays that a request above the tier has ended."""
        self._lengths = sorted(lengths)
        seen = {tier: of for tier, of in (stays or {}).items() if len(of) >= LEAST_SEEN}
        self._stays = {tier: float(median(of)) for tier, of in seen.items()}
        self._returns = {
            tier: count / len(seen[tier]) for tier, count in (returns or {}).items() if tier in seen
        }

    def expected(self, done: int) -> float:
        """Requests that come after so many, the one now asked included: the median of the longer ones."""
        shorter = bisect_right(self._lengths, done)
        longer = len(self._lengths) - shorter
        if longer < LEAST_SEEN:
            return USUAL
        middle = shorter + longer // 2
        upper = self._lengths[middle]
        lower = upper if longer % 2 else self._lengths[middle - 1]
        return (lower + upper) / 2 - done

    def expected_stay(self, tier: TierName) -> float:
        """Requests that follow each other at or below a tier, once a conversation has come down to it."""
        return self._stays.get(tier, USUAL_STAY)

    def expected_return(self, tier: TierName) -> float:
        """How likely a conversation that has come down to a tier goes up again, from 0 to 1."""
        return self._returns.get(tier, USUAL_RETURN)

    def expected_run(self, done: int, tier: TierName) -> float:
        """For how many requests a conversation is expected to be at or below a tier if it goes there now."""
        return min(self.expected(done), self.expected_stay(tier))
