"""Who is asked after the pick: nearer ones first, all that can take the request, and nobody else."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from proxy.routing.rules.rule import Rule
from proxy.routing.selection.decision import Decision
from proxy.routing.selection.route import Route
from proxy.routing.service import Candidate, Service
from tests.proxy.routing.selection.arbitrary import Case, budget, cases
from tests.proxy.routing.selection.judging import Says
from tests.proxy.routing.selection.laws import is_routed, route_of, rule_named, selected, services
from tests.proxy.routing.selection.simulator import AFTER_A_CALL, Simulator

PROVIDER = {"kind": "openai-compatible", "base_url": "http://a.example/v1", "key": "none"}
UP_THEN_DOWN = {
    "SIMPLE": ["SIMPLE", "MEDIUM", "COMPLEX", "REASONING"],
    "MEDIUM": ["MEDIUM", "COMPLEX", "REASONING", "SIMPLE"],
    "COMPLEX": ["COMPLEX", "REASONING", "MEDIUM", "SIMPLE"],
    "REASONING": ["REASONING", "COMPLEX", "MEDIUM", "SIMPLE"],
}


def groups(case: Case, decision: Decision) -> list[tuple[Candidate, ...]]:
    """The pools in which somebody may stand in, the nearest first; the tiers only as one group."""
    route = route_of(case)
    rule = rule_named(route, decision.rule)
    found = [] if rule is None else [route.pool_of(rule).candidates]
    if rule is not None and rule.strict:
        return found
    picked_from = _tier_of_the_pick(case, decision, route, rule)
    found = [*(pool.candidates for tier, pool in route.tiers.items() if tier == picked_from), *found]
    found.append(route.base.candidates)
    if route.uses_tiers and decision.tier is not None:
        found += [route.tiers[tier].candidates for tier in UP_THEN_DOWN[decision.tier] if tier in route.tiers]
    elif route.uses_tiers or not route.strict:
        found.append(tuple(each for pool in route.tiers.values() for each in pool.candidates))
    return found


def _tier_of_the_pick(case: Case, decision: Decision, route: Route, rule: Rule | None) -> str | None:
    """Where it was chosen from a tier, and not from services that a rule or the route names."""
    if route.uses_tiers:
        return None if rule is not None and rule.tier is None else decision.tier
    if rule is None:
        asked = (each.values[0] for each in decision.reasons if each.code == "smart_routing.asked")
        return str(next(asked, None))
    budget = case.snapshot.budget
    is_capped = budget is not None and budget.action == "cheaper" and not case.request.signals.is_tool_turn
    return "SIMPLE" if is_capped and rule.tier is not None else None


@settings(max_examples=120, suppress_health_check=list(HealthCheck))
@given(cases())
def test_nearer_ones_stand_in_first_and_nobody_is_left_out(case: Case) -> None:
    decision = selected(case)
    if not is_routed(decision) or not decision.candidates:
        return
    pools = [{each.service for each in pool if each.active} for pool in groups(case, decision)]
    distances = [_distance(pools, each.service) for each in decision.candidates[1:]]
    assert distances == sorted(distances)
    able = {each.service for each in decision.verdicts if each.dropped_by != "health"}
    reached = set().union(*pools) & able
    assert services(decision.candidates) == reached | {decision.candidates[0].service}


def _distance(pools: list[set[Service]], service: Service) -> int:
    return next(at for at, pool in enumerate(pools) if service in pool)


TABLES: dict[str, Any] = {
    "providers": dict.fromkeys("ABCDEFGH", PROVIDER),
    "tiers": {
        "SIMPLE": {"services": ["A/m"]},
        "MEDIUM": {"services": [{"provider": "B", "model": "m", "priority": 1}, "C/m"]},
        "COMPLEX": {"services": ["D/m"]},
        "REASONING": {"services": ["E/m"]},
    },
}


def order(simulator: Simulator, **about: Any) -> str:
    return "".join(each.service.provider for each in simulator.decide(**about).candidates)


@pytest.mark.parametrize(
    ("tier", "expected"),
    [("SIMPLE", "ACBDE"), ("MEDIUM", "CBDEA"), ("COMPLEX", "DECBA"), ("REASONING", "EDCBA")],
)
def test_tiers_stand_in_upwards_first_and_then_downwards(tier: Any, expected: str) -> None:
    assert order(Simulator(TABLES), tier=tier) == expected


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("smart", "GHFDECBA"),
        ("other", "FDECBA"),
        ("smart and tiny", "GHFACBDE"),
    ],
)
def test_behind_a_rule_come_the_base_pool_and_the_tier_of_the_score(model: str, expected: str) -> None:
    rule = {
        "name": "R",
        "when": [{"signal": "model", "op": "contains", "value": "smart"}],
        "services": ["G/m", "H/m"],
    }
    route = {"name": "r", "use": "pool", "services": ["F/m"], "rules": [rule]}
    judge = Says({}, otherwise=10 if "tiny" in model else 60)
    assert order(Simulator({**TABLES, "routes": [route]}, judge=judge), model=model) == expected


@pytest.mark.parametrize("tactic", ["priority", "random", "round_robin", "latency"])
def test_those_that_are_unwell_are_not_picked_but_stay_in_the_order(tactic: str) -> None:
    route = {"name": "r", "use": "pool", "tactic": tactic, "services": ["A/m", "B/m", "C/m"], "strict": True}
    simulator = Simulator({**TABLES, "routes": [route]})
    simulator.open("A/m")
    for _ in range(20):
        found = order(simulator, session=None)
        assert found[0] in "BC"
        assert sorted(found) == ["A", "B", "C"]
        assert found[-1] == "A"


def test_behind_the_pick_of_a_tier_that_is_asked_for_comes_the_rest_of_that_tier() -> None:
    route = {"name": "r", "use": "pool", "services": ["F/m"]}
    simulator = Simulator({**TABLES, "routes": [route]})
    simulator.open("B/m")

    assert order(simulator, tier="MEDIUM") == "CBFDEA"


def test_behind_a_pick_that_a_spent_budget_allows_comes_the_rest_of_the_smallest_tier() -> None:
    rule = {
        "name": "R",
        "when": [{"signal": "model", "op": "contains", "value": "smart"}],
        "tier": "COMPLEX",
    }
    route = {"name": "r", "use": "pool", "services": ["F/m"], "rules": [rule]}
    tiers = {**TABLES["tiers"], "SIMPLE": {"services": ["A/m", "G/m"]}}
    simulator = Simulator({**TABLES, "tiers": tiers, "routes": [route]})
    simulator.open("A/m")
    assert order(simulator)[0] == "D"

    simulator.world.budget = lambda: budget("cheaper")
    assert order(simulator) == "GADFCBE"


def test_a_strict_route_keeps_to_its_own_whatever_tier_a_session_remembers() -> None:
    when = [{"signal": "model", "op": "contains", "value": "another"}]
    rule = {"name": "R", "when": when, "services": ["C/m"]}
    route = {"name": "r", "use": "pool", "services": ["B/m", "F/m"], "rules": [rule]}
    simulator = Simulator({**TABLES, "affinity": {"scope": "route"}, "routes": [route]})
    simulator.open("C/m")
    assert simulator.ask(tier="MEDIUM", calls=["toolu_1"]).tier == "MEDIUM"

    simulator.apply(routes=[{**route, "strict": True}])
    assert order(simulator, body=AFTER_A_CALL) == "BF"
