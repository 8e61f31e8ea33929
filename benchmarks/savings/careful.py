"""What switching for every request by itself costs when it is as careful as the product.

Whoever sends turns to models that are too weak for them pays less, so dollars alone compare nothing. Here the
thresholds of the naive policy are lowered until it under-serves no more requests than the product does.
"""

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from benchmarks.savings.figures import Figures, figures
from benchmarks.savings.policies import NAIVE, POLICIES
from benchmarks.savings.replay import Line, Story, replay
from benchmarks.savings.world import config_of
from proxy.config import Config, Profile

_MOST: Final = 20
"""Points by which thresholds are lowered at most."""


async def as_careful(stories: Sequence[Story], profile: Profile, most: int) -> tuple[int, Figures] | None:
    """By how many points, and what comes of it; None where that is not enough."""
    for lower in range(_MOST + 1):
        lines: list[Line] = []
        for story in stories:
            config = _lowered(config_of(story.ladder, profile), lower)
            lines += await replay(story, POLICIES[NAIVE](story, config), config)
        found = figures(lines)
        if found.below <= most:
            return lower, found
    return None


def _lowered(config: Config, by: int) -> Config:
    thresholds = tuple(max(0.0, each - by) for each in config.routing.thresholds)
    return replace(config, routing=replace(config.routing, thresholds=thresholds))
