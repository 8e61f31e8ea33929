"""What a selection may know of the world, frozen: equal snapshots lead to equal decisions."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

import msgspec

from proxy.config import TierName
from proxy.money.budget import BudgetState
from proxy.money.caching import CacheRules, cache_rules
from proxy.money.rates import Prices
from proxy.money.remaining import Remaining
from proxy.routing.affinity.call_ids import CallIssuer
from proxy.routing.affinity.pins import Remembered
from proxy.routing.balance.figures import NO_FIGURES, Figures
from proxy.routing.caches.beliefs import Belief
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
    thinking: bool | None = None
    structured: bool | None = None
    """It keeps to a JSON schema."""
    max_output: int | None = None
    cuts: bool = False
    """A prompt that does not fit loses a part of itself, and nobody says so."""
    is_unloaded: bool = False
    """It is not in memory, and its context is what it would be loaded with if nobody sees to it."""
    leaves: bool = False
    """Its server passes what it is asked on to another machine."""
    counts: bool = False
    """Its server tells how many tokens a prompt has."""


UNKNOWN_ABILITIES = Abilities()


_ANYBODYS = cache_rules("")


@dataclass(frozen=True, slots=True)
class Terms:
    """What a service asks for its work, and how it keeps prompts."""

    prices: Prices | None = None
    """None: nobody knows."""
    rules: CacheRules = _ANYBODYS
    is_local: bool = False


UNKNOWN_TERMS = Terms()


@dataclass(frozen=True, slots=True)
class Override:
    """The user wants a tier for everything, for a while."""

    tier: TierName
    until: float
    """Seconds since 1970; infinite: until the program ends."""


_NOTHING_SEEN = Remaining()


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
    terms: Mapping[Service, Terms] = msgspec.field(default_factory=dict)
    beliefs: Mapping[Service, Belief] = msgspec.field(default_factory=dict)
    """What is believed to be cached of the session, and where."""
    turns: Remaining = _NOTHING_SEEN
    """How many requests sessions of this user still have before them."""
    asked_seconds: int = 300
    """For how long the client wants its prompt to be cached; zero where it sets no marks."""
    counted: Mapping[Service, int] = msgspec.field(default_factory=dict)
    """How many tokens this very prompt has, as the model's own server has counted them."""
    ratios: Mapping[Service, float] = msgspec.field(default_factory=dict)
    """How many tokens a model counts where we estimate one; missing is one."""
    budget: BudgetState | None = None
    remembered: Remembered | None = None
    """Of the session that the request belongs to."""
    issuer: CallIssuer | None = None
    override: Override | None = None
    patience: Patience = msgspec.field(default_factory=Patience)
    """What regular expressions may take of this selection's time."""

    def figures_of(self, service: Service) -> Figures:
        return self.figures.get(service, NO_FIGURES)

    def abilities_of(self, service: Service) -> Abilities:
        return self.abilities.get(service, UNKNOWN_ABILITIES)

    def tokens_at(self, service: Service, estimated: int) -> int:
        """As the service would count them, or has."""
        counted = self.counted.get(service)
        if counted is not None:
            return counted
        return ceil(estimated * self.ratios.get(service, 1.0))

    def terms_of(self, service: Service) -> Terms:
        return self.terms.get(service, UNKNOWN_TERMS)

    def in_flight_of(self, service: Service) -> int:
        return self.in_flight.get(service, 0)

    @property
    def spent_today(self) -> float | None:
        """In US dollars, open requests included."""
        if self.budget is None:
            return None
        return (self.budget.daily_spent + self.budget.in_flight) / 1_000_000_000
