"""What holds of every selection, whatever the configuration, the request and the state of the world."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given, settings

from proxy.routing.affinity.affinity import Affinity
from proxy.routing.affinity.pins import Pin
from proxy.routing.affinity.threads import Thread
from proxy.routing.health.marks import Reason as Mark
from proxy.routing.health.standing import Condition
from proxy.routing.selection.affinity import SIDE_KINDS
from proxy.routing.selection.decision import Decision
from proxy.routing.selection.effects import KeepPin, WritePin
from proxy.routing.selection.request import Request
from proxy.routing.selection.route import Route
from proxy.routing.selection.selector import Selector
from proxy.routing.selection.snapshot import Snapshot
from proxy.routing.service import Candidate, Service
from proxy.routing.signals import Signals
from tests.proxy.configured import configured
from tests.proxy.routing.selection.arbitrary import NEVER, NOW, Case, cases

MANY = settings(max_examples=400)


def selected(case: Case) -> Decision:
    return case.selector.select(case.request, case.snapshot, Random(case.seed))


def route_of(case: Case) -> Route:
    return case.selector.route_of(case.request.signals)


def is_routed(decision: Decision) -> bool:
    """Whether a pipeline has chosen; a request that names its service needs none."""
    return decision.source not in ("probe_pin", "passthrough")


def services(candidates: Iterable[Candidate]) -> set[Service]:
    return {each.service for each in candidates}


def listed(route: Route) -> dict[Service, list[Candidate]]:
    """Every place where the route mentions a service, read from its pools alone."""
    pools = [route.base.candidates, *(pool.candidates for pool in route.tiers.values())]
    found: dict[Service, list[Candidate]] = {}
    for pool in [*pools, *(rule.services for rule in route.rules)]:
        for each in pool:
            found.setdefault(each.service, []).append(each)
    return found


@MANY
@given(cases())
def test_nobody_is_asked_twice(case: Case) -> None:
    asked = [each.service for each in selected(case).candidates]
    assert len(asked) == len(set(asked))


@MANY
@given(cases())
def test_somebody_is_asked_or_it_is_said_why_not(case: Case) -> None:
    decision = selected(case)
    if decision.candidates:
        assert decision.service == decision.candidates[0].service
        assert decision.refusal is None
    else:
        assert decision.service is None
        assert decision.refusal is not None
        assert not decision.effects


@MANY
@given(cases())
def test_providers_that_are_missing_or_off_are_never_asked(case: Case) -> None:
    for each in selected(case).candidates:
        table = case.config.providers.get(each.service.provider)
        assert table is not None
        assert table.enabled


@MANY
@given(cases())
def test_what_is_inactive_wherever_it_is_listed_is_never_asked(case: Case) -> None:
    decision = selected(case)
    places = listed(route_of(case))
    for each in decision.candidates:
        assert each.active
        if is_routed(decision):
            assert any(place.active for place in places[each.service])


@MANY
@given(cases())
def test_a_rules_copy_revives_nobody(case: Case) -> None:
    decision, route = selected(case), route_of(case)
    own = (
        [route.base.candidates]
        if not route.uses_tiers
        else [pool.candidates for pool in route.tiers.values()]
    )
    inactive = {each.service for pool in own for each in pool if not each.active}
    active = {each.service for pool in own for each in pool if each.active}
    if is_routed(decision):
        assert not services(decision.candidates) & (inactive - active)


@MANY
@given(cases())
def test_nobody_is_asked_for_what_it_cannot_do(case: Case) -> None:
    decision, signals = selected(case), case.request.signals
    assume(is_routed(decision))
    for each in decision.candidates:
        can = case.snapshot.abilities.get(each.service)
        assert can is None or not (can.tools is False and signals.tool_count)
        assert can is None or not (can.vision is False and signals.images)


@MANY
@given(cases())
def test_a_window_that_is_too_small_is_only_asked_where_all_are(case: Case) -> None:
    decision, tokens = selected(case), case.request.signals.tokens
    assume(is_routed(decision) and decision.candidates)
    sizes = [
        can.context
        for each in decision.candidates
        if (can := case.snapshot.abilities.get(each.service)) is not None
    ]
    small = [size for size in sizes if size is not None and size < tokens]
    assert not small or (len(small) == len(decision.candidates) and len(set(small)) == 1)


@MANY
@given(cases())
def test_whose_keys_are_missing_or_refused_is_never_asked(case: Case) -> None:
    decision = selected(case)
    assume(is_routed(decision))
    for each in decision.candidates:
        assert each.service.provider not in case.snapshot.keyless
        standing = case.snapshot.standings.get(each.service)
        assert standing is None or standing.condition is not Condition.OUT


@MANY
@given(cases())
def test_a_used_up_budget_that_stops_leaves_only_what_is_free(case: Case) -> None:
    decision, budget = selected(case), case.snapshot.budget
    assume(is_routed(decision) and budget is not None and budget.action == "stop")
    assert all(case.snapshot.prices.get(each.service) == 0 for each in decision.candidates)


@MANY
@given(cases())
def test_local_only_is_never_left(case: Case) -> None:
    decision = selected(case)
    assume(route_of(case).local_only)
    for each in decision.candidates:
        assert case.config.providers[each.service.provider].keeps_here(each.service.model)


@MANY
@given(cases())
def test_a_strict_rule_is_never_left(case: Case) -> None:
    decision, route = selected(case), route_of(case)
    rule = next((each for each in route.rules if each.name == decision.rule), None)
    assume(rule is not None and rule.strict)
    assert rule is not None
    assert services(decision.candidates) <= services(route.pool_of(rule).candidates)


@MANY
@given(cases())
def test_a_strict_rule_that_holds_is_obeyed_on_typed_turns(case: Case) -> None:
    """Unless the request itself names its service, or one pin serves a whole session, whatever rules say."""
    decision, route = selected(case), route_of(case)
    assume(is_routed(decision) and not case.request.signals.is_tool_turn)
    assume(decision.source != "affinity" or route.affinity.scope == "partition")
    first = next((each for each in decision.judged if each.holds), None)
    rule = next((each for each in route.rules if first is not None and each.name == first.rule), None)
    assume(rule is not None and rule.strict)
    assert rule is not None
    assert services(decision.candidates) <= services(route.pool_of(rule).candidates)


@MANY
@given(cases())
def test_a_strict_route_is_never_left(case: Case) -> None:
    decision, route = selected(case), route_of(case)
    assume(is_routed(decision) and route.strict and not route.uses_tiers)
    reached = [*route.base.candidates]
    for rule in route.rules:
        reached += route.pool_of(rule).candidates
    assert services(decision.candidates) <= services(reached)


@MANY
@given(cases())
def test_equal_worlds_lead_to_equal_decisions(case: Case) -> None:
    assert selected(case) == selected(case)
    again = replace(case, selector=Selector(configured(**case.tables)))
    assert selected(again) == selected(case)


@MANY
@given(cases())
def test_the_stages_told_are_the_first_of_the_routes_pipeline(case: Case) -> None:
    decision = selected(case)
    if not is_routed(decision):
        assert decision.stages == (decision.source,)
        return
    names = tuple(stage.name for stage in case.selector.stages(route_of(case)))
    assert decision.stages
    assert decision.stages == names[: len(decision.stages)]


@MANY
@given(cases())
def test_every_candidate_of_the_route_has_one_verdict(case: Case) -> None:
    decision, route = selected(case), route_of(case)
    assume(is_routed(decision))
    told = [each.service for each in decision.verdicts]
    assert sorted(map(str, told)) == sorted(str(each.service) for each in route.candidates)
    asked = [each.service for each in decision.verdicts if each.dropped_by is None]
    assert asked == [each.service for each in decision.candidates]


@MANY
@given(cases())
def test_somebody_unwell_is_picked_afresh_only_where_nobody_of_the_pool_is_well(case: Case) -> None:
    decision, marks = selected(case), case.snapshot.standings
    assume(is_routed(decision) and decision.source != "affinity" and decision.service in marks)
    route = route_of(case)
    rule = next((each for each in route.rules if each.name == decision.rule), None)
    pool = route.base.candidates if rule is None else route.pool_of(rule).candidates
    if rule is None and route.uses_tiers:
        pool = tuple(each for one in route.tiers.values() for each in one.candidates)
    left = services(decision.candidates) & services(each for each in pool if each.active)
    assert all(service in marks for service in left)


# Pins


def pinned(case: Case, decision: Decision) -> Pin | None:
    """The pin that a typed turn reads."""
    known = case.snapshot.remembered
    return None if known is None else known.pins.get(decision.partition)


@MANY
@given(cases())
def test_a_pin_past_its_time_is_not_honoured_on_a_typed_turn(case: Case) -> None:
    decision = selected(case)
    assume(decision.source == "affinity" and not case.request.signals.is_tool_turn)
    pin = pinned(case, decision)
    assert pin is not None
    assert pin.service == decision.service
    assert NOW <= pin.expires_at
    assert NOW <= pin.first_locked + route_of(case).affinity.max_age


@MANY
@given(cases())
def test_a_pin_is_honoured_on_a_tool_turn_whatever_its_age(case: Case) -> None:
    route, known, signals = route_of(case), case.snapshot.remembered, case.request.signals
    assume(signals.is_tool_turn and signals.kind not in SIDE_KINDS and case.snapshot.issuer is None)
    assume(known is not None and route.affinity.mode != "off" and case.request.service is None)
    assert known is not None
    pin = known.pins.get(known.last if route.affinity.scope == "partition" else "")
    assume(pin is not None and pin.service_version == case.selector.service_version(pin.service))
    assert pin is not None
    assume(not any(rule.strict for rule in route.rules))
    decision = selected(case)
    can = {each.service for each in decision.verdicts if each.dropped_by != "health"}
    standing = case.snapshot.standings.get(pin.service)
    assume(is_routed(decision) and pin.service in can)
    assume(standing is None or standing.reason is not Mark.BROKEN)
    assert (decision.service, decision.source) == (pin.service, "affinity")


@MANY
@given(cases())
def test_a_pin_is_kept_where_it_was_followed_and_written_where_it_was_not(case: Case) -> None:
    decision = selected(case)
    written = [each for each in decision.effects if isinstance(each, WritePin | KeepPin)]
    assume(is_routed(decision) and decision.candidates)
    assert len(written) == (decision.thread is not None)
    for effect in written:
        assert effect.thread == decision.thread
        if isinstance(effect, WritePin):
            assert effect.pin.service == decision.service
            assert effect.pin.first_locked == NOW
        else:
            known = case.snapshot.remembered
            assert decision.source == "affinity"
            assert known is not None
            is_known_call = case.snapshot.issuer is not None
            assert is_known_call or known.pins[effect.partition].service == decision.service


@pytest.mark.parametrize("seed", range(20))
def test_room_is_made_by_the_oldest_pin_that_awaits_no_tools_result(seed: int) -> None:
    random, affinity, most = Random(seed), Affinity(), 8
    order: list[tuple[str, bool]] = []
    for number in range(40):
        thread, awaits = Thread("r", "sdk", f"s{number}"), random.random() < 0.5
        pin = Pin(provider="A", model="m", locked_at=0, first_locked=0, expires_at=100, awaits_result=awaits)
        if len(order) == most:
            free = next((each for each in order if not each[1]), order[0])
            order.remove(free)
        order.append((thread.session, awaits))
        affinity.put(thread, "", pin, 0, most)
        left = {name for name, _ in order}
        kept = {f"s{at}" for at in range(number + 1) if affinity.remembered(Thread("r", "sdk", f"s{at}"))}
        assert kept == left


# What must make no difference


def with_a_rule(case: Case, **rule: Any) -> Case:
    """The same with one more rule, which can never hold, behind the route's others."""
    added = {"name": "never", "when": [NEVER], **rule}
    routes = [{**each, "rules": [*each["rules"], added]} for each in case.tables["routes"]]
    tables = {**case.tables, "routes": routes}
    if not routes:
        tables["rules"] = [added]
    config = configured(**tables)
    return replace(case, tables=tables, config=config, selector=Selector(config))


def told(decision: Decision) -> Decision:
    """Without what counts rules and names the configuration, both of which are another."""
    reasons = tuple(each for each in decision.reasons if not each.code.startswith("smart_routing.unmatched"))
    reasons = tuple(each for each in reasons if each.code not in ("smart_routing.none", "health.kept"))
    effects = tuple(
        replace(each, pin=_of_any(each.pin)) if isinstance(each, WritePin) else each
        for each in decision.effects
    )
    judged = tuple(each for each in decision.judged if each.rule != "never")
    result = replace(decision.result, reasons=reasons)
    return replace(decision, result=result, config_version="", effects=effects, judged=judged)


def _of_any(pin: Pin) -> Pin:
    return msgspec.structs.replace(pin, config_version="")


@MANY
@given(cases())
def test_a_rule_that_can_never_hold_changes_nothing(case: Case) -> None:
    known = [*listed(route_of(case))]
    assume(known)
    rule = [{"provider": known[0].provider, "model": known[0].model}]
    assert told(selected(with_a_rule(case, services=rule))) == told(selected(case))


@MANY
@given(cases())
def test_a_rule_that_can_never_hold_moves_nobody_even_if_it_names_others(case: Case) -> None:
    """They are candidates of the route then, but no reason to ask others, or fewer, than before."""
    assume(case.snapshot.remembered is None and case.snapshot.issuer is None)
    more = with_a_rule(case, services=[{"provider": "A", "model": "another"}])
    assert selected(more).candidates == selected(case).candidates


# Chance


@pytest.mark.parametrize("weights", [(1,), (3, 1), (1, 1, 1), (0, 5, 5), (100, 10, 1), (0, 0)])
def test_shares_are_those_of_the_weights(weights: tuple[int, ...]) -> None:
    entries = [{"provider": "A", "model": f"m{at}", "weight": each} for at, each in enumerate(weights)]
    provider = {"kind": "openai-compatible", "base_url": "http://a.example/v1", "key": "none"}
    route = {"name": "r", "use": "pool", "tactic": "random", "services": entries}
    selector = Selector(configured(providers={"A": provider}, routes=[route]))
    request, random, draws = Request(signals=Signals(model="smart")), Random(7), 8000
    drawn = Counter(selector.select(request, Snapshot(), random).service for _ in range(draws))
    total = sum(weights) or len(weights)
    for at, weight in enumerate(weights):
        share = (weight if sum(weights) else 1) / total
        assert drawn[Service("A", f"m{at}")] / draws == pytest.approx(share, abs=0.02)
