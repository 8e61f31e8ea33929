"""Where a warm session goes on a typed turn: up at once, down where that pays, else nowhere."""

from dataclasses import replace
from random import Random
from typing import Any

import msgspec
import pytest

from proxy.config import TierName
from proxy.money.remaining import Remaining
from proxy.routing.selection.decision import Decision
from proxy.routing.selection.request import Request
from proxy.routing.selection.sentence import sentence
from proxy.routing.selection.snapshot import Abilities
from proxy.routing.service import Service
from proxy.routing.signals import Kind
from tests.proxy.routing.selection.warm import (
    HERE,
    NOW,
    TABLES,
    TERMS,
    UNPRICED,
    C,
    M,
    R,
    S,
    Warm,
    charging,
    codes,
)

FLAT = {S: charging(4.9), M: charging(4.95), C: charging(5), R: charging(5.1)}
"""So near to each other that it never pays to go down."""


def verdict(decision: Decision) -> str | None:
    return None if decision.economics is None else decision.economics.verdict


# -- up ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("at", "tier"), [(S, "SIMPLE"), (M, "MEDIUM"), (C, "COMPLEX")])
@pytest.mark.parametrize("cached", [0, 30_000, 180_000])
def test_whoever_needs_more_gets_it_whatever_is_cached(at: Service, tier: TierName, cached: int) -> None:
    decision = Warm(at=at, tier=tier, needs="REASONING", cached=cached, tokens=cached + 2000).decided()
    assert (decision.service, decision.tier, decision.wanted) == (R, "REASONING", "REASONING")
    assert decision.economics is None
    assert "affinity.up" in codes(decision)


def test_going_up_asks_for_no_price() -> None:
    assert Warm(needs="REASONING", terms={}).decided().service == R


# -- down --------------------------------------------------------------------------------------------


def test_it_goes_to_the_smallest_that_does_where_that_pays() -> None:
    decision = Warm(needs="SIMPLE").decided()
    assert (decision.service, decision.tier, verdict(decision)) == (S, "SIMPLE", "pays")
    assert decision.economics is not None
    assert (decision.economics.here, decision.economics.there) == ("p/c", "p/s")
    assert "affinity.pays" in codes(decision)


def test_it_stays_where_nothing_pays_and_tells_both_sides_for_the_smallest() -> None:
    decision = Warm(needs="SIMPLE", terms=FLAT).decided()
    assert (decision.service, decision.tier, decision.source) == (C, "COMPLEX", "affinity")
    assert decision.wanted == "SIMPLE"
    found = decision.economics
    assert found is not None
    assert (found.verdict, found.there, found.prefix) == ("stays", "p/s", 30_000)
    assert found.stay_usd is not None
    assert found.switch_usd is not None
    assert found.stay_usd < found.switch_usd
    told = next(each for each in decision.reasons if each.code == "affinity.stays")
    for part in (f"${found.stay_usd:.3g}", f"${found.switch_usd:.3g}", "30,000 cached tokens", "SIMPLE"):
        assert part in told.text
    assert "affinity.pinned" in codes(decision)


ONE_BETWEEN: dict[str, Any] = {
    "the smallest has no price": {S: UNPRICED, M: charging(0.5), C: charging(5)},
    "the smallest is dear to begin with": {S: charging(4.95), M: charging(0.5), C: charging(5)},
}


@pytest.mark.parametrize("terms", ONE_BETWEEN.values(), ids=ONE_BETWEEN)
def test_one_between_is_chosen_where_only_that_pays(terms: Any) -> None:
    decision = Warm(needs="SIMPLE", terms=terms).decided()
    assert (decision.service, decision.tier, decision.wanted) == (M, "MEDIUM", "SIMPLE")
    assert verdict(decision) == "pays"
    assert decision.economics is not None
    assert decision.economics.there == "p/m"


def test_of_several_that_pay_it_goes_where_all_of_it_costs_least() -> None:
    both = {S: charging(1), M: charging(0.5), C: charging(15)}
    assert Warm(needs="SIMPLE", terms=both).decided().service == M
    assert Warm(needs="SIMPLE", terms={**both, M: charging(2)}).decided().service == S


def test_one_between_is_none_of_those_below_what_is_needed() -> None:
    decision = Warm(at=R, tier="REASONING", needs="MEDIUM", terms={**TERMS, R: charging(30)}).decided()
    assert (decision.service, verdict(decision)) == (M, "pays")
    dear = {**TERMS, M: charging(29.9), C: charging(29.9), R: charging(30)}
    decision = Warm(at=R, tier="REASONING", needs="MEDIUM", terms=dear).decided()
    assert (decision.service, verdict(decision)) == (R, "stays")


@pytest.mark.parametrize(
    ("more", "code", "found"),
    [
        ({"cached": 0}, "affinity.down", "cold"),
        ({"tokens": 9000}, "affinity.restarted", "restarted"),
        ({"terms": dict.fromkeys((S, M, C), HERE), "cached": 9000, "tokens": 9500}, "affinity.free", "free"),
    ],
)
def test_what_costs_nothing_is_done(more: dict[str, Any], code: str, found: str) -> None:
    decision = Warm(**{"terms": FLAT, **more}).decided()
    assert (decision.service, decision.tier, verdict(decision)) == (S, "SIMPLE", found)
    assert code in codes(decision)


@pytest.mark.parametrize(
    ("terms", "code", "found"),
    [
        (dict.fromkeys((S, M, C), HERE), "affinity.local", "local"),
        ({}, "affinity.unpriced", "unpriced"),
    ],
)
def test_what_is_not_worth_it_is_left(terms: Any, code: str, found: str) -> None:
    decision = Warm(terms=terms).decided()
    assert (decision.service, verdict(decision)) == (C, found)
    assert code in codes(decision)


def test_nobody_asks_what_it_costs_to_go_to_who_is_unwell() -> None:
    decision = Warm(needs="SIMPLE", unwell=(S,)).decided()
    assert decision.economics is not None
    assert (decision.service, decision.economics.there) == (C, "p/m")


def test_a_compaction_stays_with_who_has_all_of_it_cached() -> None:
    here = Warm(at=R, tier="REASONING", cached=100_000, tokens=102_000, terms={**TERMS, R: charging(5)})
    decision = replace(here, kind=Kind.COMPACTION).decided()
    assert decision.wanted == "MEDIUM"
    assert (decision.service, verdict(decision)) == (R, "stays")


def test_beyond_the_budget_it_goes_down_although_that_does_not_pay() -> None:
    assert Warm(needs="COMPLEX", terms=FLAT).decided().service == C
    decision = Warm(needs="COMPLEX", terms=FLAT, is_over_budget=True).decided()
    assert (decision.service, decision.wanted) == (S, "SIMPLE")


def test_what_the_session_is_kept_waiting_for_is_asked_again_on_the_next_turn() -> None:
    warm = Warm(needs="MEDIUM", cached=100_000, tokens=102_000)
    assert warm.decided().service == C
    nearer = {**TERMS, M: charging(0.5)}
    assert replace(warm, terms=nearer).decided().service == M
    assert replace(warm, cached=0).decided().service == M


# -- nowhere -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("terms", [TERMS, FLAT, {}])
def test_in_the_tier_that_is_needed_nothing_is_weighed(terms: Any) -> None:
    decision = Warm(needs="COMPLEX", terms=terms).decided()
    assert (decision.service, decision.economics) == (C, None)
    assert "affinity.pinned" in codes(decision)


IN_TWO = {**TABLES["tiers"], "SIMPLE": {"services": ["p/s", "p/c"]}}


def test_a_service_that_is_in_the_smaller_tier_as_well_keeps_its_session_there() -> None:
    decision = Warm(needs="SIMPLE", tables={**TABLES, "tiers": IN_TWO}).decided()
    assert (decision.service, decision.tier, decision.source) == (C, "SIMPLE", "affinity")


def test_a_pool_knows_no_tiers() -> None:
    route = {"name": "r", "use": "pool", "services": ["p/c", "p/s"]}
    decision = Warm(needs="SIMPLE", tables={**TABLES, "routes": [route]}, tier=None).decided()
    assert (decision.service, decision.economics) == (C, None)


# -- aside -------------------------------------------------------------------------------------------

BETTER = Service("p", "best")
RANKED = {
    **TABLES["tiers"],
    "COMPLEX": {
        "services": [
            {"provider": "p", "model": "c", "priority": 2},
            {"provider": "p", "model": "best", "priority": 1},
        ]
    },
}
ASIDE = Warm(
    needs="COMPLEX", tables={**TABLES, "tiers": RANKED}, terms={**TERMS, BETTER: charging(5)}
)  # as dear, so that nothing is saved there


def test_a_better_service_of_its_tier_waits_until_the_cache_is_cold() -> None:
    decision = ASIDE.decided()
    assert (decision.service, verdict(decision)) == (C, "stays")
    decision = replace(ASIDE, cached=0).decided()
    assert (decision.service, decision.tier, verdict(decision)) == (BETTER, "COMPLEX", "cold")
    assert "affinity.promoted" in codes(decision)


def test_or_until_it_pays() -> None:
    decision = replace(ASIDE, terms={**TERMS, BETTER: charging(1)}).decided()
    assert (decision.service, verdict(decision)) == (BETTER, "pays")


@pytest.mark.parametrize(("since", "service"), [(4941.0, C), (4940.0, BETTER)])
def test_or_until_it_has_been_well_for_a_minute(since: float, service: Service) -> None:
    assert replace(ASIDE, cached=0, well_since={BETTER: since}).decided().service == service


def test_nobody_goes_to_a_better_one_that_is_unwell() -> None:
    decision = replace(ASIDE, cached=0, unwell=(BETTER,)).decided()
    assert (decision.service, decision.economics) == (C, None)


# -- how it is told ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "warm",
    [Warm(), Warm(terms=FLAT), Warm(terms={}), Warm(cached=0), Warm(tokens=9000), Warm(needs="REASONING")],
    ids=["pays", "stays", "unpriced", "cold", "restarted", "up"],
)
def test_a_sentence_tells_it_in_whole_words(warm: Warm) -> None:
    decision = warm.decided()
    told = sentence(decision)
    assert told.startswith(f"Sent to {decision.service}: ")
    assert told.endswith(".")
    assert "{" not in told
    assert "affinity." not in told


def test_a_pin_that_has_run_out_or_was_of_another_model_is_not_weighed() -> None:
    for pinned in ({"expires_at": NOW - 1}, {"requested": "gpt-5"}, {"service_version": "another"}):
        decision = Warm(terms=FLAT, pinned=pinned).decided()
        assert (decision.service, decision.economics) == (S, None)


# -- what is weighed is what is done ----------------------------------------------------------------


def test_of_two_tiers_the_one_that_saves_more_over_its_turns_is_gone_to() -> None:
    short = Remaining((), {"SIMPLE": [1] * 20, "MEDIUM": [12] * 20}, {"SIMPLE": 0, "MEDIUM": 0})
    terms = {**TERMS, S: charging(2.0), M: charging(2.4)}
    decision = Warm(turns=short, terms=terms, elsewhere={M: 30_000, S: 30_000}).decided()
    assert decision.tier == "MEDIUM"


def test_where_chance_decides_the_dearest_of_the_pool_is_weighed() -> None:
    other = Service("p", "s2")
    tiers = {**TABLES["tiers"], "SIMPLE": {"services": ["p/s", "p/s2"], "tactic": "round_robin"}}
    warm = Warm(tables={**TABLES, "tiers": tiers}, terms={**FLAT, S: charging(0.1), other: charging(4.99)})
    prices = {S: 0.1, other: 4.99, M: 4.95, C: 5.0, R: 5.1}
    decision = warm.selector.select(
        Request(signals=warm.signals), msgspec.structs.replace(warm.snapshot, prices=prices), Random(1)
    )
    assert decision.economics is None or decision.economics.there != "p/s"


def test_a_hard_turn_that_asks_for_thought_does_not_leave_for_somebody_who_was_left_out() -> None:
    tables = {
        **TABLES,
        "tiers": {**TABLES["tiers"], "REASONING": {"services": ["p/r", "p/r2"], "tactic": "round_robin"}},
    }
    warm = Warm(at=R, tier="REASONING", needs="COMPLEX", tables=tables)
    cannot = msgspec.structs.replace(warm.snapshot, abilities={C: Abilities(thinking=False)})
    thinking = replace(warm.signals, thinking=True)
    decision = warm.selector.select(Request(signals=thinking), cannot, Random(1))
    going = [each for each in decision.reasons if each.code.startswith("affinity.pays")]
    assert not going or decision.tier == going[0].values[2]
