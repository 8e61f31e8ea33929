"""What switching for every request by itself costs when it is exactly as careful as the product.

Whoever sends turns to models that are too weak for them pays less, so dollars alone compare nothing. Here the
thresholds of the naive policy are lowered, or raised, until it under-serves as many requests as the product
does. Points are steps, and no step need hit that number: so it is looked for between the two steps that have
it between them, and what they cost is mixed in the same proportion.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from benchmarks.savings.figures import Figures, figures
from benchmarks.savings.policies import NAIVE, POLICIES
from benchmarks.savings.replay import Line, Story, replay
from benchmarks.savings.world import config_of
from proxy.config import Config, Profile

MOST: Final = 20
"""Points by which thresholds are moved at most, either way."""
_HIGHEST: Final = 100.0


@dataclass(frozen=True, slots=True)
class Alike:
    """The naive policy, as if it under-served a certain number of requests."""

    lower: float
    """Points by which its thresholds are lowered; below zero: raised."""
    below: int
    nano: float


AtStep = Callable[[int], Awaitable[Figures]]
"""What comes of thresholds that are so many points lower."""


async def as_careful(stories: Sequence[Story], profile: Profile, below: int) -> Alike | None:
    """None where thresholds would have to be moved too far."""

    async def at_step(lower: int) -> Figures:
        return await _lowered_by(lower, stories, profile)

    return await between_steps(at_step, below)


async def between_steps(at_step: AtStep, below: int) -> Alike | None:
    """Between the first step that is no weaker than that and its weaker neighbour.

    Where several steps are equally weak it is the one next to the weaker neighbour: the cheapest of them as a
    rule, so that the comparison flatters nobody but the naive policy.
    """
    step, here = 0, await at_step(0)
    direction = 1 if here.below > below else -1
    while abs(step) < MOST:
        there = await at_step(step + direction)
        careful, weaker = (there, here) if direction > 0 else (here, there)
        if careful.below <= below < weaker.below:
            part = (below - careful.below) / (weaker.below - careful.below)
            nano = careful.nano + part * (weaker.nano - careful.nano)
            return Alike(max(step, step + direction) - part, below, nano)
        step, here = step + direction, there
    return None


async def _lowered_by(lower: int, stories: Sequence[Story], profile: Profile) -> Figures:
    lines: list[Line] = []
    for story in stories:
        config = lowered(config_of(story.ladder, profile), lower)
        lines += await replay(story, POLICIES[NAIVE](story, config), config)
    return figures(lines)


def lowered(config: Config, by: int) -> Config:
    """By less than nothing: raised."""
    thresholds = tuple(min(_HIGHEST, max(0.0, each - by)) for each in config.routing.thresholds)
    return replace(config, routing=replace(config.routing, thresholds=thresholds))
