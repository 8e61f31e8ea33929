"""What strict routes and rules promise holds for every request, however it comes to its service."""

from collections.abc import Collection

from msgspec.structs import replace

from proxy.routing.rules.rule import Rule
from proxy.routing.selection.binding import strict_rule
from proxy.routing.selection.context import SelectionContext
from proxy.routing.selection.decision import Decision, narrowed
from proxy.routing.selection.stage import Refusal
from proxy.routing.service import Service


def allowed(context: SelectionContext, rule: Rule | None) -> Collection[Service] | None:
    """The only services that may be asked under this strict rule; None where nothing was promised."""
    route = context.route
    if rule is not None:
        return {each.service for each in route.pool_of(rule).candidates}
    return {each.service for each in route.candidates} if route.strict else None


def kept(decision: Decision, context: SelectionContext) -> Decision:
    """With those of its services that may be asked; a refusal where none of them may.

    The rule is told with the decision, so that the results of tools are under it as well.
    """
    rule = strict_rule(context)
    services = allowed(context, rule)
    if services is None:
        return decision
    if rule is not None:
        of_rule = tuple([each.service for each in context.route.pool_of(rule).candidates])
        decision = replace(decision, rule=rule.name, of_rule=of_rule)
    who = f"rule {rule.name}" if rule is not None else f"route {context.route.name}"
    refusal = Refusal(f"The {who} is strict, and {decision.service} is not one of its services.")
    return narrowed(decision, services.__contains__, refusal)
