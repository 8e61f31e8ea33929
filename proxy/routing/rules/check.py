"""How a test of one signal is put together: what a condition asks for becomes a check.

A check says whether it holds, and which number it found. None in the place of the first means that it cannot
be told. Then `not` of it cannot be told either, so what nobody knows never makes a rule hold.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from proxy.config import ConditionValue
from proxy.routing.rules.situation import Situation

Verdict = bool | None
Outcome = tuple[Verdict, float | None]
Check = Callable[[Situation], Outcome]

MISSED: Outcome = (False, None)
HELD: Outcome = (True, None)


class MisfitError(ValueError):
    """What a condition asks for can never be tested; the sentence says why."""

    def __init__(self, message: str, key: str = "value") -> None:
        super().__init__(message)
        self.key = key
        """The key of the condition that is to blame."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What one condition asks for, beside its signal and its op."""

    value: ConditionValue | None = None
    ignore_case: bool = False

    @property
    def text(self) -> str:
        if isinstance(self.value, str):
            return self.value
        raise MisfitError(f"found {shown(self.value)}; allowed: one text")

    @property
    def texts(self) -> tuple[str, ...]:
        """Several texts; one alone stands for a list of one."""
        found = self.value if isinstance(self.value, tuple) else (self.value,)
        texts = tuple(each for each in found if isinstance(each, str))
        if not texts or len(texts) < len(found):
            raise MisfitError(f"found {shown(self.value) or 'nothing'}; allowed: a list of texts")
        return texts

    @property
    def number(self) -> float:
        return _number(self.value, "allowed: one number, without quotes")

    @property
    def span(self) -> tuple[float, float]:
        """Two numbers, the smaller one first."""
        allowed = "allowed: two ascending numbers, such as [20000, 60000]"
        if not isinstance(self.value, tuple) or len(self.value) != 2:
            raise MisfitError(f"found {shown(self.value)}; {allowed}")
        low, high = (_number(each, allowed) for each in self.value)
        if low >= high:
            raise MisfitError(f"found {shown(self.value)}; {allowed}")
        return low, high


Make = Callable[[Asked], Check]
"""Raises MisfitError for what can never be tested."""


def shown(value: ConditionValue | None) -> str:
    """A configured value as text."""
    if isinstance(value, tuple):
        return ", ".join(shown(each) for each in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _number(value: ConditionValue | None, allowed: str) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return value
    raise MisfitError(f"found {shown(value)}; {allowed}")
