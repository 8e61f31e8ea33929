"""What a server near tells of a model: whether a prompt fits, what becomes of one that does not."""

from collections.abc import Mapping
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.routing.selection.decision import Decision
from proxy.routing.selection.request import Request, Said
from proxy.routing.selection.room import is_near_its_limit, room_for_answer, too_small
from proxy.routing.selection.selector import Selector
from proxy.routing.selection.snapshot import Abilities, Snapshot
from proxy.routing.service import Service
from proxy.routing.signals import Signals
from proxy.wire.failure import FailureKind
from tests.proxy.configured import configured
from tests.proxy.routing.selection.judging import Says

NEAR, LARGE, FAR = Service("near", "m"), Service("near", "large"), Service("far", "m")
TABLES: dict[str, Any] = {
    "providers": {
        "near": {"kind": "ollama"},
        "far": {"kind": "openai-compatible", "base_url": "http://p.example/v1", "key": "none"},
    },
    "tiers": {"SIMPLE": {"services": ["near/m"]}, "COMPLEX": {"services": ["far/m"]}},
}
CUTS = Abilities(context=10_000, cuts=True)


def signals(tokens: int, **more: Any) -> Signals:
    return Signals(said="words", tokens=tokens, **{"model": "auto", "max_output": 0, **more})


def why(tokens: int, can: Abilities, **world: Any) -> str | None:
    snapshot = Snapshot(abilities={NEAR: can}, **world)
    found = too_small(snapshot, signals(tokens), NEAR)
    return None if found is None else found.code


def decided(
    tokens: int,
    abilities: Mapping[Service, Abilities],
    *,
    said: Said | None = None,
    model: str = "auto",
    tables: Mapping[str, Any] = TABLES,
    **world: Any,
) -> Decision:
    selector = Selector(configured(**tables), Says({}, otherwise=10))
    request = Request(signals=signals(tokens, model=model), said=said or Said())
    return selector.select(request, Snapshot(abilities=abilities, **world), Random(1))


# -- how large a prompt may be -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tokens", "can", "world", "found"),
    [
        pytest.param(10_000, Abilities(context=10_000), {}, None, id="whoever refuses may be tried"),
        pytest.param(10_001, Abilities(context=10_000), {}, "health.small", id="but not in vain"),
        pytest.param(8_000, CUTS, {}, None, id="a quarter longer at worst"),
        pytest.param(8_001, CUTS, {}, "health.cuts", id="and that would be cut"),
        pytest.param(9_090, CUTS, {"ratios": {NEAR: 1.0}}, None, id="a tenth once it has counted"),
        pytest.param(9_091, CUTS, {"ratios": {NEAR: 1.0}}, "health.cuts", id="which may be too much as well"),
        pytest.param(6_000, CUTS, {"ratios": {NEAR: 1.6}}, "health.cuts", id="by its own count"),
        pytest.param(9_500, CUTS, {"ratios": {NEAR: 0.5}}, "health.cuts", id="of which it may tell a part"),
        pytest.param(99_999, CUTS, {"counted": {NEAR: 10_000}}, None, id="unless it counted this one"),
        pytest.param(1, CUTS, {"counted": {NEAR: 10_001}}, "health.small_counted", id="and then it holds"),
        pytest.param(
            9_000,
            Abilities(context=4096, cuts=True, is_unloaded=True),
            {},
            "health.unloaded",
            id="with what it would be loaded with",
        ),
        pytest.param(10**9, Abilities(cuts=True), {}, None, id="nothing is known"),
    ],
)
def test_a_prompt_fits_as_far_as_it_is_known(
    tokens: int, can: Abilities, world: dict[str, Any], found: str | None
) -> None:
    assert why(tokens, can, **world) == found


@given(
    st.integers(1, 500_000),
    st.integers(1, 500_000),
    st.floats(0.4, 2.5),
    st.none() | st.integers(0, 100_000),
)
def test_what_is_left_to_somebody_who_cuts_fits_with_a_tenth_to_spare(
    tokens: int, context: int, ratio: float, wanted: int | None
) -> None:
    can = Abilities(context=context, cuts=True)
    snapshot = Snapshot(abilities={NEAR: can}, ratios={NEAR: ratio})
    if too_small(snapshot, signals(tokens, max_output=wanted), NEAR) is None:
        assert tokens * max(ratio, 1.0) * 1.09 + room_for_answer(can, wanted) <= context


@pytest.mark.parametrize(
    ("tokens", "is_near"), [(1, False), (6_600, False), (6_700, True), (15_000, True), (15_001, False)]
)
def test_only_near_a_window_an_estimate_is_doubted(tokens: int, is_near: bool) -> None:
    assert is_near_its_limit(Abilities(context=10_000), tokens, 0) == is_near
    assert not is_near_its_limit(Abilities(), tokens, 0)


# -- what becomes of one that is too long ------------------------------------------------------------


def test_it_goes_to_the_next_tier_and_both_sides_are_told() -> None:
    decision = decided(9_000, {NEAR: CUTS})
    assert decision.service == FAR
    [found] = [each for each in decision.verdicts if each.service == NEAR]
    assert "it has room for 10,000" in found.why
    assert any(each.code == "health.passed_over" for each in decision.reasons)


@pytest.mark.parametrize(
    ("can", "sizes"),
    [
        (CUTS, (90_000, 10_000)),
        (Abilities(context=4096, cuts=True, is_unloaded=True), (None, None)),
    ],
)
def test_nobody_who_cuts_may_try_what_is_too_long_for_all(
    can: Abilities, sizes: tuple[int | None, int | None]
) -> None:
    """The largest of those who refuse may."""
    only_near = {**TABLES, "tiers": {"SIMPLE": {"services": ["near/m"]}}}
    refusal = decided(90_000, {NEAR: can}, tables=only_near).refusal
    assert refusal is not None
    assert (refusal.kind, refusal.tokens, refusal.maximum) == (FailureKind.CONTEXT_OVERFLOW, *sizes)
    assert "prompt is too long" in refusal.sentence.lower()
    small = Abilities(context=10_000)
    assert decided(90_000, {NEAR: small}, tables=only_near).service == NEAR
    two = {**TABLES, "tiers": {"SIMPLE": {"services": ["near/large", "near/m"]}}}
    larger = Abilities(context=20_000, cuts=True)
    assert decided(90_000, {NEAR: small, LARGE: larger}, tables=two).service == NEAR


def test_a_strict_rule_without_room_tells_so_although_others_have_room() -> None:
    rule = {"name": "here", "strict": True, "services": ["near/m"]}
    refusal = decided(90_000, {NEAR: CUTS}, tables={**TABLES, "rules": [rule]}).refusal
    assert refusal is not None
    assert (refusal.kind, refusal.maximum) == (FailureKind.CONTEXT_OVERFLOW, 10_000)


def test_what_is_told_to_be_too_long_is_longer_than_what_is_told_to_fit() -> None:
    """Clients reckon with both numbers."""
    only_near = {**TABLES, "tiers": {"SIMPLE": {"services": ["near/m"]}}}
    for tokens in range(8_001, 12_000, 500):
        refusal = decided(tokens, {NEAR: CUTS}, tables=only_near).refusal
        assert refusal is not None
        assert refusal.tokens == tokens
        assert (refusal.maximum or 0) < tokens


# -- requests that name who is to answer -------------------------------------------------------------

BY_NAME: list[dict[str, Any]] = [
    {"model": "near/m"},
    {"said": Said(service=NEAR)},
    {"said": Said(issuer=NEAR)},
]


@pytest.mark.parametrize("asked", BY_NAME, ids=["by its name", "to try it", "going on"])
def test_one_that_is_named_is_not_asked_for_what_it_would_cut(asked: dict[str, Any]) -> None:
    assert decided(1_000, {NEAR: CUTS}, **asked).service == NEAR
    refusal = decided(9_000, {NEAR: CUTS}, **asked).refusal
    assert refusal is not None
    assert refusal.kind is FailureKind.CONTEXT_OVERFLOW
    assert decided(9_000, {NEAR: Abilities(context=5_000)}, **asked).service == NEAR


@pytest.mark.parametrize("asked", [*BY_NAME, {}], ids=["by its name", "to try it", "going on", "routed"])
@pytest.mark.parametrize(
    "forbids",
    [{"routing": {"local_only": True}}, {"routes": [{"name": "r", "local_only": True}]}],
    ids=["globally", "on the route"],
)
def test_one_that_passes_requests_on_is_not_asked_for_what_must_stay(
    asked: dict[str, Any], forbids: dict[str, Any]
) -> None:
    leaves, stays = {NEAR: Abilities(leaves=True)}, {NEAR: Abilities()}
    tables = {**TABLES, **forbids}
    assert decided(10, stays, tables=tables, **asked).service == NEAR
    refused = decided(10, leaves, tables=tables, **asked)
    assert (refused.service, refused.candidates) == (None, ())
    assert refused.refusal is not None
    assert decided(10, leaves, **asked).service == NEAR


def test_where_routing_is_off_the_same_holds() -> None:
    tables = {**TABLES, "routing": {"enabled": False, "local_only": True}}
    assert decided(10, {NEAR: Abilities(leaves=True)}, model="m", tables=tables).service is None
    assert decided(9_000, {NEAR: CUTS}, model="m", tables=tables).service is None
    assert decided(10, {NEAR: CUTS}, model="m", tables=tables).service == NEAR


def test_embeddings_stay_here_as_well() -> None:
    selector = Selector(configured(**TABLES, routing={"local_only": True}), Says({}, otherwise=10))
    asked = Request(signals=signals(10, model="m", surface="embeddings"), said=Said(speakers=("near",)))

    def served(can: Abilities) -> Service | None:
        return selector.select(asked, Snapshot(abilities={NEAR: can}), Random(1)).service

    assert (served(Abilities()), served(Abilities(leaves=True))) == (NEAR, None)
