"""Which of a route's rules a request is under.

Rules are judged on typed turns. The result of a tool stays under the rule of the turn it belongs to, whatever
its text looks like. Only strict rules, which are promises and no wishes, are judged also where nobody knows
that turn any more; and one that cannot be judged in time is taken to hold.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from proxy.routing.rules.rule import Rule
from proxy.routing.rules.situation import Situation
from proxy.routing.selection.context import RuleTrace, SelectionContext
from proxy.routing.selection.reasons import Reason, reason

NO_RULE_INHERITED = reason("smart_routing.inherits_none")


def bound_rule(context: SelectionContext) -> tuple[SelectionContext, Rule | None, list[Reason]]:
    """The rule, the context with the traces of those that were judged, and what there is to say about it."""
    rules = context.route.rules
    if not context.is_tool_turn:
        return _first_that_holds(context, rules)
    inherited = _inherited(context)
    if inherited == "":
        return context, None, [NO_RULE_INHERITED]
    rule = next((each for each in rules if each.name == inherited), None)
    if rule is not None:
        return context, rule, [reason("smart_routing.inherited", rule.name)]
    typed = replace(context, signals=context.signals.as_typed())
    found, rule, told = _first_that_holds(typed, [each for each in rules if each.strict])
    return replace(found, signals=context.signals), rule, told


def strict_rule(context: SelectionContext) -> Rule | None:
    """The promise that a request is under, however its service is found."""
    if not any(each.strict for each in context.route.rules):
        return None
    _, rule, _ = bound_rule(context)
    return rule if rule is not None and rule.strict else None


def _inherited(context: SelectionContext) -> str | None:
    """The rule of the turn that a tool's result belongs to, empty for none; None where nobody knows."""
    issuer, remembered = context.snapshot.issuer, context.snapshot.remembered
    if issuer is not None:
        return issuer.rule
    if remembered is None:
        return None
    pin = remembered.pins.get(remembered.last)
    return remembered.last if pin is None else pin.rule


def _first_that_holds(
    context: SelectionContext, rules: Iterable[Rule]
) -> tuple[SelectionContext, Rule | None, list[Reason]]:
    here = _situation(context)
    traces: list[RuleTrace] = []
    told: list[Reason] = []
    found = None
    for rule in rules:
        if rule.broken:
            told.append(reason("smart_routing.broken", rule.name, rule.broken))
            continue
        judged = rule.judge(replace(here, pool=context.route.pool_of(rule).candidates))
        traces.append(RuleTrace(rule.name, judged.holds, judged.trace))
        if judged.is_unknown:
            code = "smart_routing.slow_strict" if rule.strict else "smart_routing.slow"
            told.append(reason(code, rule.name))
        if judged.holds or (rule.strict and judged.is_unknown):
            found = rule
            told.append(reason("smart_routing.matched", rule.name))
            break
    return replace(context, judged=tuple(traces)), found, told


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
        patience=snapshot.patience,
    )


def _session_age(context: SelectionContext) -> float | None:
    """A session that nobody has met before begins now; what is no session, or is not followed, has no age."""
    remembered = context.snapshot.remembered
    if remembered is not None:
        return max(0.0, context.snapshot.now - remembered.first_seen)
    is_followed = context.session.id is not None and context.route.affinity.mode != "off"
    return 0.0 if is_followed else None
