"""Where one policy under-serves as many requests as another: somewhere between two of its steps."""

from collections.abc import Mapping
from math import ceil, floor

import pytest
from msgspec.structs import replace

from benchmarks.savings.careful import MOST, Alike, as_careful, between_steps, lowered
from benchmarks.savings.figures import Figures, figures
from benchmarks.savings.policies import NAIVE, POLICIES
from benchmarks.savings.replay import replay, story
from benchmarks.savings.world import LADDERS, config_of
from tests.benchmarks.savings.made import Talk

LADDER = LADDERS["claude-code"]
CONFIG = config_of(LADDER)
TEXTS = (
    "Where is it?",
    "Rename the variable.",
    "Make it faster everywhere.",
    "Add a test for the parser.",
    "Why does this deadlock under load? Repair it.",
    "Explain how the parser works.",
    "Refactor the module so that the cache is shared by all threads.",
)
AT_STEPS: Mapping[int, tuple[int, int]] = {
    -3: (36, 500),
    -2: (30, 700),
    -1: (24, 900),
    0: (20, 1_000),
    1: (20, 1_050),
    2: (12, 1_200),
    3: (12, 1_300),
    4: (7, 1_500),
}
"""Weak ones and costs, the thresholds so many points lower; what is beyond is as what is next to it."""


async def made(lower: int) -> Figures:
    below, nano = AT_STEPS[max(-3, min(4, lower))]
    return Figures(requests=100, below=below, nano=nano)


@pytest.mark.parametrize(
    ("below", "lower", "nano"),
    [
        (16, 1.5, 1_125),
        (14, 1.75, 1_162.5),
        (9, 3.6, 1_420),
        (12, 2.0, 1_200),
        (7, 4.0, 1_500),
        (20, 0.0, 1_000),
        (22, -0.5, 950),
        (24, -1.0, 900),
        (33, -2.5, 600),
    ],
)
async def test_costs_are_mixed_as_the_two_neighbours_have_to_be(
    below: int, lower: float, nano: float
) -> None:
    assert await between_steps(made, below) == Alike(pytest.approx(lower), below, pytest.approx(nano))


async def test_of_steps_that_are_equally_weak_the_last_one_before_a_weaker_one_counts() -> None:
    """Also on the way to higher thresholds, where the cheapest of them comes last."""
    steps = {0: (10, 1_000), -1: (10, 900), -2: (10, 800), -3: (14, 400)}

    async def flat(lower: int) -> Figures:
        below, nano = steps[max(-3, lower)]
        return Figures(below=below, nano=nano)

    assert await between_steps(flat, 10) == Alike(-2.0, 10, 800)
    assert await between_steps(flat, 12) == Alike(-2.5, 12, 600)


@pytest.mark.parametrize("below", [6, 37])
async def test_what_no_step_comes_near_is_not_compared(below: int) -> None:
    asked: list[int] = []

    async def noted(lower: int) -> Figures:
        asked.append(lower)
        return await made(lower)

    assert await between_steps(noted, below) is None
    assert max(map(abs, asked)) == MOST


@pytest.mark.parametrize(
    ("by", "thresholds"),
    [(5, (15, 45, 70)), (-20, (40, 70, 95)), (60, (0, 0, 15)), (-60, (80, 100, 100)), (0, (20, 50, 75))],
)
def test_a_step_is_a_point_of_each_threshold(by: int, thresholds: tuple[float, ...]) -> None:
    before = replace(CONFIG, routing=replace(CONFIG.routing, thresholds=(20.0, 50.0, 75.0)))
    assert lowered(before, by).routing.thresholds == thresholds


async def test_the_naive_policy_is_replayed_at_each_step() -> None:
    talk = Talk()
    for text in TEXTS:
        talk.typed(text)
    told = story(talk.session(), talk.labels(*["COMPLEX"] * len(TEXTS)), LADDER)
    alike = await as_careful([told], "balanced", 5)
    assert alike is not None
    sums = [
        figures(await replay(told, POLICIES[NAIVE](told, config), config))
        for config in (lowered(CONFIG, floor(alike.lower)), lowered(CONFIG, ceil(alike.lower)))
    ]
    weaker, careful = sums
    assert weaker.below >= 5 >= careful.below
    assert weaker.nano <= alike.nano <= careful.nano
