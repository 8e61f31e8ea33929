"""A look, now and then, at services that are not the best: else nobody would learn that one has become it."""

from collections.abc import Callable, Sequence

from proxy.routing.balance.order import Chance, Order
from proxy.routing.service import Candidate

EXPLORED_SHARE = 0.02
"""One request in fifty. A service is judged by its speed from five samples on, so of two services the unknown
one is known after some 250 requests, and at most this share of all requests got a worse answer for it."""


def exploring(
    candidates: Sequence[Candidate],
    ranking: Sequence[int],
    samples: Sequence[int],
    note: Callable[[int], str],
    chance: Chance,
    spare: Sequence[int] = (),
) -> Order:
    """The candidates by the ranking of their places, now and then with another than the first at the head.

    Those that are spare come last and are never explored. `samples` and `note` tell of any place how much is
    known of it and what it was ranked by.
    """
    pick = _explored(ranking, samples, chance)
    head = [] if pick is None else [pick]
    places = [*head, *(place for place in ranking if place != pick), *spare]
    return Order(tuple(candidates[place] for place in places), note(places[0]), explored=pick is not None)


def _explored(ranking: Sequence[int], samples: Sequence[int], chance: Chance) -> int | None:
    """Of those that are not first the one least is known of; mostly None."""
    if len(ranking) < 2 or chance.random() >= EXPLORED_SHARE:
        return None
    others = ranking[1:]
    fewest = min(samples[place] for place in others)
    least_known = [place for place in others if samples[place] == fewest]
    return least_known[int(chance.random() * len(least_known))]
