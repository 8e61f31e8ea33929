"""How much of what a provider allows is used up: one shape for rate limits, plans and prepaid money.

What is not told stays None, which is never zero percent; and a window that has begun anew since it was told
of is as unknown as one that nobody has told of.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

_ALL = 100.0


class AllowanceKind(StrEnum):
    """How an allowance that is used up comes back."""

    LIMIT = "limit"
    """By itself, when its window begins anew."""
    RESOURCE = "resource"
    """Not before somebody tops it up."""


class AllowanceSource(StrEnum):
    """How it became known."""

    HEADERS = "headers"
    BALANCE = "balance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What is left to one key of a provider in one window."""

    provider: str
    key: str
    """The key's label."""
    window: str
    model: str = ""
    """Whose requests it counts; empty: those of the whole key."""
    kind: AllowanceKind = AllowanceKind.LIMIT
    used_percent: float | None = None
    limit: float | None = None
    remaining: float | None = None
    unit: str = ""
    resets_at: float | None = None
    """In seconds since 1970."""
    seen_at: float
    """The same."""
    source: AllowanceSource = AllowanceSource.HEADERS
    counts: bool = True
    """False for one that breaks another down: it says something of its part, and nothing of the key."""

    @property
    def is_used_up(self) -> bool:
        if self.used_percent is not None and self.used_percent >= _ALL:
            return True
        return self.remaining is not None and self.remaining <= 0

    @property
    def used(self) -> float | None:
        """The percentage, also where only the end of it is known: nothing left is all of it."""
        return max(self.used_percent or 0.0, _ALL) if self.is_used_up else self.used_percent

    def has_begun_anew(self, now: float) -> bool:
        return self.resets_at is not None and self.resets_at <= now

    def at(self, now: float) -> "Allowance":
        """As it is known at that moment."""
        if not self.has_begun_anew(now):
            return self
        return replace(self, used_percent=None, remaining=None, resets_at=None)


def tightest(allowances: Iterable[Allowance], now: float) -> Allowance | None:
    """The one that ends first, of those that count and of which a percentage is known.

    Of several with the same the one that takes longest to heal.
    """
    known = [each for each in (allowance.at(now) for allowance in allowances) if each.counts]
    return max((each for each in known if each.used is not None), key=_tightness, default=None)


def _tightness(allowance: Allowance) -> tuple[float, bool, float]:
    needs_topping_up = allowance.kind is AllowanceKind.RESOURCE
    return allowance.used or 0.0, needs_topping_up, allowance.resets_at or 0.0
