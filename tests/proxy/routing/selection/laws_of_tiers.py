"""More laws: of tiers, of what it costs to leave what is cached, and of what is asked for outright."""

import math
from random import Random

import msgspec

from proxy.config import TIER_NAMES
from proxy.routing.selection.affinity import SIDE_KINDS
from proxy.routing.selection.decision import Decision
from proxy.routing.selection.selector import Selector
from proxy.routing.selection.snapshot import Override
from proxy.routing.service import Service
from proxy.routing.signals import Kind
from tests.proxy.routing.selection.arbitrary import NOW, Case
from tests.proxy.routing.selection.judging import Says
from tests.proxy.routing.selection.laws import LAWS, is_routed, law, route_of

__all__ = ["LAWS"]


@law
def what_a_tool_has_answered_stays_in_the_tier_of_its_turn(case: Case, decision: Decision) -> bool:
    """Neither what its text is worth, nor what is set for everything, nor what was commanded counts."""
    signals, snapshot = case.request.signals, case.snapshot
    last = snapshot.remembered and snapshot.remembered.pins.get(snapshot.remembered.last)
    tier = (snapshot.issuer and snapshot.issuer.tier) or (last and last.tier)
    if not (signals.is_tool_turn and tier and is_routed(decision)):
        return False
    assert decision.wanted in (tier, None)
    assert decision.score is None
    assert decision.economics is None
    for points in (1.0, 99.0):
        other = Says({}, otherwise=points)
        world = msgspec.structs.replace(
            snapshot, override=Override("REASONING", NOW + 9) if points > 50 else None
        )
        again = Selector(case.config, other).select(case.request, world, Random(case.seed))
        assert again == decision
        assert not other.asked
    return True


RELEASED = frozenset(
    f"affinity.{why}"
    for why in (
        *("expired", "other_model", "changed", "gone", "elsewhere", "broken", "unwell"),
        *("forced", "budget", "off", "side", "no_session", "no_pin"),
    )
)
"""What lets a session go, whatever it has cached."""


def weighs_tiers(case: Case, decision: Decision) -> bool:
    """Whether it is a typed turn for which tiers were put in order."""
    route = route_of(case)
    is_typed = not case.request.signals.is_tool_turn and is_routed(decision)
    is_by_tier = any(each.code.startswith("tier.") for each in decision.reasons)
    return is_typed and is_by_tier and route.uses_tiers and route.affinity.mode != "tool_history"


@law
def a_typed_turn_gets_no_less_than_it_needs_where_somebody_could_give_it(
    case: Case, decision: Decision
) -> bool:
    told, wanted = {each.code for each in decision.reasons}, decision.wanted
    if not weighs_tiers(case, decision) or wanted is None or "tier.services" in told:
        return False
    pool = route_of(case).tiers.get(wanted)
    fine = {each.service for each in decision.verdicts if each.dropped_by is None}
    fine -= set(case.snapshot.standings)
    if pool is None or fine.isdisjoint(each.service for each in pool.candidates if each.active):
        return False
    assert decision.tier is not None
    assert TIER_NAMES.index(decision.tier) >= TIER_NAMES.index(wanted)
    return True


@law
def what_is_warm_is_left_for_a_smaller_tier_only_where_that_costs_nothing_or_pays(
    case: Case, decision: Decision
) -> bool:
    known = case.snapshot.remembered
    pin = None if known is None else known.pins.get(decision.partition)
    told = {each.code for each in decision.reasons}
    if not weighs_tiers(case, decision) or pin is None or pin.tier is None or told & RELEASED:
        return False
    if decision.tier is None or TIER_NAMES.index(decision.tier) >= TIER_NAMES.index(pin.tier):  # type: ignore[arg-type] # only names of tiers are drawn
        return False
    if decision.service == pin.service:
        return False  # it is in the smaller tier as well
    found = decision.economics
    assert found is not None
    assert found.verdict in ("cold", "restarted", "free", "budget", "pays")
    pool = route_of(case).tiers[decision.tier]
    assert found.here == str(pin.service)
    assert _service(found.there) in {each.service for each in pool.candidates}
    assert found.there == str(decision.service) or pool.tactic != "priority"
    return True


@law
def what_is_weighed_is_told_with_both_sides_where_both_have_a_price(case: Case, decision: Decision) -> bool:
    found = decision.economics
    if found is None:
        return False
    sides = (found.stay_usd, found.switch_usd, found.once_usd, found.break_even, found.expected)
    if found.verdict not in ("pays", "stays"):
        assert set(sides) == {None}
        return False
    assert None not in sides
    told = [each for each in decision.reasons if each.code in ("affinity.stays", "affinity.pays")]
    assert all({found.stay_usd, found.switch_usd, found.expected} <= set(each.values) for each in told)
    for name in (found.here, found.there):
        terms = case.snapshot.terms[_service(name)]
        assert terms.prices is not None
        assert terms.prices.input is not None
    return bool(told)


def _service(name: str) -> Service:
    found = Service.named(name)
    assert found is not None
    return found


@law
def a_score_is_the_sum_of_what_it_lists(_case: Case, decision: Decision) -> bool:
    if decision.score is None:
        return False
    total = sum(each.points for each in decision.score.contributions)
    assert math.isclose(decision.score.value, total, abs_tol=1e-6)
    assert 0 <= decision.score.value <= 100
    assert all(each.signal and each.evidence for each in decision.score.contributions)
    return len(decision.score.contributions) > 1


@law
def commands_and_overrides_hold_on_typed_turns_of_those_they_are_for(case: Case, decision: Decision) -> bool:
    signals, override, told = (
        case.request.signals,
        case.snapshot.override,
        {each.code for each in decision.reasons},
    )
    if signals.kind is not Kind.MAIN:
        assert "tier.command" not in told
    if signals.kind in SIDE_KINDS or override is None or override.until <= NOW:
        assert "tier.override" not in told
    if "tier.override" in told and override is not None:
        assert decision.wanted == override.tier
    return bool(told & {"tier.command", "tier.override"})


WENT = frozenset(f"affinity.{why}" for why in ("down", "restarted", "free", "spent", "pays"))


@law
def a_session_that_goes_down_goes_where_its_reason_says(case: Case, decision: Decision) -> bool:
    """What was weighed is what is done: nothing of the same tier, and nobody who was left out before."""
    going = [each for each in decision.reasons if each.code in WENT]
    if not going or not is_routed(decision):
        return False
    assert decision.tier == going[0].values[2]
    return True
