"""The tactic that goes by how many seats are free at each service."""

from collections.abc import Sequence

from proxy.routing.balance.drawing import drawn, ranked
from proxy.routing.balance.exploring import exploring
from proxy.routing.balance.order import BalanceView, Chance, Order
from proxy.routing.service import Candidate


def by_free_seats(candidates: Sequence[Candidate], view: BalanceView, chance: Chance) -> Order:
    """Each first with the share `free seats / sum of free seats`; weights do not count.

    No limit counts as the largest capacity in the pool, and never as full: one seat is always free. Where
    nobody has a limit, all have as many seats as the busiest uses and one more. The full ones come last, the
    one with the fewest requests per seat first.
    """
    taken = [view.in_flight(each.service) for each in candidates]
    largest = max(each.capacity for each in candidates) or max(taken) + 1
    seats = [each.capacity or largest for each in candidates]
    at_least = [0 if each.capacity else 1 for each in candidates]
    free = [max(of - used, least) for of, used, least in zip(seats, taken, at_least, strict=True)]
    by_load = ranked([used / of for used, of in zip(taken, seats, strict=True)])
    roomy = [place for place in drawn(free, chance) if free[place]]
    full = [place for place in by_load if not free[place]]
    return exploring(
        candidates,
        roomy,
        samples=[0] * len(candidates),
        note=lambda place: f"seats free {free[place]} of {seats[place]}",
        chance=chance,
        spare=full,
    )
