"""The cheapest way through a session on which nobody is asked who is too weak, by true bills.

All ways are followed at once, request by request. Two that have the same caches before them from here on are
one, and the cheaper of them is kept; of what is left, the cheapest ones. So it is exact as long as there are
few enough, and a bound from above beyond. It may switch between a call and its result, as no policy may.
"""

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from benchmarks.savings.billing import HOUR, NOTHING_HELD, Billing, Held
from benchmarks.savings.replay import Story
from benchmarks.savings.world import DAY, shipped_prices
from proxy.config import TIER_NAMES, Config
from proxy.routing.service import Service

BREADTH: Final = 96
"""Ways that are followed beyond one request."""

_Use = tuple[str, int]
"""A cache, and the agent that used it."""


@dataclass(frozen=True, slots=True)
class _Way:
    nano: int = 0
    services: "_Step | None" = None
    held: Mapping[str, Held] = field(default_factory=dict)
    last: Mapping[_Use, int] = field(default_factory=dict)
    """The last request of each agent that each cache has seen."""


@dataclass(frozen=True, slots=True)
class _Step:
    service: Service
    before: "_Step | None"


def cheapest_plan(story: Story, config: Config) -> tuple[Service, ...]:
    """A service for each request."""
    billing = Billing(config, shipped_prices())
    followed = [_followed(story, billing, BREADTH)]
    # Where the breadth is not enough, one of the simple ways may be the better one.
    followed += [_billed(plan, story, billing) for plan in _simple(story, billing)]
    best = min(followed, key=lambda way: way.nano)
    return tuple(_services(best.services))


def _followed(story: Story, billing: Billing, breadth: int) -> _Way:
    ways = [_Way()]
    seconds = _longest(story)
    for at, request in enumerate(story.session.requests):
        merged: dict[frozenset[tuple[_Use, int]], _Way] = {}
        for service in _good_enough(story, at, billing):
            for way in ways:
                new = _gone_on(way, service, at, story, billing)
                key = frozenset(
                    (use, last)
                    for use, last in new.last.items()
                    if request.at - story.session.requests[last].at <= seconds
                )
                known = merged.get(key)
                if known is None or new.nano < known.nano:
                    merged[key] = new
        ways = heapq.nsmallest(breadth, merged.values(), key=lambda way: way.nano)
    return ways[0]


def _gone_on(way: _Way, service: Service, at: int, story: Story, billing: Billing) -> _Way:
    request, name = story.session.requests[at], billing.cache(service, DAY)
    held = way.held.get(name, NOTHING_HELD)
    bill = billing.quote(service, story.prompts[at], request.answer.output_tokens, DAY + request.at, held)
    return _Way(
        way.nano + bill.nano,
        _Step(service, way.services),
        {**way.held, name: bill.held},
        {**way.last, (name, request.agent): at},
    )


def _good_enough(story: Story, at: int, billing: Billing) -> list[Service]:
    """Of each model one name."""
    least = TIER_NAMES.index(story.labels[at])
    services = (story.ladder.service(tier) for tier in TIER_NAMES[least:])
    return list({billing.cache(service, DAY): service for service in services}.values())


def _simple(story: Story, billing: Billing) -> Iterator[list[Service]]:
    """Each request where its label says; and one service for all of them, as far as there is one."""
    requests = range(len(story.session.requests))
    yield [story.ladder.service(label) for label in story.labels]
    for service in story.ladder.services.values():
        if all(service in _good_enough(story, at, billing) for at in requests):
            yield [service for _ in requests]


def _billed(plan: list[Service], story: Story, billing: Billing) -> _Way:
    way = _Way()
    for at, service in enumerate(plan):
        way = _gone_on(way, service, at, story, billing)
    return way


def _longest(story: Story) -> int:
    """For how long anything is kept in this session."""
    asked = [mark.seconds for prompt in story.prompts for mark in prompt.marks]
    return max(asked, default=HOUR)


def _services(step: _Step | None) -> list[Service]:
    found: list[Service] = []
    while step is not None:
        found.append(step.service)
        step = step.before
    return found[::-1]
