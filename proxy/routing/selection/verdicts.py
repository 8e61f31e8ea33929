"""What became of every candidate, so that nobody has to wonder why one was not chosen."""

from collections.abc import Collection, Mapping
from itertools import chain

from proxy.routing.selection.context import SelectionContext
from proxy.routing.selection.decision import Verdict
from proxy.routing.selection.reasons import Reason, reason
from proxy.routing.service import Candidate, Service


def verdicts(
    context: SelectionContext, order: Collection[Candidate], left: Mapping[str, Collection[Service]]
) -> tuple[Verdict, ...]:
    """Those that would be asked, in that order, then the others and who dropped them."""
    kept_by = {name: frozenset(services) for name, services in left.items()}
    asked = {each.service: _standing(context, each.service) for each in order}
    kept = [Verdict(service, None, why) for service, why in asked.items()]
    rest = (each.service for each in context.route.candidates if each.service not in asked)
    return tuple(chain(kept, (_dropped(context, service, kept_by) for service in rest)))


def _standing(context: SelectionContext, service: Service) -> Reason | None:
    """What is the matter with one that may still be asked."""
    marked = context.marks.get(service)
    return None if marked is None else reason("health.unwell", marked.why)


def _dropped(context: SelectionContext, service: Service, left: Mapping[str, Collection[Service]]) -> Verdict:
    why = context.dropped.get(service)
    if why is not None:
        return Verdict(service, why.stage, why)
    stage = next((name for name, services in left.items() if service not in services), "smart_routing")
    if context.rule is None:
        return Verdict(service, stage, reason("smart_routing.outside"))
    return Verdict(service, stage, reason("smart_routing.outside_rule", context.rule.name))
