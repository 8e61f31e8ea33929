"""What can be chosen, and what was chosen: services, candidates, the plan of an exchange."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec

from proxy.config import Tactic, TierName


class Service(NamedTuple):
    """One model at one provider. It is the key of much that is looked up for every request, hence a tuple."""

    provider: str
    model: str

    def __str__(self) -> str:
        return f"{self.provider}/{self.model}"

    @classmethod
    def named(cls, name: str) -> "Service | None":
        """From `provider/model`, split at the first slash; None for a text that names none."""
        provider, _, model = name.partition("/")
        return cls(provider, model) if provider and model else None


class Candidate(msgspec.Struct, frozen=True):
    """A service as one pool lists it."""

    service: Service
    params: Mapping[str, Any] = msgspec.field(default_factory=dict)
    tier: TierName | None = None
    """The tier it stands in for this request; None outside tiers."""
    weight: int = 1
    priority: int = 0
    capacity: int = 0
    active: bool = True


@dataclass(frozen=True, slots=True)
class Pool:
    """Services that stand beside each other, and how one of them is chosen."""

    candidates: tuple[Candidate, ...] = ()
    tactic: Tactic = "priority"


NO_POOL = Pool()


@dataclass(frozen=True, slots=True)
class Plan:
    """Who is asked for one exchange, in this order, each once, until one answers."""

    candidates: tuple[Candidate, ...]
    source: str
    """Why these: passthrough, tier, load_balancer, probe_pin and so on."""
    deadline: float
    """Seconds for all attempts together, until the first byte of the answer."""
