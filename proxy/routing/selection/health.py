"""The first stage: who can take the request at all, and who of them is not well.

What can never work is removed: no key, no tools, no eyes, too small a window, no money left. What may work
again at any moment is only marked, and later stages ask the unmarked ones first.
"""

from collections.abc import Collection, Mapping

from msgspec.structs import replace

from proxy.routing.health.standing import Condition, Standing
from proxy.routing.selection.affording import is_affordable, out_of_money
from proxy.routing.selection.context import Candidates, SelectionContext
from proxy.routing.selection.reasons import Reason, reason
from proxy.routing.selection.room import OF_NOW, SIZES, SMALL, too_long, too_small
from proxy.routing.selection.services import among
from proxy.routing.selection.stage import Refusal, StageResult, filter_result, refused_result
from proxy.routing.service import Candidate, Pool, Service

_BUDGET = "health.budget"
_LOOSE = "health.no_schema"
_MENDABLE = ("health.no_key", "health.rejected")
"""What keeps a model that might have had the room."""


class HealthStage:
    """Removes the hard cases, marks the soft ones."""

    name = "health"

    def evaluate(self, context: SelectionContext, candidates: Candidates) -> StageResult:
        route = context.route
        dropped: dict[Service, Reason] = dict(route.out)
        kept = [each for each in route.able if not self._is_dropped(context, each, dropped)]
        told: list[Reason] = []
        if route.own.isdisjoint(each.service for each in kept):
            largest = _largest(dropped, route.own)
            kept = [each for each in route.able if each in kept or each.service in largest]
            told += [reason("health.largest", context.signals.tokens)] if largest else []
            for service in largest:
                del dropped[service]
        kept = _without_the_loose(context, kept, dropped)
        marks = self._marks(context, kept)
        told = [reason("health.kept", len(kept), len(route.candidates)), *told]
        told += [_marked(service, standing) for service, standing in marks.items()]
        told += [_passed_over(service, why) for service, why in dropped.items() if why.code in OF_NOW]
        found = replace(context, healthy=tuple(kept), marks=marks, dropped=dropped)
        is_bound = any(rule.strict for rule in route.rules)  # such a rule's own largest may still try
        if not kept and not is_bound:
            return refused_result(found, refusal(found), *told)
        return filter_result(found, found.healthy, *told)

    def _is_dropped(self, context: SelectionContext, each: Candidate, dropped: dict[Service, Reason]) -> bool:
        why = _against(context, each)
        if why is not None:
            dropped[each.service] = why
        return why is not None

    def _marks(self, context: SelectionContext, kept: list[Candidate]) -> dict[Service, Standing]:
        standings = context.snapshot.standings
        return {each.service: standings[each.service] for each in kept if each.service in standings}


def _against(context: SelectionContext, each: Candidate) -> Reason | None:
    """What keeps a service from taking this request, if anything does."""
    snapshot, signals, service = context.snapshot, context.signals, each.service
    missing = snapshot.keyless.get(service.provider)
    if missing is not None:
        return reason("health.no_key", service.provider, missing)
    standing = snapshot.standings.get(service)
    if standing is not None and standing.condition is Condition.OUT:
        return reason("health.rejected", service.provider)
    if not is_affordable(snapshot, service):
        return reason(_BUDGET)
    can = snapshot.abilities_of(service)
    if can.tools is False and signals.tool_count:
        return reason("health.no_tools", signals.tool_count)
    if can.vision is False and signals.images:
        return reason("health.no_vision", signals.images)
    if can.leaves and context.route.local_only:
        return reason("health.leaves")
    return too_small(snapshot, signals, service)


def _without_the_loose(
    context: SelectionContext, kept: list[Candidate], dropped: dict[Service, Reason]
) -> list[Candidate]:
    """Those that cannot keep to a schema go where one is demanded, if others that stand in for them are left.

    A rule's own services are the user's word, and what a tool has answered stays with whoever asked for it.
    """
    snapshot, signals = context.snapshot, context.signals
    if not signals.is_structured or signals.is_tool_turn:
        return kept
    own = [each for each in kept if each.service in context.route.own]
    loose = {each.service for each in own if snapshot.abilities_of(each.service).structured is False}
    others = [each for each in own if each.service not in loose and each.service not in snapshot.standings]
    if not loose or not others:
        return kept
    dropped.update({service: reason(_LOOSE) for service in loose})
    return [each for each in kept if each.service not in loose]


def with_the_nearest(context: SelectionContext, pool: Pool) -> tuple[SelectionContext, Candidates]:
    """For a pool that must not be left: those that only lack a schema, else the largest of the small ones."""
    own = {each.service for each in pool.candidates}
    loose = {service for service, why in context.dropped.items() if why.code == _LOOSE and service in own}
    nearest = loose or _largest(context.dropped, own)
    left = among(pool.candidates, nearest)
    dropped = {service: why for service, why in context.dropped.items() if service not in nearest}
    return replace(context, healthy=(*context.healthy, *left), dropped=dropped), left


def _largest(dropped: Mapping[Service, Reason], of: Collection[Service]) -> set[Service]:
    """Sizes are estimated: where none of those that belong together is large enough, the largest may try.

    But not whoever would make it fit by cutting, and not where the prompt was counted.
    """
    sizes = {
        service: why.values[1] for service, why in dropped.items() if why.code == SMALL and service in of
    }
    most = max((size for size in sizes.values() if isinstance(size, int)), default=None)
    return {service for service, size in sizes.items() if size == most}


def _passed_over(service: Service, why: Reason) -> Reason:
    return reason("health.passed_over", str(service), why.text)


def _marked(service: Service, standing: Standing) -> Reason:
    return reason("health.marked", str(service), standing.why)


def refusal(context: SelectionContext) -> Refusal:
    """What is told where nobody is left of those that the route chooses from."""
    whys = {service: why for service, why in context.dropped.items() if service in context.route.own}
    return refusal_of(context, whys or context.dropped, _nobody(context))


def refusal_of(context: SelectionContext, whys: Mapping[Service, Reason], otherwise: str) -> Refusal:
    """By what has kept those who were meant: clients have words of their own for money and for length."""
    if any(why.code == _BUDGET for why in whys.values()):
        return out_of_money(context.snapshot)
    sizes = [why for why in whys.values() if why.code in SIZES]
    mendable = [f"{service}: {why.text}" for service, why in whys.items() if why.code in _MENDABLE]
    return too_long(sizes, mendable) if sizes else Refusal(otherwise)


def _nobody(context: SelectionContext) -> str:
    """That nobody can be asked, and for each service why: as much of it as one wants to read."""
    route = context.route
    if not route.candidates:
        return (
            f"No service available: the route {route.name} names none, and no tier that it may use has any. "
            "Tiers and their services stand in config.toml."
        )
    whys = [f"{service}: {why.text}" for service, why in list(context.dropped.items())[:4]]
    more = len(context.dropped) - len(whys)
    told = "; ".join([*whys, *([f"and {more} more"] if more > 0 else [])])
    return f"No service available for the route {route.name}." + (f" {told}." if told else "")
