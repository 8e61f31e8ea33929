"""The tactics: each puts the services of a pool into the order in which they are to be asked.

A tactic is a pure function of the candidates, of how they are at this moment, and of chance. What is not
picked stays behind the pick in the tactic's own order, which is the plan for failover.
"""

from collections.abc import Callable, Mapping, Sequence

from proxy.config import Tactic
from proxy.routing.balance.by_figures import by_latency, by_speed, by_tokens
from proxy.routing.balance.by_seats import by_free_seats
from proxy.routing.balance.drawing import drawn
from proxy.routing.balance.order import BalanceView, Chance, Order
from proxy.routing.service import Candidate

__all__ = ["BalanceView", "Chance", "Order", "order_by"]


def order_by(tactic: Tactic, candidates: Sequence[Candidate], view: BalanceView, chance: Chance) -> Order:
    """The candidates in the order to ask them."""
    return _TACTICS[tactic](candidates, view, chance) if candidates else Order(())


def by_priority(candidates: Sequence[Candidate], _view: BalanceView, _chance: Chance) -> Order:
    """The lowest number first; equal ones as they are listed."""
    ranking = sorted(candidates, key=lambda each: each.priority)
    return Order(tuple(ranking), f"priority {ranking[0].priority}")


def at_random(candidates: Sequence[Candidate], _view: BalanceView, chance: Chance) -> Order:
    """Each first with the share `weight / sum of weights`; where all weigh nothing they are equal.

    Who weighs nothing beside others that do is asked only when they fail.
    """
    weights = [max(each.weight, 0) for each in candidates]
    if not any(weights):
        weights = [1] * len(weights)
    places = drawn(weights, chance)
    return Order(
        tuple(candidates[place] for place in places), f"weight {weights[places[0]]} of {sum(weights)}"
    )


def in_turn(candidates: Sequence[Candidate], view: BalanceView, _chance: Chance) -> Order:
    """The one listed after the last one asked, and so round; from the start if that one is gone."""
    services = [each.service for each in candidates]
    start = (services.index(view.cursor) + 1) % len(services) if view.cursor in services else 0
    return Order((*candidates[start:], *candidates[:start]), f"turn {start + 1} of {len(services)}")


_TACTICS: Mapping[Tactic, Callable[[Sequence[Candidate], BalanceView, Chance], Order]] = {
    "priority": by_priority,
    "random": at_random,
    "round_robin": in_turn,
    "latency": by_latency,
    "speed": by_speed,
    "least_tokens": by_tokens,
    "capacity": by_free_seats,
}
