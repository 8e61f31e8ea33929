"""The second stage: the first rule whose conditions all hold says among whom to choose.

Rules are judged on typed turns. The result of a tool stays under the rule of the turn it belongs to, whatever
its text looks like. Only a strict rule, which is a promise and no wish, is judged also where nobody remembers
that turn.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from proxy.routing.rules.rule import Rule
from proxy.routing.rules.situation import Situation
from proxy.routing.selection.context import Candidates, RuleTrace, SelectionContext
from proxy.routing.selection.health import nobody
from proxy.routing.selection.reasons import Reason, reason
from proxy.routing.selection.services import among, intersect_services, unmarked
from proxy.routing.selection.stage import Refusal, StageResult, filter_result, refused_result
from proxy.routing.selection.tier import with_tiers
from proxy.routing.service import NO_POOL, Pool


class SmartRoutingStage:
    """Narrows to the pool of a matched rule, or to the route's own."""

    name = "smart_routing"

    def evaluate(self, context: SelectionContext, candidates: Candidates) -> StageResult:
        rules = context.route.rules
        if not rules:
            return _base(context, candidates, reason("smart_routing.none"))
        if context.surface == "embeddings":
            return _base(context, candidates, reason("smart_routing.embeddings"))
        told: list[Reason] = []
        if context.is_tool_turn and (inherited := _inherited(context)) is not None:
            name = inherited
            rule = next((each for each in rules if each.name == name), None)
            if rule is None:
                return _base(context, candidates, reason("smart_routing.inherits_none"))
            return _narrowed(context, candidates, rule, reason("smart_routing.inherited", rule.name))
        judged = (each for each in rules if each.strict) if context.is_tool_turn else rules
        context, rule = first_that_holds(context, judged, told)
        if rule is None:
            return _base(context, candidates, *told, reason("smart_routing.unmatched", len(rules)))
        if context.asked_tier is not None and not rule.strict and not context.is_tool_turn:
            return _base(context, candidates, *told, reason("smart_routing.forced", rule.name))
        return _narrowed(context, candidates, rule, *told, reason("smart_routing.matched", rule.name))


def _inherited(context: SelectionContext) -> str | None:
    """The rule of the turn that a tool's result belongs to, empty for none; None where nobody knows."""
    issuer, remembered = context.snapshot.issuer, context.snapshot.remembered
    if issuer is not None:
        return issuer.rule
    if remembered is None:
        return None
    pin = remembered.pins.get(remembered.last)
    return remembered.last if pin is None else pin.rule


def first_that_holds(
    context: SelectionContext, rules: Iterable[Rule], told: list[Reason]
) -> tuple[SelectionContext, Rule | None]:
    """With the traces of all rules that were judged."""
    here = _situation(context)
    traces: list[RuleTrace] = []
    found = None
    for rule in rules:
        if rule.broken:
            told.append(reason("smart_routing.broken", rule.name, rule.broken))
            continue
        judged = rule.judge(replace(here, pool=context.route.pool_of(rule).candidates))
        traces.append(RuleTrace(rule.name, judged.holds, judged.trace))
        if judged.is_slow:
            told.append(reason("smart_routing.slow", rule.name))
        if judged.holds:
            found = rule
            break
    return replace(context, judged=tuple(traces)), found


def _situation(context: SelectionContext) -> Situation:
    """As all rules see it, but for their own services."""
    snapshot = context.snapshot
    return Situation(
        signals=context.signals,
        now=snapshot.now,
        session_age=_session_age(context),
        spent_today=snapshot.spent_today,
        figures=snapshot.figures_of,
        in_flight=snapshot.in_flight_of,
        pool=(),
    )


def _session_age(context: SelectionContext) -> float | None:
    """A session that nobody has met before begins now; what is no session has no age."""
    remembered = context.snapshot.remembered
    if remembered is None:
        return None if context.session.id is None else 0.0
    return max(0.0, context.snapshot.now - remembered.first_seen)


def _narrowed(context: SelectionContext, candidates: Candidates, rule: Rule, *told: Reason) -> StageResult:
    """To the rule's own, unless they cannot serve and the rule lets others."""
    found = replace(context, rule=rule, matched_rule_index=rule.index)
    if rule.tier is not None and context.route.uses_tiers and not rule.strict:
        return filter_result(found, _tiers(context, candidates), *told)
    pool = context.route.pool_of(rule)
    left = intersect_services(pool.candidates, candidates)
    if rule.strict:
        if left:
            return filter_result(replace(found, pool=pool), left, *told)
        failed = reason("smart_routing.strict_nobody", rule.name)
        return refused_result(found, Refusal(_strict(found, rule, pool)), *told, failed)
    if not left:
        return _base(context, candidates, *told[:-1], reason("smart_routing.nobody", rule.name))
    base = _own(context, candidates)
    if not unmarked(left, context.marks) and unmarked(base, context.marks):
        return _base(context, candidates, *told[:-1], reason("smart_routing.unwell", rule.name))
    return filter_result(replace(found, pool=pool), left, *told)


def _base(context: SelectionContext, candidates: Candidates, *told: Reason) -> StageResult:
    """The route's own services; where none of them is left, a route that is not strict has the tiers."""
    route = context.route
    if route.uses_tiers:
        return filter_result(context, _own(context, candidates), *told)
    asked = None if route.strict or context.is_tool_turn else context.asked_tier
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
        return refused_result(context, Refusal(nobody(context)), *told)
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


def _strict(context: SelectionContext, rule: Rule, pool: Pool) -> str:
    whys = [
        f"{each.service}: {why.text}"
        for each in pool.candidates
        if (why := context.dropped.get(each.service)) is not None
    ]
    told = "; ".join(whys) or "it names none that could be asked"
    return f"The rule {rule.name} is strict, and none of its services can take this request. {told}."
