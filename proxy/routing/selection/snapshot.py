"""What a selection may know of the world, frozen: equal snapshots lead to equal decisions."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from proxy.money.budget import BudgetState
from proxy.routing.affinity.call_ids import CallIssuer
from proxy.routing.affinity.pins import Remembered
from proxy.routing.balance.figures import NO_FIGURES, Figures
from proxy.routing.health.standing import Standing
from proxy.routing.rules.patience import Patience
from proxy.routing.service import Service

CursorKey = tuple[str, str]
"""A route, and the rule or tier whose services take turns."""


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a model can do; None is unknown, which keeps nobody from it."""

    context: int | None = None
    tools: bool | None = None
    vision: bool | None = None


UNKNOWN_ABILITIES = Abilities()


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """Services that are not named in a mapping are well, idle, unknown, as is usual for what it tells."""

    now: float = 0.0
    """Seconds since 1970."""
    steady: float = 0.0
    """The same moment on the clock of the standings."""
    standings: Mapping[Service, Standing] = msgspec.field(default_factory=dict)
    """Those that are not well."""
    well_since: Mapping[Service, float] = msgspec.field(default_factory=dict)
    """Since when those have been well that were not, on the clock of the standings."""
    keyless: Mapping[str, str] = msgspec.field(default_factory=dict)
    """The providers that cannot be asked for want of a key, and why."""
    abilities: Mapping[Service, Abilities] = msgspec.field(default_factory=dict)
    figures: Mapping[Service, Figures] = msgspec.field(default_factory=dict)
    in_flight: Mapping[Service, int] = msgspec.field(default_factory=dict)
    cursors: Mapping[CursorKey, Service] = msgspec.field(default_factory=dict)
    prices: Mapping[Service, float] = msgspec.field(default_factory=dict)
    """US dollars per million tokens of a usual mix; zero is free, missing is unknown."""
    budget: BudgetState | None = None
    remembered: Remembered | None = None
    """Of the session that the request belongs to."""
    issuer: CallIssuer | None = None
    patience: Patience = msgspec.field(default_factory=Patience)
    """What regular expressions may take of this selection's time."""

    def figures_of(self, service: Service) -> Figures:
        return self.figures.get(service, NO_FIGURES)

    def in_flight_of(self, service: Service) -> int:
        return self.in_flight.get(service, 0)

    @property
    def spent_today(self) -> float | None:
        """In US dollars, open requests included."""
        if self.budget is None:
            return None
        return (self.budget.daily_spent + self.budget.in_flight) / 1_000_000_000
