"""A service that fails now and then, neither always nor hardly ever, is found out."""

from random import Random

import pytest

from proxy.config import HealthConfig
from proxy.routing.health.breaker import Breaker, State

SEEDS = range(100)
MOST = 1000


def requests_until_open(config: HealthConfig, share: float, seed: int, apart: float) -> int:
    """How many requests it takes; MOST if it does not open."""
    chance, breaker = Random(seed), Breaker(0)
    for number in range(MOST):
        now = number * apart
        (breaker.failed if chance.random() < share else breaker.succeeded)(config, now)
        if breaker.state(now) is State.OPEN:
            return number + 1
    return MOST


@pytest.mark.parametrize("apart", [0.1, 1, 20])
def test_who_fails_three_of_ten_requests_trips_under_the_defaults(apart: float) -> None:
    counts = sorted(requests_until_open(HealthConfig(), 0.3, seed, apart) for seed in SEEDS)
    assert counts[len(counts) // 2] <= 50
    assert counts[-1] <= 300


@pytest.mark.parametrize("apart", [0.1, 1, 4])
def test_who_fails_three_of_ten_requests_trips_by_their_share_alone(apart: float) -> None:
    config = HealthConfig(failures=1000, error_share=0.25)
    counts = sorted(requests_until_open(config, 0.3, seed, apart) for seed in SEEDS)
    assert counts[len(counts) // 2] <= 20
    assert counts[-1] <= 250


def test_who_hardly_ever_fails_does_not_trip() -> None:
    tripped = [seed for seed in SEEDS if requests_until_open(HealthConfig(), 0.02, seed, 1) < MOST]
    assert len(tripped) <= 3
