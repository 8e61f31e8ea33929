"""How well a service is at one moment, for those who choose and for those who look on."""

from dataclasses import dataclass
from enum import Enum
from math import inf

from proxy.routing.health.breaker import Breaker, State
from proxy.routing.health.marks import SENTENCES, Mark, Reason
from proxy.routing.service import Service


class Condition(Enum):
    WELL = "well"
    MARKED = "marked"
    """It may be asked when nobody better is left."""
    OUT = "out"
    """It cannot be asked: its provider refuses every key there is."""


@dataclass(frozen=True, slots=True)
class Standing:
    """`until` is a moment of the clock that was handed in, None for a service that is well."""

    condition: Condition
    until: float | None = None
    reason: Reason | None = None
    """What ends last of all that is in the way."""
    is_broken: bool = False
    """Its breaker is open, whatever else is in the way for longer."""

    @property
    def why(self) -> str:
        return "" if self.reason is None else SENTENCES[self.reason]


WELL = Standing(Condition.WELL)


@dataclass(frozen=True, slots=True)
class BreakerView:
    """One service's breaker."""

    service: Service
    state: State
    since: float
    opens_until: float | None
    failures: int
    last_failure: float | None
    is_probed: bool

    @classmethod
    def of(cls, service: Service, breaker: Breaker, now: float) -> "BreakerView":
        return cls(
            service,
            breaker.state(now),
            breaker.began(now),
            breaker.opens_until,
            breaker.failures,
            breaker.last_failure,
            breaker.is_probed(now),
        )


@dataclass(frozen=True, slots=True)
class View:
    """All that is known at one moment; no secret is in it."""

    at: float
    breakers: tuple[BreakerView, ...]
    marks: tuple[Mark, ...]

    @property
    def next_end(self) -> float | None:
        """When the next of them ends by itself, if nothing happens before; None where none does."""
        ends = [*(each.opens_until for each in self.breakers), *(mark.until for mark in self.marks)]
        return min((end for end in ends if end is not None and self.at < end < inf), default=None)
