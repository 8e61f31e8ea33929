"""Who is asked when the picked service fails: nearer ones first, and nobody outside a strict choice."""

from collections.abc import Iterator

from proxy.config import TierName
from proxy.routing.selection.context import Candidates, SelectionContext
from proxy.routing.selection.services import among
from proxy.routing.selection.tier import tiers_from, with_tiers
from proxy.routing.service import NO_POOL, Candidate, Pool, Service


def in_order(context: SelectionContext, pick: Candidate, beside: Candidates) -> tuple[Candidate, ...]:
    """The pick, those beside it, the rest of its pool, the rule's services, the base pool, then the tiers.

    On tier routes the tiers follow as they stand in for that of the pick: those above it, then those below.
    """
    seen: dict[Service, Candidate] = {pick.service: pick}
    healthy = {each.service for each in context.healthy}
    for some in (beside, *_pools(context, pick)):
        for each in among(some, healthy):
            seen.setdefault(each.service, each)
    return tuple(seen.values())


def _pools(context: SelectionContext, pick: Candidate) -> Iterator[Candidates]:
    route = context.route
    yield _by_priority(_pool_of(context, pick))
    if context.rule is not None:
        yield _by_priority(route.pool_of(context.rule))
        if context.rule.strict:
            return
    yield _by_priority(route.base)
    if context.surface == "embeddings":
        return  # the vectors of two models cannot be compared
    if route.uses_tiers or not route.strict:
        for tier in tiers_from(_first_tier(context, pick)):
            yield _by_priority(route.tiers.get(tier, NO_POOL))


def _pool_of(context: SelectionContext, pick: Candidate) -> Pool:
    """What it was chosen from: not the rule's own where a turn goes on elsewhere or a budget is used up."""
    if context.pool is not None:
        return context.pool
    if pick.tier is None or not context.route.uses_tiers:
        return NO_POOL
    return context.route.tiers.get(pick.tier, NO_POOL)


def _first_tier(context: SelectionContext, pick: Candidate) -> TierName:
    """Of a pick outside all tiers the one that its score means."""
    if pick.tier is not None:
        return pick.tier
    if context.wanted is None:
        context, _ = with_tiers(context, context.healthy)
    return context.wanted or "COMPLEX"


def _by_priority(pool: Pool) -> Candidates:
    if pool.tactic != "priority":
        return pool.candidates
    return tuple(sorted(pool.candidates, key=lambda each: each.priority))
