"""The tactics that go by what was lately seen of the services: latency, speed, tokens.

They would never learn that another service has become better than the best, so they explore a little, and
say when they did.
"""

from collections.abc import Sequence

from proxy.routing.balance.drawing import ranked
from proxy.routing.balance.exploring import exploring
from proxy.routing.balance.order import BalanceView, Chance, Order
from proxy.routing.service import Candidate

SPEED_SAMPLES = 5
ASSUMED_SPEED = 25.0
"""Tokens per second of a service that is not known well enough: half of what feels quick to a reader, so that
it is tried before one that is known to be slow, and not before one that is known to be good."""


def by_latency(candidates: Sequence[Candidate], view: BalanceView, chance: Chance) -> Order:
    """The lowest mean time until the last byte; of whom nothing is known counts as the mean of the others.

    So a service listed before an equal one is tried at once and then judged; behind a better one it waits to
    be explored. Where nothing is known of anybody they stay as they are listed.
    """
    figures = [view.figures(each.service) for each in candidates]
    known = [each.latency_ms for each in figures if each.latency_ms is not None]
    assumed = sum(known) / len(known) if known else 0.0
    latencies = [assumed if each.latency_ms is None else each.latency_ms for each in figures]

    def note(place: int) -> str:
        is_known = figures[place].latency_ms is not None
        return f"latency {'' if is_known else 'assumed '}{latencies[place]:.0f} ms"

    samples = [each.samples for each in figures]
    return exploring(candidates, ranked(latencies), samples, note, chance)


def by_speed(candidates: Sequence[Candidate], view: BalanceView, chance: Chance) -> Order:
    """The most output tokens per second; a service with fewer than five samples counts as 25."""
    figures = [view.figures(each.service) for each in candidates]
    samples = [each.speed_samples for each in figures]
    known = [each.speed if each.speed_samples >= SPEED_SAMPLES else None for each in figures]
    speeds = [ASSUMED_SPEED if each is None else each for each in known]

    def note(place: int) -> str:
        return f"speed {'assumed ' if known[place] is None else ''}{speeds[place]:.1f} tokens/s"

    return exploring(candidates, ranked([-speed for speed in speeds]), samples, note, chance)


def by_tokens(candidates: Sequence[Candidate], view: BalanceView, chance: Chance) -> Order:
    """The fewest tokens lately for its weight; of equal ones the one with the fewest requests in flight.

    Who weighs nothing beside others that do is asked only when they fail. One of which nothing was seen has
    no tokens, and so gets what comes until it has caught up.
    """
    figures = [view.figures(each.service) for each in candidates]
    weights = [max(each.weight, 0) for each in candidates]
    if not any(weights):
        weights = [1] * len(weights)
    loads = [
        (each.tokens / (weight or 1), view.in_flight(candidate.service))
        for each, weight, candidate in zip(figures, weights, candidates, strict=True)
    ]

    def note(place: int) -> str:
        return f"tokens {figures[place].tokens} weight {weights[place]}"

    samples = [each.samples for each in figures]
    places = sorted(range(len(loads)), key=loads.__getitem__)
    asked = [place for place in places if weights[place]]
    spare = [place for place in places if not weights[place]]
    return exploring(candidates, asked, samples, note, chance, spare)
