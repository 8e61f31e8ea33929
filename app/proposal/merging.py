"""What is proposed for a tier beside what its owner has put there, which stays and keeps its order."""

from collections.abc import Sequence
from itertools import count

from msgspec.structs import replace

from app.proposal.pieces import Choice, ProposedTier
from app.proposal.spreading import MOST_IN_A_TIER
from proxy.config import Config, ServiceEntry, TierName

_THERE = "is there already"


def merged(settings: Config, tier: TierName, wanted: Sequence[Choice]) -> ProposedTier:
    """The tier with what is new: a local model before the first one that costs, a hosted one behind all."""
    pool = settings.tier(tier)
    there = [_there(service, settings) for service in pool.services]
    present = {choice.service.provider for choice in there}
    new = [choice for choice in wanted if choice.service.provider not in present]
    if not new:
        return ProposedTier(name=tier, choices=tuple(there))
    if not pool.enabled:
        return ProposedTier(name=tier, choices=tuple(there), note="it is switched off, and stays as it is")
    if there and pool.tactic != "priority":
        note = f"its tactic is {pool.tactic}: whoever is added shares its turns, so it stays as it is"
        return ProposedTier(name=tier, choices=tuple(there), note=note)
    for choice in new:
        there = _with(there, choice)
    return ProposedTier(name=tier, choices=tuple(there))


def _with(choices: list[Choice], new: Choice) -> list[Choice]:
    if new.is_local:
        return _before_the_first_hosted(choices, new)
    hosted = sum(not choice.is_local for choice in choices)
    return _behind(choices, new) if hosted < MOST_IN_A_TIER else choices


def _before_the_first_hosted(choices: list[Choice], new: Choice) -> list[Choice]:
    """First of those with the number of the one it comes before, so that this one's order decides."""
    hosted = [choice for choice in choices if not choice.is_local]
    if not hosted:
        return _behind(choices, new)
    first = min(hosted, key=lambda choice: choice.service.priority)
    at = next(place for place, choice in zip(count(), choices) if choice is first)
    return [*choices[:at], _at_priority(new, first.service.priority), *choices[at:]]


def _behind(choices: list[Choice], new: Choice) -> list[Choice]:
    last = max((choice.service.priority for choice in choices), default=0)
    return [*choices, _at_priority(new, last)]


def _at_priority(choice: Choice, priority: int) -> Choice:
    return Choice(
        service=replace(choice.service, priority=priority),
        why=choice.why,
        is_local=choice.is_local,
        cost=choice.cost,
    )


def _there(service: ServiceEntry, settings: Config) -> Choice:
    provider = settings.providers.get(service.provider)
    is_local = provider is not None and provider.keeps_here(service.model)
    return Choice(service=service, why=_THERE, is_local=is_local, is_there=True)
