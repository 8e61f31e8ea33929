"""The second stage: the rule that a request is under says among whom to choose."""

from msgspec.structs import replace

from proxy.config import TIER_NAMES
from proxy.routing.rules.rule import Rule
from proxy.routing.selection.binding import NO_RULE_INHERITED, bound_rule, strict_rule
from proxy.routing.selection.context import Candidates, SelectionContext
from proxy.routing.selection.health import refusal, refusal_of, with_the_nearest
from proxy.routing.selection.reasons import Reason, reason
from proxy.routing.selection.services import among, intersect_services, unmarked
from proxy.routing.selection.stage import Refusal, StageResult, filter_result, refused_result
from proxy.routing.selection.tier import is_capped, with_tiers
from proxy.routing.service import NO_POOL, Pool


class SmartRoutingStage:
    """Narrows to the pool of a matched rule, or to the route's own."""

    name = "smart_routing"

    def evaluate(self, context: SelectionContext, candidates: Candidates) -> StageResult:
        rules = context.route.rules
        if not rules:
            return _base(context, candidates, reason("smart_routing.none"))
        if context.surface == "embeddings":
            why, rule = reason("smart_routing.embeddings"), strict_rule(context)
            if rule is None:
                return _base(context, candidates, why)
            return _narrowed(context, candidates, rule, why, reason("smart_routing.matched", rule.name))
        context, rule, told = bound_rule(context)
        if rule is None:
            judged = () if told == [NO_RULE_INHERITED] else (reason("smart_routing.unmatched", len(rules)),)
            return _base(context, candidates, *told, *judged)
        if context.asked_tier is not None and not rule.strict and not context.is_tool_turn:
            return _base(context, candidates, *told[:-1], reason("smart_routing.forced", rule.name))
        return _narrowed(context, candidates, rule, *told)


def _narrowed(context: SelectionContext, candidates: Candidates, rule: Rule, *told: Reason) -> StageResult:
    """To the rule's own, unless they cannot serve and the rule lets others."""
    found = replace(context, rule=rule, matched_rule_index=rule.index)
    if rule.tier is not None and context.route.uses_tiers and not rule.strict:
        return filter_result(found, _tiers(context, candidates), *told)
    pool = _pool_of(context, rule)
    left = intersect_services(pool.candidates, candidates)
    if rule.strict:
        if not left:
            found, left = with_the_nearest(found, pool)
        if left:
            return filter_result(replace(found, pool=pool), left, *told)
        failed = reason("smart_routing.strict_nobody", rule.name)
        return refused_result(found, _strict(found, rule, pool), *told, failed)
    if not left:
        return _base(context, candidates, *told[:-1], reason("smart_routing.nobody", rule.name))
    base = _own(context, candidates)
    if not unmarked(left, context.marks) and unmarked(base, context.marks):
        return _base(context, candidates, *told[:-1], reason("smart_routing.unwell", rule.name))
    return filter_result(replace(found, pool=pool), left, *told)


def _pool_of(context: SelectionContext, rule: Rule) -> Pool:
    """The rule's own; beyond the budget the smallest tier is enough for a rule that asks for a larger one."""
    smallest = context.route.tiers.get(TIER_NAMES[0])
    if rule.tier is not None and not rule.strict and smallest is not None and is_capped(context):
        return smallest
    return context.route.pool_of(rule)


def _base(context: SelectionContext, candidates: Candidates, *told: Reason) -> StageResult:
    """The route's own services; where none of them is left, a route that is not strict has the tiers."""
    route = context.route
    if route.uses_tiers:
        return filter_result(context, _own(context, candidates), *told)
    asked = None if route.strict or context.is_tool_turn else context.asked_tier
    if asked is not None and is_capped(context):
        asked = TIER_NAMES[0]
    pool = NO_POOL if asked is None else route.tiers.get(asked, NO_POOL)
    if tier := intersect_services(pool.candidates, candidates):
        why = reason("smart_routing.asked", asked)
        return filter_result(replace(context, pool=pool), tier, *told, why)
    left = _own(context, candidates)
    if left:
        return filter_result(replace(context, pool=route.base), left, *told)
    stays = route.strict or context.surface == "embeddings"
    tiers = () if stays else _tiers(context, candidates)
    if not tiers:
        return refused_result(context, refusal(context), *told)
    found, _ = with_tiers(context, tiers)
    return filter_result(found, tiers, *told, reason("smart_routing.base_empty"))


def _own(context: SelectionContext, candidates: Candidates) -> Candidates:
    """What the route chooses from without a rule."""
    route = context.route
    if route.uses_tiers:
        return _tiers(context, candidates)
    return intersect_services(route.base.candidates, candidates)


def _tiers(context: SelectionContext, candidates: Candidates) -> Candidates:
    return among(candidates, context.route.tiered)


def _strict(context: SelectionContext, rule: Rule, pool: Pool) -> Refusal:
    whys = {
        each.service: context.dropped[each.service]
        for each in pool.candidates
        if each.service in context.dropped
    }
    is_empty = "it names none that could be asked" if rule.tier is None else f"tier {rule.tier} has none"
    told = "; ".join(f"{service}: {why.text}" for service, why in whys.items()) or is_empty
    sentence = f"The rule {rule.name} is strict, and none of its services can take this request. {told}."
    return refusal_of(context, whys, sentence)
