"""The third stage of tier routes: which tier the turn needs, and in which order the tiers stand in for it.

The wanted tier comes first, then those above it, nearest first, then those below. Tiers that are off or have
nobody left pass on. Nobody is kept from standing in for others when they fail; but a hard turn whose client
asks for thought is not begun with a model that cannot think, when another one of its tier can.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from msgspec.structs import replace

from proxy.config import TIER_NAMES, TierName
from proxy.routing.score import Score, scored
from proxy.routing.score.bands import tier_after
from proxy.routing.selection.context import Candidates, SelectionContext
from proxy.routing.selection.reasons import Reason, reason
from proxy.routing.selection.services import among
from proxy.routing.selection.session_past import score_before, tier_before, tier_by_score
from proxy.routing.selection.stage import StageResult, filter_result
from proxy.routing.service import Service
from proxy.routing.signals import Kind

_HARD: frozenset[TierName] = frozenset({"COMPLEX", "REASONING"})


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
        ordered = _ordered(found, candidates)
        thoughtful = _thoughtful(found, ordered)
        if len(thoughtful) < len(ordered):
            told.append(reason("tier.thought", len(ordered) - len(thoughtful)))
        return filter_result(found, thoughtful, *told)


def with_tiers(context: SelectionContext, candidates: Candidates) -> tuple[SelectionContext, Reason]:
    """The context that knows which tier is wanted, and in which order they stand in for it."""
    wanted, score, why = _wanted(context)
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


_Found = tuple[TierName, Score | None, Reason]


def _wanted(context: SelectionContext) -> _Found:
    """The tier this turn gets, its score where it was asked for, and what says so."""
    tier, score, why = _needed(context)
    if tier != TIER_NAMES[0] and is_capped(context):
        return TIER_NAMES[0], score, reason("tier.budget", tier)
    return tier, score, why


def _needed(context: SelectionContext) -> _Found:
    inherited = _inherited(context) if context.is_tool_turn else None
    if inherited is not None:
        return inherited, None, reason("tier.inherited", inherited)
    wish = _wished(context)
    if wish is not None:
        return wish[0], _score(context), wish[1]
    return _continued(context) or _by_score(context)


def _wished(context: SelectionContext) -> tuple[TierName, Reason] | None:
    """A tier that is asked for, whatever the score says; it is told all the same."""
    if context.asked_tier is not None:
        return context.asked_tier, reason(f"tier.{context.asked_by}", context.asked_tier)
    rule = context.rule
    if rule is not None and rule.tier is not None:
        return rule.tier, reason("tier.rule", rule.name, rule.tier)
    return None


def _continued(context: SelectionContext) -> _Found | None:
    """Whoever says no more than "go on", or nothing at all, wants what they wanted before."""
    signals = context.signals
    says_nothing = signals.is_short_reply or not signals.worded
    if signals.kind is not Kind.MAIN or context.is_tool_turn or not says_nothing:
        return None
    before = tier_before(context.snapshot, signals)
    if before is not None:
        return before, None, reason("tier.short_reply" if signals.worded else "tier.wordless", before)
    if not signals.previous_text:
        return None
    score = scored(signals.as_said_before(), context.judge)
    tier = tier_after(None, score.value, context.thresholds)
    return tier, score, reason("tier.said_before", round(score.value, 1), tier)


def _score(context: SelectionContext) -> Score:
    signals = context.signals.as_typed() if context.is_tool_turn else context.signals
    return scored(signals, context.judge, score_before(context.snapshot, signals))


def _by_score(context: SelectionContext) -> _Found:
    signals, score = context.signals, _score(context)
    if signals.kind is not Kind.MAIN:
        tier = tier_after(None, score.value, context.thresholds)
        return tier, score, reason("tier.score", round(score.value, 1), tier)
    before = tier_by_score(context.snapshot, signals, context.thresholds)
    tier = tier_after(before, score.value, context.thresholds)
    is_held = tier != tier_after(None, score.value, context.thresholds)
    return tier, score, reason("tier.slack" if is_held else "tier.score", round(score.value, 1), tier)


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


def _thoughtful(context: SelectionContext, candidates: Candidates) -> Candidates:
    """Without those of its tier that are known not to think, where a hard turn asks for thought.

    As long as somebody there can. A tier in which nobody can is what the user has put there.
    """
    if not context.signals.thinking or context.wanted not in _HARD or context.is_tool_turn:
        return candidates
    first = context.tiers[0] if context.tiers else None
    own = [each for each in candidates if each.tier == first]
    thinking = [each for each in own if context.snapshot.abilities_of(each.service).thinking is not False]
    if all(each.service in context.marks for each in thinking):
        return candidates
    return tuple([each for each in candidates if each.tier != first or each in thinking])
