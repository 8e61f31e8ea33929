"""Orders of places in a list: by cost, and by draws of lots with weights."""

from collections.abc import Sequence
from math import inf, log

from proxy.routing.balance.order import Chance


def ranked(costs: Sequence[float]) -> list[int]:
    """All places, that of the lowest cost first; equal ones stay in their order."""
    return sorted(range(len(costs)), key=costs.__getitem__)


def drawn(weights: Sequence[float], chance: Chance) -> list[int]:
    """All places, drawn one after the other without being put back, each by its weight among those left.

    Each waits for a random time of its own, which is the shorter the more it weighs: then the one whose time
    is up first is any of them with exactly its share of the weights. Those that weigh nothing stay in their
    order behind all others.
    """
    return ranked([-log(1.0 - chance.random()) / weight if weight > 0 else inf for weight in weights])
