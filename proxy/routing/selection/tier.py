"""The third stage of tier routes: which tier the turn needs, and in which order the tiers stand in for it.

The wanted tier comes first, then those above it, nearest first, then those below. Tiers that are off or have
nobody left pass on. No service is removed.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from msgspec.structs import replace

from proxy.config import TIER_NAMES, TierName
from proxy.routing.selection.context import Candidates, SelectionContext
from proxy.routing.selection.reasons import Reason, reason
from proxy.routing.selection.score import Score, scored, tier_of
from proxy.routing.selection.services import among
from proxy.routing.selection.stage import StageResult, filter_result
from proxy.routing.service import Service


class TierStage:
    """Orders candidates by tier."""

    name = "tier"

    def evaluate(self, context: SelectionContext, candidates: Candidates) -> StageResult:
        found, why = with_tiers(context, candidates)
        if found.pool is not None:
            return filter_result(found, candidates, reason("tier.services"))
        told = [why]
        if found.tiers and found.wanted is not None and found.tiers[0] != found.wanted:
            told.append(reason("tier.off", found.wanted, found.tiers[0]))
        return filter_result(found, _ordered(found, candidates), *told)


def with_tiers(context: SelectionContext, candidates: Candidates) -> tuple[SelectionContext, Reason]:
    """The context that knows which tier is wanted, and in which order they stand in for it."""
    score = scored(context.signals)
    wanted, why = _wanted(context, score)
    left = {each.service for each in candidates}
    tiers = tuple([tier for tier in tiers_from(wanted) if _has_any(context, tier, left)])
    return replace(context, score=score, wanted=wanted, tiers=tiers), why


def tiers_from(wanted: TierName) -> tuple[TierName, ...]:
    """All tiers in the order in which they stand in for one."""
    at = TIER_NAMES.index(wanted)
    return (*TIER_NAMES[at:], *reversed(TIER_NAMES[:at]))


def is_capped(context: SelectionContext) -> bool:
    """Whether the budget lets typed turns have no more than the smallest tier."""
    budget = context.snapshot.budget
    is_over = budget is not None and budget.over and budget.action == "cheaper"
    return is_over and not context.is_tool_turn


def _wanted(context: SelectionContext, score: Score) -> tuple[TierName, Reason]:
    """The tier this turn gets, and what says so."""
    tier, why = _needed(context, score)
    if tier != TIER_NAMES[0] and is_capped(context):
        return TIER_NAMES[0], reason("tier.budget", tier)
    return tier, why


def _needed(context: SelectionContext, score: Score) -> tuple[TierName, Reason]:
    inherited = _inherited(context) if context.is_tool_turn else None
    if inherited is not None:
        return inherited, reason("tier.inherited", inherited)
    if context.asked_tier is not None:
        return context.asked_tier, reason(f"tier.{context.asked_by}", context.asked_tier)
    rule = context.rule
    if rule is not None and rule.tier is not None:
        return rule.tier, reason("tier.rule", rule.name, rule.tier)
    tier = tier_of(score.value, context.thresholds)
    return tier, reason("tier.score", score.value, tier)


def _inherited(context: SelectionContext) -> TierName | None:
    """The tier of the turn that a tool's result belongs to."""
    issuer, remembered = context.snapshot.issuer, context.snapshot.remembered
    if issuer is not None and issuer.tier is not None:
        return issuer.tier
    pin = None if remembered is None else remembered.pins.get(remembered.last)
    named = None if pin is None else pin.tier
    return next((tier for tier in TIER_NAMES if tier == named), None)


def _has_any(context: SelectionContext, tier: TierName, left: AbstractSet[Service]) -> bool:
    pool = context.route.tiers.get(tier)
    return pool is not None and any(each.active and each.service in left for each in pool.candidates)


def _ordered(context: SelectionContext, candidates: Candidates) -> Candidates:
    """Each service once, as the first of the tiers that has it lists it."""
    left = {each.service for each in candidates}
    seen = dict.fromkeys(left, False)

    def in_order() -> Iterator[Candidates]:
        for tier in context.tiers:
            here = among(context.route.tiers[tier].candidates, left)
            yield tuple([each for each in here if not seen[each.service]])
            seen.update(dict.fromkeys([each.service for each in here], True))

    return tuple([each for some in in_order() for each in some])
