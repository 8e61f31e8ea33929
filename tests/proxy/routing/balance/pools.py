"""Pools to choose from, and chance that is known beforehand."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from proxy.config import Tactic
from proxy.routing.balance.figures import NO_FIGURES, Figures
from proxy.routing.balance.tactics import BalanceView, Order, order_by
from proxy.routing.service import Candidate, Service


@dataclass
class Numbers:
    """Chance that comes to these."""

    numbers: Iterator[float]

    def random(self) -> float:
        return next(self.numbers)


def chance(*numbers: float) -> Numbers:
    return Numbers(iter(numbers))


NO_EXPLORING = Numbers(iter(lambda: 0.5, None))


def service(name: str) -> Service:
    return Service("anthropic", name)


def candidate(name: str, weight: int = 1, priority: int = 0, capacity: int = 0) -> Candidate:
    return Candidate(service(name), weight=weight, priority=priority, capacity=capacity)


def a_view(
    figures: dict[str, Figures] | None = None, in_flight: dict[str, int] | None = None, cursor: str = ""
) -> BalanceView:
    known, taken = figures or {}, in_flight or {}
    return BalanceView(
        lambda asked: known.get(asked.model, NO_FIGURES),
        lambda asked: taken.get(asked.model, 0),
        service(cursor) if cursor else None,
    )


def names(order: Order) -> str:
    return "".join(each.service.model for each in order.candidates)


def shares(tactic: Tactic, pool: list[Candidate], view: BalanceView, draws: int = 8000) -> dict[str, float]:
    """How often each is first."""
    random = Random(20)
    firsts = Counter(order_by(tactic, pool, view, random).candidates[0].service.model for _ in range(draws))
    return {each.service.model: firsts[each.service.model] / draws for each in pool}
