"""The policies that are compared: the product's own, and simpler ones with the same score.

`always` asks the model that the client names. `naive` asks the tier that the score says now, for every
request by itself, and remembers nothing. `affinity` does so on typed turns, while what a tool came to stays
with who asked for it. `economics` is the product as it is. `oracle` knows the labels.
"""

from collections.abc import Callable, Mapping
from typing import Final

from msgspec.structs import replace

from benchmarks.savings.billing import Billing
from benchmarks.savings.oracle import cheapest_plan
from benchmarks.savings.product import Decided, Product
from benchmarks.savings.replay import Choice, Policy, Story, reach_of
from benchmarks.savings.world import shipped_prices
from proxy.config import TIER_NAMES, Config, TierName
from proxy.routing.selection.decision import Decision
from proxy.routing.service import Service
from proxy.wire.canonical import Usage

OURS: Final = "economics"
BASELINE: Final = "always"
NAIVE: Final = "naive"
ORACLE: Final = "oracle"


class Planned:
    """Knows beforehand who is asked for each request."""

    def __init__(self, story: Story, config: Config, services: tuple[Service, ...]) -> None:
        self._story = story
        self._services = services
        self._billing = Billing(config, shipped_prices())

    async def choose(self, at: int) -> Choice:
        service, label = self._services[at], self._story.labels[at]
        if service == self._story.ladder.service(label):
            return Choice(service, label)
        return Choice(service, reach_of(service, self._story.ladder, self._billing)[0])

    def answered(self, at: int, choice: Choice, usage: Usage) -> None:
        """It has made up its mind."""


class Economics:
    """The product as users have it."""

    def __init__(self, story: Story, config: Config) -> None:
        self._story = story
        self._product = Product(config, story.session.client)
        self._decided: Decided | None = None

    async def choose(self, at: int) -> Choice:
        self._decided = await self._product.decide(self._story.session.requests[at])
        return self._chosen(self._decided.decision)

    def answered(self, at: int, choice: Choice, usage: Usage) -> None:
        if self._decided is not None:
            self._product.answered(self._decided, choice.service, usage, self._story.calls[at])

    def _chosen(self, decision: Decision) -> Choice:
        return _as_decided(decision)


class Affinity(Economics):
    """Typed turns go where the score says, whatever that costs; the product remembers where they went."""

    def _chosen(self, decision: Decision) -> Choice:
        if decision.is_tool_turn:
            return _as_decided(decision)
        tier = wanted(decision)
        return Choice(self._story.ladder.service(tier), tier, decision)


class Naive:
    """Every request is the first that there ever was."""

    def __init__(self, story: Story, config: Config) -> None:
        self._story = story
        forgetful = replace(config, affinity=replace(config.affinity, mode="off"))
        self._product = Product(forgetful, story.session.client)

    async def choose(self, at: int) -> Choice:
        decided = await self._product.decide(self._story.session.requests[at])
        return _as_decided(decided.decision)

    def answered(self, at: int, choice: Choice, usage: Usage) -> None:
        """It does not want to know."""


def _always(story: Story, config: Config) -> Planned:
    asked = (Service(story.ladder.provider, each.model) for each in story.session.requests)
    return Planned(story, config, tuple(asked))


def _oracle(story: Story, config: Config) -> Planned:
    return Planned(story, config, cheapest_plan(story, config))


POLICIES: Final[Mapping[str, Callable[[Story, Config], Policy]]] = {
    BASELINE: _always,
    NAIVE: Naive,
    "affinity": Affinity,
    OURS: Economics,
    ORACLE: _oracle,
}


def wanted(decision: Decision) -> TierName:
    """The tier that the turn needs, as the product's tier stage told it, wherever it went in the end."""
    for each in reversed(decision.reasons):
        if each.stage == "tier" and each.code not in _ABOUT_SERVICES:
            named = [tier for tier in TIER_NAMES if tier in each.values]
            if len(named) == 1:
                return named[0]
    return _as_decided(decision).tier


_ABOUT_SERVICES = frozenset({"tier.off", "tier.services"})


def _as_decided(decision: Decision) -> Choice:
    if decision.service is None or decision.tier is None:
        raise RuntimeError(f"the product asks nobody: {decision.refusal}")
    return Choice(decision.service, decision.tier, decision)
