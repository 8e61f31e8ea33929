"""One session under one policy: who is asked for each request, and what that is really billed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from benchmarks.savings.billing import Billing
from benchmarks.savings.prompts import Prompt, Prompts
from benchmarks.savings.session import Request, Session
from benchmarks.savings.world import DAY, Ladder, shipped_prices
from proxy.config import TIER_NAMES, Config, TierName
from proxy.routing.selection.decision import Decision
from proxy.routing.service import Service
from proxy.wire.canonical import Usage

_ASIDE = frozenset({"title"})
"""The sorts of calls that belong to no conversation."""


@dataclass(frozen=True, slots=True)
class Story:
    """A session with what is worked out of it once, for all policies."""

    session: Session = field(repr=False)
    ladder: Ladder
    labels: tuple[TierName, ...]
    prompts: tuple[Prompt, ...] = field(repr=False)
    calls: tuple[tuple[str, ...], ...]
    """The ids of the tool calls in each answer."""


@dataclass(frozen=True, slots=True)
class Choice:
    service: Service
    tier: TierName
    decision: Decision | None = None
    """Of the product, where it had a say."""


class Policy(Protocol):
    """One way through one session."""

    async def choose(self, at: int) -> Choice:
        """Who is asked for the request at this place."""
        ...

    def answered(self, at: int, choice: Choice, usage: Usage) -> None: ...


@dataclass(frozen=True, slots=True)
class Line:
    """One request, as it went."""

    request: Request
    label: TierName
    choice: Choice
    usage: Usage
    nano: int
    is_switch: bool
    """The request of its conversation before it went to somebody else."""
    reach: TierName
    """The highest tier that the service is good enough for."""
    floor: TierName
    """The lowest tier that has the service."""

    @property
    def is_below(self) -> bool:
        """Whether a service answered that is too weak."""
        return _rank(self.reach) < _rank(self.label)

    @property
    def is_above(self) -> bool:
        return _rank(self.floor) > _rank(self.label)

    @property
    def is_tier_below(self) -> bool:
        """Whether the tier was too low, though perhaps with a service that is good enough."""
        return _rank(self.choice.tier) < _rank(self.label)


def story(session: Session, labels: Sequence[str], ladder: Ladder) -> Story:
    read = Prompts()
    prompts = tuple(read.of(each.surface, each.body) for each in session.requests)
    known = tuple(next(tier for tier in TIER_NAMES if tier == label) for label in labels)
    if len(known) != len(session.requests):
        raise ValueError(f"{session.name} has {len(session.requests)} requests and {len(known)} labels")
    return Story(session, ladder, known, prompts, _calls(session.requests, prompts))


def _calls(requests: Sequence[Request], prompts: Sequence[Prompt]) -> tuple[tuple[str, ...], ...]:
    """An id that is new in a conversation was in the answer before."""
    found: list[tuple[str, ...]] = [()] * len(requests)
    last: dict[int, int] = {}
    seen: dict[int, set[str]] = {}
    for at, (request, prompt) in enumerate(zip(requests, prompts, strict=True)):
        known = seen.setdefault(request.agent, set())
        new = tuple(call for call in prompt.calls if call not in known)
        known.update(new)
        if request.agent in last:
            found[last[request.agent]] += new
        if request.call not in _ASIDE:
            last[request.agent] = at
    return tuple(found)


async def replay(story: Story, policy: Policy, config: Config) -> tuple[Line, ...]:
    billing = Billing(config, shipped_prices())
    before: dict[int, Service] = {}
    lines: list[Line] = []
    for at, request in enumerate(story.session.requests):
        choice = await policy.choose(at)
        bill = billing.bill(choice.service, story.prompts[at], request.answer.output_tokens, DAY + request.at)
        policy.answered(at, choice, bill.usage)
        reach, floor = reach_of(choice.service, story.ladder, billing)
        is_switch = before.get(request.agent, choice.service) != choice.service
        lines.append(
            Line(
                request=request,
                label=story.labels[at],
                choice=choice,
                usage=bill.usage,
                nano=bill.nano,
                is_switch=is_switch and request.call not in _ASIDE,
                reach=reach,
                floor=floor,
            )
        )
        if request.call not in _ASIDE:
            before[request.agent] = choice.service
    return tuple(lines)


def reach_of(service: Service, ladder: Ladder, billing: Billing) -> tuple[TierName, TierName]:
    """The highest and the lowest tier that the service is one of; a stranger by its price."""
    names = {tier: billing.cache(each, DAY) for tier, each in ladder.services.items()}
    mine = [tier for tier in TIER_NAMES if names[tier] == billing.cache(service, DAY)]
    if mine:
        return mine[-1], mine[0]
    price = _price(service, billing)
    cheaper = [tier for tier in TIER_NAMES if _price(ladder.service(tier), billing) <= price]
    return (cheaper[-1], cheaper[-1]) if cheaper else (TIER_NAMES[0], TIER_NAMES[0])


def _price(service: Service, billing: Billing) -> float:
    rate = billing.prices(service, DAY).output
    return 0.0 if rate is None else rate.base


def _rank(tier: TierName) -> int:
    return TIER_NAMES.index(tier)
