"""Who can take a request: the room that its answer needs, schemas, and thought."""

from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.config import TierName
from proxy.routing.affinity.call_ids import CallIssuer
from proxy.routing.health.marks import Reason as Mark
from proxy.routing.health.standing import Condition, Standing
from proxy.routing.selection.decision import Decision
from proxy.routing.selection.request import Request, Said
from proxy.routing.selection.room import room_for_answer
from proxy.routing.selection.selector import Selector
from proxy.routing.selection.snapshot import Abilities, Snapshot
from proxy.routing.service import Service
from proxy.routing.signals import Signals
from proxy.wire.failure import FailureKind
from tests.proxy.configured import configured
from tests.proxy.routing.selection.arbitrary import budget
from tests.proxy.routing.selection.judging import Says
from tests.proxy.routing.selection.warm import POINTS, TABLES, C, M, R, S, codes

WITH_CLOUD = {
    **TABLES["providers"],
    "cloud": {"kind": "openai-compatible", "base_url": "http://c.example/v1"},
}
UNWELL = Standing(Condition.MARKED, 60.0, Mark.RATE_LIMITED)


def decided(
    signals: Signals,
    abilities: Mapping[Service, Abilities],
    *,
    needs: TierName = "MEDIUM",
    tier: TierName | None = None,
    tables: Mapping[str, Any] = TABLES,
    **world: Any,
) -> Decision:
    selector = Selector(configured(**tables), Says({}, otherwise=POINTS[needs]))
    request = Request(signals=signals, said=Said(tier=tier))
    return selector.select(request, Snapshot(abilities=abilities, **world), Random(1))


def against(decision: Decision, service: Service) -> str | None:
    """What keeps it from being asked; None: nothing does."""
    found = next(each for each in decision.verdicts if each.service == service)
    return None if found.reason is None or found.dropped_by is None else found.reason.code


# -- room --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tokens", "wanted", "most", "is_kept"),
    [
        (85_000, None, None, True),
        (85_001, None, None, False),
        (90_000, 10_000, None, True),
        (90_001, 10_000, None, False),
        (85_000, 64_000, None, True),
        (85_001, 64_000, None, False),
        (92_000, 64_000, 8_000, True),
        (92_001, 64_000, 8_000, False),
        (99_900, 100, 8_000, True),
        (99_901, 100, 8_000, False),
    ],
)
def test_a_window_must_also_hold_the_answer_as_far_as_one_is_likely(
    tokens: int, wanted: int | None, most: int | None, is_kept: bool
) -> None:
    """Clients ask for far more room than they need, so no more than 15 % is kept free for it."""
    signals = Signals(said="words", model="auto", tokens=tokens, max_output=wanted)
    decision = decided(signals, {M: Abilities(context=100_000, max_output=most)})
    assert (decision.service == M) == is_kept
    assert against(decision, M) == (None if is_kept else "health.small")


@given(st.integers(1, 2_000_000), st.none() | st.integers(0, 200_000), st.none() | st.integers(1, 200_000))
def test_the_room_is_never_more_than_is_asked_for_or_can_be_given(
    context: int, most: int | None, wanted: int | None
) -> None:
    room = room_for_answer(Abilities(context=context, max_output=most), wanted)
    assert 0 <= room <= 0.15 * context
    assert all(room <= each for each in (most, wanted) if each is not None)


@pytest.mark.parametrize(
    ("ratio", "tokens", "is_kept"),
    [
        (1.0, 85_000, True),
        (1.25, 68_000, True),
        (1.25, 68_001, False),
        (0.5, 170_000, True),
        (0.5, 170_001, False),
    ],
)
def test_tokens_are_counted_as_the_model_counts_them(ratio: float, tokens: int, is_kept: bool) -> None:
    decision = decided(
        Signals(said="words", model="auto", tokens=tokens),
        {M: Abilities(context=100_000)},
        ratios={M: ratio, C: 9.0},
    )
    assert (decision.service == M) == is_kept


def test_where_all_windows_are_too_small_the_largest_is_asked() -> None:
    sizes = {S: 50_000, M: 60_000, C: 70_000, R: 65_000}
    abilities = {service: Abilities(context=size) for service, size in sizes.items()}
    decision = decided(Signals(said="words", model="auto", tokens=69_000), abilities)
    assert [each.service for each in decision.candidates] == [C]
    assert "health.largest" in codes(decision)


# -- schemas -----------------------------------------------------------------------------------------

LOOSE = Abilities(structured=False)
DEMANDS = Signals(said="words", model="auto", is_structured=True)


def test_whoever_keeps_to_no_schema_is_not_asked_for_one() -> None:
    decision = decided(DEMANDS, {M: LOOSE})
    assert decision.service == C
    assert against(decision, M) == "health.no_schema"
    assert decided(replace(DEMANDS, is_structured=False), {M: LOOSE}).service == M
    assert decided(DEMANDS, {M: Abilities(structured=True)}).service == M
    assert decided(DEMANDS, {}).service == M


def test_where_nobody_keeps_to_one_all_are_asked_as_usual() -> None:
    decision = decided(DEMANDS, dict.fromkeys((S, M, C, R), LOOSE))
    assert [each.service for each in decision.candidates] == [M, C, R, S]


def test_nor_where_the_others_are_unwell() -> None:
    """An answer that is not quite in form is better than none."""
    abilities = {S: LOOSE, M: LOOSE}
    assert decided(DEMANDS, abilities, standings={C: UNWELL}).service == R
    decision = decided(DEMANDS, abilities, standings={C: UNWELL, R: UNWELL})
    assert decision.service == M
    assert [each.service for each in decision.candidates] == [M, C, R, S]


def test_a_strict_rule_whose_services_all_keep_to_none_is_not_refused() -> None:
    rule = {"name": "private", "strict": True, "services": ["p/s"]}
    assert decided(DEMANDS, {S: LOOSE}, tables={**TABLES, "rules": [rule]}).service == S


@pytest.mark.parametrize("are_others_there", [True, False], ids=["others are there", "nobody else is"])
def test_the_largest_of_a_strict_rule_may_try_whoever_else_is_there(are_others_there: bool) -> None:
    rule = {"name": "private", "strict": True, "services": ["p/s"]}
    other = {"provider": "p", "model": "c", "active": are_others_there}
    tables = {**TABLES, "tiers": {"COMPLEX": {"services": [other]}}, "rules": [rule]}
    decision = decided(
        Signals(said="words", model="auto", tokens=600), {S: Abilities(context=100)}, tables=tables
    )
    assert [each.service for each in decision.candidates] == [S]


NEVER = [{"signal": "model", "op": "equals", "value": "a model that nobody asks for"}]


@pytest.mark.parametrize("is_strict", [True, False])
def test_a_rule_that_does_not_hold_changes_no_refusal(is_strict: bool) -> None:
    rule = {"name": "private", "strict": is_strict, "services": ["p/s"], "when": NEVER}
    tables = {**TABLES, "rules": [rule]}
    everybody = (S, M, C, R)
    dear = {"prices": dict.fromkeys(everybody, 1.0), "budget": budget("stop")}
    small = dict.fromkeys(everybody, Abilities(context=100, cuts=True))
    signals = Signals(said="words", model="auto", tokens=600)
    for abilities, world, kind in (
        ({}, dear, FailureKind.QUOTA),
        (small, {}, FailureKind.CONTEXT_OVERFLOW),
    ):
        refusal = decided(signals, abilities, tables=tables, **world).refusal
        assert refusal is not None
        assert refusal.kind is kind


def test_whom_only_another_rule_names_has_no_part_in_a_refusal() -> None:
    rule = {"name": "never", "services": ["p/m"], "when": NEVER}
    route = {"name": "r", "use": "pool", "services": ["cloud/c"], "strict": True, "rules": [rule]}
    refusal = decided(
        Signals(said="words", model="auto", tokens=600),
        {M: Abilities(context=100, cuts=True)},
        tables={**TABLES, "providers": WITH_CLOUD, "routes": [route]},
        keyless={"cloud": "no key"},
    ).refusal
    assert refusal is not None
    assert refusal.kind is FailureKind.NO_SERVICE


def test_of_a_prompt_that_is_too_long_it_is_told_who_might_have_had_the_room() -> None:
    tiers = {"SIMPLE": {"services": ["p/s"]}, "COMPLEX": {"services": ["cloud/c"]}}
    refusal = decided(
        Signals(said="words", model="auto", tokens=600),
        {S: Abilities(context=100, cuts=True)},
        tables={**TABLES, "providers": WITH_CLOUD, "tiers": tiers},
        keyless={"cloud": "no key"},
    ).refusal
    assert refusal is not None
    assert refusal.kind is FailureKind.CONTEXT_OVERFLOW
    assert "no model that can be asked takes more than" in refusal.sentence
    assert "cloud/c: " in refusal.sentence


@pytest.mark.parametrize("is_free", [True, False], ids=["others are free", "others are not"])
def test_a_strict_rule_that_nobody_can_pay_for_says_so(is_free: bool) -> None:
    rule = {"name": "private", "strict": True, "services": ["p/s"]}
    prices = {S: 1.0, **dict.fromkeys((M, C, R), 0.0 if is_free else 1.0)}
    decision = decided(
        Signals(said="words", model="auto"),
        {},
        tables={**TABLES, "rules": [rule]},
        prices=prices,
        budget=budget("stop"),
    )
    assert decision.refusal is not None
    assert decision.refusal.kind is FailureKind.QUOTA


def test_whom_only_another_rule_names_shuts_nobody_out() -> None:
    never = {"name": "never", "services": ["p/other"]}
    never["when"] = [{"signal": "model", "op": "equals", "value": "a model that nobody asks for"}]
    for rules in ([], [never]):
        route = {"name": "r", "use": "pool", "services": ["p/s"], "strict": True, "rules": rules}
        assert decided(DEMANDS, {S: LOOSE}, tables={**TABLES, "routes": [route]}).service == S


def test_a_tools_result_stays_although_a_schema_is_demanded_of_it() -> None:
    signals = replace(DEMANDS, is_tool_turn=True, has_tool_history=True, answered=("toolu_1",))
    assert decided(signals, {M: LOOSE}, issuer=CallIssuer(M, "MEDIUM")).service == M


# -- thought -----------------------------------------------------------------------------------------

THINKS, CANNOT = Abilities(thinking=True), Abilities(thinking=False)
WANTS_THOUGHT = Signals(said="words", model="auto", thinking=True)
PAIRS = {
    **TABLES,
    "tiers": {**TABLES["tiers"], "COMPLEX": {"services": ["p/c", "p/c2"]}},
}
C2 = Service("p", "c2")


def test_a_hard_turn_that_asks_for_thought_begins_with_who_can_think() -> None:
    decision = decided(WANTS_THOUGHT, {C: CANNOT}, needs="COMPLEX", tables=PAIRS)
    assert (decision.service, decision.tier) == (C2, "COMPLEX")
    assert "tier.thought" in codes(decision)


def test_who_cannot_still_stands_in_when_the_others_fail() -> None:
    decision = decided(WANTS_THOUGHT, {C: CANNOT}, needs="COMPLEX", tables=PAIRS)
    asked = [each.service for each in decision.candidates]
    assert C in asked
    assert asked.index(C) > 0
    assert against(decision, C) is None


def test_a_tier_of_which_nobody_can_is_what_the_user_wants() -> None:
    decision = decided(WANTS_THOUGHT, {C: CANNOT, C2: CANNOT}, needs="COMPLEX", tables=PAIRS)
    assert (decision.service, decision.tier) == (C, "COMPLEX")
    assert "tier.thought" not in codes(decision)


def test_where_nobody_can_it_begins_where_it_would_have_begun() -> None:
    decision = decided(WANTS_THOUGHT, dict.fromkeys((S, M, C, R), CANNOT), needs="COMPLEX")
    assert [each.service for each in decision.candidates] == [C, R, M, S]
    assert "tier.thought" not in codes(decision)


@pytest.mark.parametrize("needs", ["SIMPLE", "MEDIUM"])
def test_an_easy_turn_needs_no_thought(needs: TierName) -> None:
    service = {"SIMPLE": S, "MEDIUM": M}[needs]
    assert decided(WANTS_THOUGHT, {service: CANNOT}, needs=needs).service == service


def test_nor_one_that_does_not_ask_for_it() -> None:
    assert decided(Signals(said="words", model="auto"), {C: CANNOT, R: THINKS}, needs="COMPLEX").service == C


def test_nor_a_tools_result_which_goes_on_where_it_was() -> None:
    signals = replace(WANTS_THOUGHT, is_tool_turn=True, has_tool_history=True, answered=("toolu_1",))
    decision = decided(signals, {C: CANNOT, R: THINKS}, issuer=CallIssuer(C, "COMPLEX"))
    assert decision.service == C


def test_a_tier_that_is_asked_for_is_hard_enough_if_it_is_one_of_the_two() -> None:
    decision = decided(WANTS_THOUGHT, {C: CANNOT}, tier="COMPLEX", tables=PAIRS)
    assert decision.service == C2


@pytest.mark.parametrize("needs", ["COMPLEX", "REASONING"])
def test_a_hard_turn_does_not_go_to_the_smallest_because_that_can_think(needs: TierName) -> None:
    decision = decided(WANTS_THOUGHT, {M: CANNOT, C: CANNOT, R: CANNOT, S: THINKS}, needs=needs)
    assert decision.tier == needs
