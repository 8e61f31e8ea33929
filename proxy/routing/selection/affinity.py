"""The stage that keeps a conversation where it is.

Between a tool call and its result nothing moves it: neither another score, nor a rule that begins to match,
nor a pin's age, nor marks that may be over by tomorrow. On a typed turn it stays as long as that is no worse:
its service must be among those chosen and well, and only a cold prompt cache lets a cheaper tier take over.
"""

from msgspec.structs import replace

from proxy.config import TIER_NAMES
from proxy.routing.affinity.pins import Pin, is_live
from proxy.routing.names import plain
from proxy.routing.selection.binding import strict_rule
from proxy.routing.selection.context import Candidates, SelectionContext
from proxy.routing.selection.load_balancer import open_pools
from proxy.routing.selection.moving import move_of
from proxy.routing.selection.promises import allowed
from proxy.routing.selection.reasons import Reason, reason
from proxy.routing.selection.services import among, contains_service, unmarked
from proxy.routing.selection.stage import StageResult, filter_result, final_result
from proxy.routing.selection.tier import is_capped
from proxy.routing.service import Candidate, Service
from proxy.routing.signals import Kind

SIDE_KINDS = frozenset({Kind.TITLE, Kind.SUGGESTION, Kind.WARM_UP, Kind.QUOTA_PROBE, Kind.COUNT, Kind.CHORE})
"""Calls beside the conversation."""


class AffinityStage:
    """Picks the service of the session, where it should stay with it."""

    name = "affinity"

    def evaluate(self, context: SelectionContext, candidates: Candidates) -> StageResult:
        signals, affinity = context.signals, context.route.affinity
        if affinity.mode == "off":
            return filter_result(context, candidates, reason("affinity.off"))
        if signals.kind in SIDE_KINDS:
            return filter_result(context, candidates, reason("affinity.side", signals.kind.value))
        if affinity.scope == "route":
            context, candidates = _promised(context, candidates)
        if signals.is_tool_turn:
            return _on_tool_turn(context, candidates)
        if context.snapshot.remembered is None:
            return filter_result(context, candidates, _nothing_known(context))
        if affinity.mode == "tool_history":
            return _by_history(context, candidates)
        return _on_typed_turn(context, candidates)


def _promised(context: SelectionContext, candidates: Candidates) -> tuple[SelectionContext, Candidates]:
    """Where pins come before rules, the strict ones of them come before pins."""
    rule = strict_rule(context)
    services = allowed(context, rule)
    if services is None:
        return context, candidates
    index = context.matched_rule_index if rule is None else rule.index
    healthy = among(context.healthy, services)
    bound = replace(context, healthy=healthy, rule=rule, matched_rule_index=index)
    return bound, among(candidates, services)


def _on_tool_turn(context: SelectionContext, candidates: Candidates) -> StageResult:
    """Whoever asked for the tool; else whoever the session is with."""
    issuer, told = context.snapshot.issuer, tuple[Reason, ...]()
    if issuer is not None:
        asked = _left(context, issuer.service, candidates)
        if asked is not None:
            tier = issuer.tier or asked.tier
            return _stays(context, replace(asked, tier=tier), reason("affinity.call", str(asked.service)))
        told = (_why_not(context, issuer.service),)
    remembered = context.snapshot.remembered
    pin = None if remembered is None else remembered.pins.get(_place_of_turn(context))
    if pin is None:
        return filter_result(context, candidates, *(told or (_nothing_known(context),)))
    service = Service(pin.provider, pin.model)
    if _is_changed(context, pin):
        return filter_result(context, candidates, *told, reason("affinity.changed", str(service)))
    here = _left(context, service, candidates)
    if here is None:
        return filter_result(context, candidates, *told, _why_not(context, service))
    return _stays(context, _as_pinned(here, pin), reason("affinity.tool_turn", str(service)))


def _by_history(context: SelectionContext, candidates: Candidates) -> StageResult:
    """As simple as it can be: a history with tools stays, every other one is free."""
    if not context.signals.has_tool_history:
        return filter_result(context, candidates, reason("affinity.no_tools"))
    pin = _pin(context)
    if pin is None:
        return filter_result(context, candidates, reason("affinity.no_pin"))
    service = Service(pin.provider, pin.model)
    here = _left(context, service, candidates)
    if here is None or _is_changed(context, pin):
        return filter_result(context, candidates, reason("affinity.gone", str(service)))
    if not is_live(pin, context.snapshot.now, context.route.affinity.max_age):
        return filter_result(context, candidates, reason("affinity.expired", str(service)))
    return _stays(context, _as_pinned(here, pin), reason("affinity.history", str(service)))


def _on_typed_turn(context: SelectionContext, candidates: Candidates) -> StageResult:
    pin = _pin(context)
    if pin is None:
        return filter_result(context, candidates, reason("affinity.no_pin"))
    service = Service(pin.provider, pin.model)
    here = next((each for each in candidates if each.service == service), None)
    why = _against(context, candidates, pin, service, here)
    if why is not None or here is None:
        return filter_result(context, candidates, *([] if why is None else [why]))
    here = _as_pinned(here, pin)
    if context.is_marked(here):
        return _stays(context, here, reason("affinity.only", str(service), _minutes(context, pin)))
    move = move_of(context, candidates, here, pin)
    context = replace(context, economics=move.economics)
    if move.tiers is not None:
        return filter_result(replace(context, tiers=move.tiers), candidates, *move.told)
    if move.tier is not None:
        here = replace(here, tier=move.tier)
    pinned = reason("affinity.pinned", str(service), _minutes(context, pin))
    return _stays(context, here, pinned, *move.told)


def _against(
    context: SelectionContext, candidates: Candidates, pin: Pin, service: Service, here: Candidate | None
) -> Reason | None:
    """What releases the session from its service, if anything does."""
    name = str(service)
    if not is_live(pin, context.snapshot.now, context.route.affinity.max_age):
        return reason("affinity.expired", name)
    if pin.requested != plain(context.signals.model):
        return reason("affinity.other_model", name)
    if _is_changed(context, pin):
        return reason("affinity.changed", name)
    if here is None:
        is_able = contains_service(context.healthy, service)
        return reason("affinity.elsewhere" if is_able else "affinity.gone", name)
    if context.asked_tier is not None and (tier := _forced_away(context, candidates, pin)) is not None:
        return reason("affinity.budget" if is_capped(context) else "affinity.forced", name, tier)
    if not context.tiers and _is_too_dear(context, pin):
        return reason("affinity.budget", name)
    if _is_broken(context, service) and len(candidates) > 1:
        return reason("affinity.broken", name)
    if context.is_marked(here) and unmarked(candidates, context.marks):
        return reason("affinity.unwell", name)
    return None


def _minutes(context: SelectionContext, pin: Pin) -> int:
    return max(0, round((context.snapshot.now - pin.first_locked) / 60))


def _forced_away(context: SelectionContext, candidates: Candidates, pin: Pin) -> str | None:
    """The tier that the turn gets by somebody's word, if it can be had, if the session is elsewhere."""
    pools = open_pools(context, unmarked(candidates, context.marks)) if context.tiers else iter(())
    tier = next((pool.label for pool in pools), context.wanted or context.asked_tier)
    return tier if tier in context.route.tiers and pin.tier != tier else None


def _pin(context: SelectionContext) -> Pin | None:
    remembered = context.snapshot.remembered
    return None if remembered is None else remembered.pins.get(context.partition)


def _place_of_turn(context: SelectionContext) -> str:
    """The partition of the turn that a tool's result belongs to."""
    remembered = context.snapshot.remembered
    if remembered is None or context.route.affinity.scope == "route":
        return ""
    return remembered.last


def _left(context: SelectionContext, service: Service, candidates: Candidates) -> Candidate | None:
    """The service as it stands in the route, if it can take the request.

    One whose breaker is open is asked only where nobody else could be. A strict rule lets nobody else in.
    """
    everybody = candidates if context.is_strict() else context.healthy
    found = next((each for each in (*candidates, *everybody) if each.service == service), None)
    if found is None or (_is_broken(context, service) and len(everybody) > 1):
        return None
    return found


def _why_not(context: SelectionContext, service: Service) -> Reason:
    """What keeps a tool's result from the service that the conversation is with."""
    if _is_broken(context, service):
        return reason("affinity.broken", str(service))
    is_able = contains_service(context.healthy, service)
    return reason("affinity.elsewhere" if is_able else "affinity.gone", str(service))


def _is_broken(context: SelectionContext, service: Service) -> bool:
    standing = context.marks.get(service)
    return standing is not None and standing.is_broken


def _is_changed(context: SelectionContext, pin: Pin) -> bool:
    version = context.versions.get(Service(pin.provider, pin.model))
    return version is not None and version != pin.service_version


def _is_too_dear(context: SelectionContext, pin: Pin) -> bool:
    """Whether it is in another tier than the only one that the budget still lets new turns have."""
    smallest = TIER_NAMES[0]
    return pin.tier in TIER_NAMES[1:] and smallest in context.route.tiers and is_capped(context)


def _as_pinned(here: Candidate, pin: Pin) -> Candidate:
    """In the tier it was pinned in, should it be in several."""
    tier = next((tier for tier in TIER_NAMES if tier == pin.tier), here.tier)
    return here if tier == here.tier else replace(here, tier=tier)


def _stays(context: SelectionContext, here: Candidate, *reasons: Reason) -> StageResult:
    return final_result(context, here, "affinity", *reasons)


def _nothing_known(context: SelectionContext) -> Reason:
    has_session = context.session.id is not None
    return reason("affinity.no_pin" if has_session else "affinity.no_session")
