"""A session that is warm somewhere, and what becomes of its next turn: without a world, by one snapshot."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from types import MappingProxyType
from typing import Any

from proxy.config import TierName
from proxy.money.budget import BudgetState
from proxy.money.caching import CacheRules, cache_rules
from proxy.money.rates import FREE, Prices, Rate
from proxy.money.remaining import Remaining
from proxy.routing.affinity.pins import Pin, Remembered
from proxy.routing.caches.beliefs import Belief
from proxy.routing.health.marks import Reason as Mark
from proxy.routing.health.standing import Condition, Standing
from proxy.routing.selection.context import SelectionContext
from proxy.routing.selection.decision import Decision
from proxy.routing.selection.request import Request
from proxy.routing.selection.selector import Selector
from proxy.routing.selection.snapshot import Snapshot, Terms
from proxy.routing.service import Service
from proxy.routing.signals import Kind, SessionId, Signals
from tests.proxy.configured import configured
from tests.proxy.routing.selection.judging import Says

NOW = 1_700_000_000.0
S, M, C, R = (Service("p", name) for name in "smcr")
TABLES: dict[str, Any] = {
    "providers": {"p": {"kind": "openai-compatible", "base_url": "http://p.example/v1", "key": "none"}},
    "tiers": {
        "SIMPLE": {"services": ["p/s"]},
        "MEDIUM": {"services": ["p/m"]},
        "COMPLEX": {"services": ["p/c"]},
        "REASONING": {"services": ["p/r"]},
    },
}
POINTS: Mapping[TierName, float] = {"SIMPLE": 10, "MEDIUM": 35, "COMPLEX": 60, "REASONING": 90}
"""Of texts that need this tier, in the middle of it."""
MARKED = cache_rules("anthropic")


def charging(price: float, rules: CacheRules = MARKED) -> Terms:
    """Dollars per million tokens read; answers are five times as dear, and caches as cheap as usual."""
    rates = (price, 5 * price, price / 10, 1.25 * price, 2 * price)
    return Terms(Prices(*map(Rate, rates)), rules)


UNPRICED = Terms(rules=MARKED)
HERE = Terms(FREE, cache_rules("llamacpp"), is_local=True)
TERMS = {S: charging(1), M: charging(4.5), C: charging(5), R: charging(15)}
"""A minute after it has read 30,000 tokens, it pays to go from 5 to 1, and not to go to 4.50."""


@dataclass(frozen=True, kw_only=True)
class Warm:
    """A typed turn that needs `needs`, of a session that is with `at`, which has `cached` tokens of it."""

    at: Service = C
    tier: TierName | None = "COMPLEX"
    needs: TierName = "SIMPLE"
    cached: int = 30_000
    tokens: int = 32_000
    elsewhere: Mapping[Service, int] = field(default_factory=dict)
    """What others are believed to have of it."""
    terms: Mapping[Service, Terms] = field(default_factory=lambda: TERMS)
    messages: int = 9
    kind: Kind = Kind.MAIN
    turns: Remaining = field(default_factory=Remaining)
    asked_seconds: int = 300
    unwell: tuple[Service, ...] = ()
    well_since: Mapping[Service, float] = field(default_factory=dict)
    pinned: Mapping[str, Any] = field(default_factory=dict)
    """More about its pin."""
    tables: Mapping[str, Any] = field(default_factory=lambda: TABLES)
    is_over_budget: bool = False

    @property
    def pin(self) -> Pin:
        told: dict[str, Any] = {"tier": self.tier, "locked_at": NOW - 60, "first_locked": NOW - 60}
        told |= {"requested": "auto", "expires_at": NOW + 3000, **self.pinned}
        return Pin(provider=self.at.provider, model=self.at.model, **told)

    @property
    def snapshot(self) -> Snapshot:
        cached = {**self.elsewhere, **({self.at: self.cached} if self.cached else {})}
        return Snapshot(
            now=NOW,
            steady=5000.0,
            terms=self.terms,
            beliefs={service: Belief(prefix, NOW + 240, NOW - 60) for service, prefix in cached.items()},
            turns=self.turns,
            asked_seconds=self.asked_seconds,
            standings={each: Standing(Condition.MARKED, 5060.0, Mark.RATE_LIMITED) for each in self.unwell},
            well_since=self.well_since,
            remembered=Remembered(MappingProxyType({"": self.pin}), "", NOW - 600),
            budget=_SPENT if self.is_over_budget else None,
        )

    @property
    def signals(self) -> Signals:
        return Signals(
            surface="messages",
            client="sdk",
            model="auto",
            kind=self.kind,
            session=SessionId("s1", "header"),
            messages=self.messages,
            answers=self.messages // 2,
            tokens=self.tokens,
            said="words",
        )

    @property
    def selector(self) -> Selector:
        return Selector(configured(**self.tables), Says({}, otherwise=POINTS[self.needs]))

    @property
    def context(self) -> SelectionContext:
        route = self.selector.routes[0]
        return SelectionContext(
            route=route,
            signals=self.signals,
            snapshot=self.snapshot,
            random=Random(1),
            healthy=route.able,
            thresholds=(20, 50, 75),
        )

    def decided(self) -> Decision:
        """The pin is of the services as they are configured."""
        selector = self.selector
        versions = {"service_version": selector.service_version(self.at)}
        world = Warm(**{**_members(self), "pinned": {**versions, **self.pinned}})
        return selector.select(Request(signals=self.signals), world.snapshot, Random(1))


def _members(warm: Warm) -> dict[str, Any]:
    return {name: getattr(warm, name) for name in Warm.__dataclass_fields__}


def codes(decision: Decision) -> list[str]:
    return [each.code for each in decision.reasons]


_SPENT = BudgetState(
    daily_spent=2,
    daily_limit=1,
    monthly_spent=2,
    monthly_limit=None,
    in_flight=0,
    over=True,
    action="cheaper",
    resets_at=NOW + 60,
)
