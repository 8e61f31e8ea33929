"""What strict routes and rules promise holds also for requests that name their service themselves."""

from proxy.routing.selection.context import SelectionContext
from proxy.routing.selection.smart_routing import first_that_holds
from proxy.routing.service import NO_POOL, Service


def broken_promise(context: SelectionContext, service: Service) -> str:
    """The sentence that refuses the service; empty where it may be asked."""
    route = context.route
    if route.strict and not route.uses_tiers and all(each.service != service for each in route.candidates):
        return f"The route {route.name} is strict, and {service} is not one of its services."
    strict = [each for each in route.rules if each.strict]
    _, rule = first_that_holds(context, strict, []) if strict else (context, None)
    pool = NO_POOL if rule is None else route.pool_of(rule)
    if rule is None or any(each.service == service for each in pool.candidates):
        return ""
    return f"The rule {rule.name} is strict, and {service} is not one of its services."
