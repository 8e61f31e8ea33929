"""What went on under a policy, summed up over requests."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from benchmarks.savings.replay import Line
from proxy.config import TIER_NAMES, TierName
from proxy.money.cost import NANO


@dataclass(slots=True)
class Figures:
    requests: int = 0
    typed: int = 0
    nano: int = 0
    by_tier: dict[TierName, int] = field(default_factory=lambda: dict.fromkeys(TIER_NAMES, 0))
    switches: int = 0
    prompt: int = 0
    read: int = 0
    """Tokens of prompts, and those of them that came from a cache."""
    below: int = 0
    below_typed: int = 0
    """Served by somebody who is too weak."""
    above: int = 0
    tier_below: int = 0
    """In a tier that is too low, whoever served it."""

    @property
    def dollars(self) -> float:
        return self.nano / NANO

    @property
    def hit_share(self) -> float:
        return share(self.read, self.prompt)

    def saved(self, always: "Figures") -> float:
        """In per cent."""
        return share(always.nano - self.nano, always.nano)

    def told(self) -> Mapping[str, Any]:
        return {**asdict(self), "dollars": self.dollars}


def figures(lines: Iterable[Line]) -> Figures:
    sums = Figures()
    for line in lines:
        sums.requests += 1
        sums.typed += line.request.typed
        sums.nano += line.nano
        sums.by_tier[line.choice.tier] += 1
        sums.switches += line.is_switch
        sums.prompt += line.usage.prompt or 0
        sums.read += line.usage.cache_read or 0
        sums.below += line.is_below
        sums.below_typed += line.is_below and line.request.typed
        sums.above += line.is_above
        sums.tier_below += line.is_tier_below
    return sums


def share(part: float, whole: float) -> float:
    """In per cent; nothing of nothing is none of it."""
    return 100.0 * part / whole if whole else 0.0
