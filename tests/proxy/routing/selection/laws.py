"""What holds of every selection, whatever the configuration, the request and the state of the world.

A law is told a case and what came of it. It says whether it had anything to say there.
"""

import math
from collections.abc import Callable, Iterable
from random import Random
from typing import Any

import msgspec

from proxy.routing.affinity.pins import Pin
from proxy.routing.health.marks import Reason as Mark
from proxy.routing.health.standing import Condition
from proxy.routing.rules.rule import Rule
from proxy.routing.selection.affinity import SIDE_KINDS
from proxy.routing.selection.decision import Decision
from proxy.routing.selection.effects import Effect, KeepPin, WritePin
from proxy.routing.selection.route import Route
from proxy.routing.selection.selector import Selector
from proxy.routing.service import Candidate, Service
from tests.proxy.configured import configured
from tests.proxy.routing.selection.arbitrary import NEVER, NOW, Case

Law = Callable[[Case, Decision], bool]
LAWS: list[Law] = []


def law(of: Law) -> Law:
    LAWS.append(of)
    return of


def selected(case: Case) -> Decision:
    return case.selector.select(case.request, case.snapshot, Random(case.seed))


def route_of(case: Case) -> Route:
    return case.selector.route_of(case.request.signals)


def is_routed(decision: Decision) -> bool:
    """Whether a pipeline has chosen; a request that names its service needs none."""
    return decision.source not in ("probe_pin", "passthrough")


def services(candidates: Iterable[Candidate]) -> set[Service]:
    return {each.service for each in candidates}


def rule_named(route: Route, name: str | None) -> Rule | None:
    return next((each for each in route.rules if each.name == name), None)


def own_pools(route: Route) -> list[tuple[Candidate, ...]]:
    """What the route chooses from without a rule."""
    return [pool.candidates for pool in route.tiers.values()] if route.uses_tiers else [route.base.candidates]


# Whom


@law
def nobody_is_asked_twice(_case: Case, decision: Decision) -> bool:
    asked = [each.service for each in decision.candidates]
    assert len(asked) == len(set(asked))
    return len(asked) > 1


@law
def somebody_is_asked_or_it_is_said_why_not(_case: Case, decision: Decision) -> bool:
    if decision.candidates:
        assert decision.service == decision.candidates[0].service
        assert decision.refusal is None
        return True
    assert decision.service is None
    assert decision.refusal is not None
    assert not decision.effects
    return True


@law
def providers_that_are_missing_or_off_are_never_asked(case: Case, decision: Decision) -> bool:
    for each in decision.candidates:
        table = case.config.providers.get(each.service.provider)
        assert table is not None
        assert table.enabled
    return bool(decision.candidates)


@law
def what_is_inactive_is_never_asked(_case: Case, decision: Decision) -> bool:
    """But by a probe, which names whom it likes."""
    assert decision.source == "probe_pin" or all(each.active for each in decision.candidates)
    return bool(decision.candidates)


@law
def a_rules_copy_revives_nobody(case: Case, decision: Decision) -> bool:
    own = [each for pool in own_pools(route_of(case)) for each in pool]
    dead = services(each for each in own if not each.active) - services(each for each in own if each.active)
    if not dead or not is_routed(decision):
        return False
    assert not services(decision.candidates) & dead
    return True


@law
def nobody_is_asked_for_what_it_cannot_do(case: Case, decision: Decision) -> bool:
    signals = case.request.signals
    if not is_routed(decision):
        return False
    for each in decision.candidates:
        can = case.snapshot.abilities.get(each.service)
        assert can is None or not (can.tools is False and signals.tool_count)
        assert can is None or not (can.vision is False and signals.images)
    return bool(signals.tool_count or signals.images)


@law
def a_window_that_is_too_small_is_only_asked_where_all_are(case: Case, decision: Decision) -> bool:
    sizes = [_size_if_too_small(case, each.service) for each in decision.candidates]
    small = {size for size in sizes if size is not None}
    if not small or not is_routed(decision):
        return False
    assert None not in sizes
    assert len(small) == 1
    return True


def _size_if_too_small(case: Case, service: Service) -> int | None:
    """Of a window that cannot hold the prompt, as the model counts it, beside what is kept free."""
    can, signals = case.snapshot.abilities.get(service), case.request.signals
    if can is None or can.context is None:
        return None
    free = [
        int(0.15 * can.context),
        *(each for each in (signals.max_output, can.max_output) if each is not None),
    ]
    tokens = math.ceil(signals.tokens * case.snapshot.ratios.get(service, 1))
    return can.context if tokens + min(free) > can.context else None


@law
def whose_keys_are_missing_or_refused_is_never_asked(case: Case, decision: Decision) -> bool:
    if not is_routed(decision):
        return False
    for each in decision.candidates:
        standing = case.snapshot.standings.get(each.service)
        assert each.service.provider not in case.snapshot.keyless
        assert standing is None or standing.condition is not Condition.OUT
    return bool(decision.candidates)


@law
def a_used_up_budget_that_stops_leaves_only_what_is_free(case: Case, decision: Decision) -> bool:
    budget = case.snapshot.budget
    if not is_routed(decision) or budget is None or budget.action != "stop":
        return False
    assert all(case.snapshot.prices.get(each.service) == 0 for each in decision.candidates)
    return True


@law
def local_only_is_never_left(case: Case, decision: Decision) -> bool:
    if not route_of(case).local_only:
        return False
    for each in decision.candidates:
        assert case.config.providers[each.service.provider].keeps_here(each.service.model)
    return bool(decision.candidates)


@law
def a_strict_rule_is_never_left(case: Case, decision: Decision) -> bool:
    """Where one pin serves the whole session, that is honoured before rules are asked."""
    route = route_of(case)
    rule = rule_named(route, decision.rule)
    if rule is None or not rule.strict:
        return False
    assert services(decision.candidates) <= services(route.pool_of(rule).candidates)
    return True


@law
def a_strict_rule_that_holds_is_obeyed(case: Case, decision: Decision) -> bool:
    route = route_of(case)
    first = next((each.rule for each in decision.judged if each.holds), None)
    rule = rule_named(route, first)
    if rule is None or not rule.strict or not is_routed(decision):
        return False
    assert services(decision.candidates) <= services(route.pool_of(rule).candidates)
    return True


@law
def a_strict_route_is_never_left(case: Case, decision: Decision) -> bool:
    route = route_of(case)
    if not (is_routed(decision) and route.strict and not route.uses_tiers):
        return False
    reached = services(route.base.candidates)
    reached |= {service for rule in route.rules for service in services(route.pool_of(rule).candidates)}
    assert services(decision.candidates) <= reached
    return bool(decision.candidates)


@law
def somebody_unwell_is_picked_afresh_only_where_nobody_of_the_pool_is_well(
    case: Case, decision: Decision
) -> bool:
    marks, route = case.snapshot.standings, route_of(case)
    if not is_routed(decision) or decision.source == "affinity" or decision.service not in marks:
        return False
    rule = rule_named(route, decision.rule)
    pools = (
        own_pools(route)
        if rule is None or (route.uses_tiers and not rule.services)
        else [route.pool_of(rule).candidates]
    )
    beside = {each.service for pool in pools for each in pool if each.active}
    if decision.service not in beside:
        return False
    assert all(service in marks for service in services(decision.candidates) & beside)
    return True


# How it is told


@law
def equal_worlds_lead_to_equal_decisions(case: Case, decision: Decision) -> bool:
    assert selected(case) == decision
    anew = Selector(configured(**case.tables), case.selector.judge)
    assert anew.select(case.request, case.snapshot, Random(case.seed)) == decision
    return True


@law
def the_stages_told_are_the_first_of_the_routes_pipeline(case: Case, decision: Decision) -> bool:
    if not is_routed(decision):
        assert decision.stages == (decision.source,)
        return False
    names = tuple(stage.name for stage in case.selector.stages(route_of(case)))
    assert decision.stages
    assert decision.stages == names[: len(decision.stages)]
    return True


@law
def every_candidate_of_the_route_has_one_verdict(case: Case, decision: Decision) -> bool:
    if not is_routed(decision):
        return False
    told = [str(each.service) for each in decision.verdicts]
    assert sorted(told) == sorted(str(each.service) for each in route_of(case).candidates)
    asked = [each.service for each in decision.verdicts if each.dropped_by is None]
    assert asked == [each.service for each in decision.candidates]
    return bool(told)


# Pins


@law
def a_pin_past_its_time_is_not_honoured_on_a_typed_turn(case: Case, decision: Decision) -> bool:
    if decision.source != "affinity" or case.request.signals.is_tool_turn:
        return False
    known, oldest = case.snapshot.remembered, NOW - route_of(case).affinity.max_age
    assert known is not None
    pin = known.pins[decision.partition]
    assert pin.service == decision.service
    assert pin.expires_at >= NOW
    assert pin.first_locked >= oldest
    return True


@law
def a_pin_is_honoured_on_a_tool_turn_whatever_its_age(case: Case, decision: Decision) -> bool:
    pin = _pin_of_tool_turn(case)
    if pin is None or not is_routed(decision):
        return False
    dropped = {each.service: each.dropped_by for each in decision.verdicts}
    standing = case.snapshot.standings.get(pin.service)
    if dropped.get(pin.service, "health") == "health":
        return False
    if standing is not None and standing.reason is Mark.BROKEN:
        return False
    assert (decision.service, decision.source) == (pin.service, "affinity")
    return True


def _pin_of_tool_turn(case: Case) -> Pin | None:
    """The one that nothing but the state of its service could keep from being followed."""
    route, known, signals = route_of(case), case.snapshot.remembered, case.request.signals
    is_read = (
        signals.kind not in SIDE_KINDS and route.affinity.mode != "off" and case.request.said.service is None
    )
    if not (signals.is_tool_turn and is_read) or known is None or case.snapshot.issuer is not None:
        return None
    if any(rule.strict for rule in route.rules):
        return None
    pin = known.pins.get(known.last if route.affinity.scope == "partition" else "")
    if pin is None or pin.service_version != case.selector.service_version(pin.service):
        return None
    return pin


@law
def a_pin_is_kept_where_it_was_followed_and_else_written(case: Case, decision: Decision) -> bool:
    found = [each for each in decision.effects if isinstance(each, WritePin | KeepPin)]
    if not (is_routed(decision) and decision.candidates):
        return False
    may_be_left = decision.source == "affinity" and case.snapshot.issuer is not None
    assert len(found) == (decision.thread is not None) or (may_be_left and not found)
    for effect in found:
        assert effect.thread == decision.thread
        if isinstance(effect, WritePin):
            assert effect.pin.service == decision.service
            assert effect.pin.first_locked == NOW
            continue
        known = case.snapshot.remembered
        assert decision.source == "affinity"
        assert known is not None
        is_of_a_call = case.snapshot.issuer is not None
        assert is_of_a_call or known.pins[effect.partition].service == decision.service
    return bool(found)


# What must make no difference


@law
def a_rule_that_can_never_hold_changes_nothing(case: Case, decision: Decision) -> bool:
    known = next(iter(route_of(case).candidates), None)
    if known is None:
        return False
    service = {"provider": known.service.provider, "model": known.service.model}
    assert _told(selected(_with_a_rule(case, service))) == _told(decision)
    return True


@law
def a_rule_that_can_never_hold_moves_nobody_even_if_it_names_others(case: Case, decision: Decision) -> bool:
    """They are candidates of the route then, but no reason to ask others, or fewer, than before."""
    if case.snapshot.remembered is not None or case.snapshot.issuer is not None or not is_routed(decision):
        return False
    more = _with_a_rule(case, {"provider": "A", "model": "another"})
    assert selected(more).candidates == decision.candidates
    return True


def _with_a_rule(case: Case, service: dict[str, str]) -> Case:
    """The same with one more rule, which can never hold, behind the route's others."""
    added = {"name": "never", "when": [NEVER], "services": [service]}
    routes = [{**each, "rules": [*each["rules"], added]} for each in case.tables["routes"]]
    tables = {**case.tables, "routes": routes, **({} if routes else {"rules": [added]})}
    config = configured(**tables)
    selector = Selector(config, case.selector.judge)
    return Case(tables, config, selector, case.request, case.snapshot, case.seed)


_COUNT_RULES = (
    "health.kept",
    "smart_routing.none",
    "smart_routing.unmatched",
    "smart_routing.inherits_none",
    "smart_routing.embeddings",
)


def _told(decision: Decision) -> list[Any]:
    """All but what counts rules and names the configuration, both of which are another."""
    return [
        decision.candidates,
        decision.refusal,
        decision.source,
        decision.stages,
        decision.rule,
        decision.result.matched_rule_index,
        decision.tier,
        decision.score,
        decision.partition,
        [each for each in decision.reasons if each.code not in _COUNT_RULES],
        [each for each in decision.judged if each.rule != "never"],
        sorted(map(_of_any_version, decision.effects)),
    ]


def _of_any_version(effect: Effect) -> str:
    if not isinstance(effect, WritePin):
        return str(effect)
    return str((effect.thread, effect.partition, msgspec.structs.replace(effect.pin, config_version="")))
