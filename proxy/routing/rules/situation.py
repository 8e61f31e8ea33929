"""What a rule is judged on, and what came of it."""

from collections.abc import Callable
from typing import Final

import msgspec

from proxy.routing.balance.figures import Figures
from proxy.routing.rules.patience import Patience
from proxy.routing.service import Candidate, Service
from proxy.routing.signals import Signals

TOO_SLOW: Final = "too slow"


class Situation(msgspec.Struct, frozen=True, gc=False):
    """One request, and how things stand around it, as one rule sees them."""

    signals: Signals
    now: float
    """Seconds since 1970."""
    session_age: float | None
    """Seconds; None where no session is known."""
    spent_today: float | None
    """USD; None where it is not known."""
    figures: Callable[[Service], Figures]
    in_flight: Callable[[Service], int]
    pool: tuple[Candidate, ...]
    """The services that the rule itself leads to."""
    patience: Patience = msgspec.field(default_factory=Patience)
    """Shared by all rules that are judged on the request; all else here is only looked at."""


class Step(msgspec.Struct, frozen=True, gc=False):
    """One test that was made: numbers and what the configuration says, never words of the request."""

    signal: str
    op: str
    value: str
    """The configured one, as text."""
    holds: bool
    """What the test says by itself, also where it stands below `not`."""
    found: float | None = None
    """The number that was compared, or the offset of what was found in the text."""
    note: str = ""
    """Why it could not be told: `unknown` or `too slow`."""


class Judged(msgspec.Struct, frozen=True, gc=False):
    """Whether a rule holds, and the tests that decided it."""

    holds: bool
    trace: tuple[Step, ...] = ()
    is_unknown: bool = False
    """The rule might hold: nothing speaks against it, but a pattern was given up."""

    @property
    def is_slow(self) -> bool:
        """A pattern was given up, whatever came of it."""
        return any(step.note == TOO_SLOW for step in self.trace)
