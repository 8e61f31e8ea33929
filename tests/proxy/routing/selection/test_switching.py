"""Whether a session may leave a service that has its prompt cached: each answer, and what it comes to."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.config import TierName
from proxy.money.caching import CacheRules
from proxy.money.rates import Prices, Rate
from proxy.money.remaining import USUAL, USUAL_STAY, Remaining
from proxy.routing.selection.economics import Economics, Verdict
from proxy.routing.selection.snapshot import Terms
from proxy.routing.selection.switching import weighed
from proxy.routing.service import Service
from proxy.routing.signals import Kind
from tests.proxy.routing.selection.warm import HERE, MARKED, TERMS, UNPRICED, C, M, S, Warm, charging


def leaving(warm: Warm, there: Service = S, tier: TierName | None = "SIMPLE") -> Economics:
    return weighed(warm.context, warm.pin, there, tier)


# -- when there is nothing to calculate --------------------------------------------------------------


def test_what_is_cold_may_be_left_and_costs_nothing() -> None:
    found = leaving(Warm(cached=0))
    assert (found.verdict, found.here, found.there, found.may_go) == (Verdict.COLD, "p/c", "p/s", True)
    assert (found.prefix, found.stay_usd, found.switch_usd, found.once_usd) == (0, None, None, None)


@pytest.mark.parametrize(
    ("least", "cached", "verdict"),
    [(1024, 1023, Verdict.COLD), (1024, 1024, Verdict.PAYS), (4096, 4095, Verdict.COLD)],
)
def test_less_than_a_vendor_caches_is_nothing(least: int, cached: int, verdict: Verdict) -> None:
    terms = {**TERMS, C: charging(5, CacheRules(is_automatic=False, least=least))}
    assert leaving(Warm(cached=cached, tokens=cached + 500, terms=terms)).verdict == verdict


@pytest.mark.parametrize(("tokens", "verdict"), [(14_999, Verdict.RESTARTED), (15_000, Verdict.PAYS)])
def test_a_prompt_that_has_shrunk_begins_anew(tokens: int, verdict: Verdict) -> None:
    found = leaving(Warm(cached=30_000, tokens=tokens))
    assert (found.verdict, found.prefix, found.may_go) == (verdict, 30_000, True)


@pytest.mark.parametrize(("cached", "verdict"), [(16_000, Verdict.FREE), (16_001, Verdict.LOCAL)])
def test_between_two_models_on_this_machine_only_the_time_to_read_counts(
    cached: int, verdict: Verdict
) -> None:
    found = leaving(Warm(cached=cached, tokens=cached, terms={C: HERE, S: HERE}))
    assert (found.verdict, found.may_go, found.stay_usd) == (verdict, verdict is Verdict.FREE, None)


def test_from_a_paid_one_to_this_machine_it_pays_at_once_and_back_it_never_does() -> None:
    assert leaving(Warm(terms={**TERMS, S: HERE})).verdict == Verdict.PAYS
    found = leaving(Warm(terms={**TERMS, S: HERE}), S, None)
    assert (found.verdict, found.break_even) == (Verdict.PAYS, 0.0)
    found = leaving(Warm(terms={**TERMS, C: HERE}))
    assert (found.verdict, found.may_go) == (Verdict.STAYS, False)
    assert found.break_even is not None
    assert found.break_even < 0


_HALF_PRICED = Terms(Prices(Rate(1.0)), MARKED)


@pytest.mark.parametrize("unknown", [UNPRICED, _HALF_PRICED, Terms(Prices(output=Rate(5.0)), MARKED)])
@pytest.mark.parametrize("of", [S, C])
def test_what_cannot_be_compared_is_not_taken_for_cheaper(unknown: Terms, of: Service) -> None:
    found = leaving(Warm(terms={**TERMS, of: unknown}))
    assert (found.verdict, found.may_go, found.prefix) == (Verdict.UNPRICED, False, 30_000)
    assert (found.stay_usd, found.switch_usd) == (None, None)


def test_nobody_knows_the_terms_of_a_service_that_is_not_listed() -> None:
    assert leaving(Warm(terms={})).verdict == Verdict.UNPRICED


def test_beyond_the_budget_the_cache_keeps_nobody() -> None:
    assert leaving(Warm(), M, "MEDIUM").verdict == Verdict.STAYS
    assert leaving(Warm(is_over_budget=True), M, "MEDIUM").verdict == Verdict.BUDGET


# -- what it comes to --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cached", "there", "once", "saved", "turns"),
    [
        (30_000, M, 0.104, 0.021, 5.0),
        (30_000, S, 0.034, 0.042, 0.8),
        (100_000, M, 0.345, 0.035, 9.9),
        (100_000, S, 0.115, 0.070, 1.7),
    ],
)
def test_the_numbers_of_the_guide_are_those_of_the_calculation(
    cached: int, there: Service, once: float, saved: float, turns: float
) -> None:
    """From 5 dollars per million tokens to 3, and to 1."""
    terms = {**TERMS, M: charging(3)}
    found = leaving(Warm(cached=cached, tokens=cached + 2000, terms=terms), there, None)
    assert found.once_usd == pytest.approx(once, abs=0.0006)
    assert found.break_even == pytest.approx(turns, abs=0.06)
    assert found.stay_usd is not None
    assert found.switch_usd is not None
    assert found.once_usd is not None
    difference = found.stay_usd - found.switch_usd + found.once_usd
    assert difference / USUAL == pytest.approx(saved, abs=0.0006)


def test_both_sides_are_told_whether_it_goes_or_stays() -> None:
    for there, verdict in ((S, Verdict.PAYS), (M, Verdict.STAYS)):
        found = leaving(Warm(cached=100_000, tokens=102_000), there)
        assert found.verdict == verdict
        assert found.stay_usd is not None
        assert found.switch_usd is not None
        assert (found.switch_usd < found.stay_usd) == (verdict is Verdict.PAYS)
        assert found.prefix == 100_000
        assert None not in (found.once_usd, found.break_even, found.expected)


def test_what_is_cached_there_already_need_not_be_read_again() -> None:
    cold, warm = leaving(Warm(), M, None), leaving(Warm(elsewhere={M: 28_000}), M, None)
    assert cold.once_usd is not None
    assert warm.once_usd is not None
    assert warm.once_usd < cold.once_usd / 5
    assert (warm.verdict, warm.prefix) == (Verdict.PAYS, 30_000)


_LONG = (100,) * 20
"""Conversations of which the record tells."""


@pytest.mark.parametrize(
    ("messages", "tier", "turns", "expected"),
    [
        (9, None, Remaining(), USUAL),
        (9, "SIMPLE", Remaining(), USUAL_STAY),
        (0, None, Remaining(_LONG), 100),
        (180, None, Remaining(_LONG), 10),
        (199, None, Remaining(_LONG), 1),
        (180, "SIMPLE", Remaining(_LONG, {"SIMPLE": (30,) * 20}), 10),
        (180, "SIMPLE", Remaining(_LONG, {"SIMPLE": (3,) * 20}), 3),
        (180, "MEDIUM", Remaining(_LONG, {"SIMPLE": (3,) * 20}), USUAL_STAY),
    ],
)
def test_the_turns_that_count_are_those_until_it_ends_or_comes_back(
    messages: int, tier: TierName | None, turns: Remaining, expected: float
) -> None:
    assert leaving(Warm(messages=messages, turns=turns), S, tier).expected == expected


def test_a_compaction_is_one_turn_and_nobody_comes_back_from_it() -> None:
    here = Warm(cached=100_000, tokens=102_000)
    usual, last = leaving(here), leaving(replace(here, kind=Kind.COMPACTION))
    assert (usual.verdict, usual.expected) == (Verdict.PAYS, USUAL_STAY)
    assert (last.verdict, last.expected) == (Verdict.STAYS, 1)
    assert last.once_usd is not None
    assert usual.once_usd is not None
    assert last.once_usd <= usual.once_usd


def test_the_way_back_is_on_the_bill_as_likely_as_it_is() -> None:
    def once(returns: int, tier: TierName | None = "SIMPLE") -> float:
        """Of twenty stays, so many of which were left again for more."""
        turns = Remaining(_LONG, {"SIMPLE": (90,) * 20}, {"SIMPLE": returns})
        found = leaving(Warm(messages=0, turns=turns), S, tier)
        assert found.once_usd is not None
        return found.once_usd

    never, half, always = once(0), once(10), once(20)
    assert always > never + 0.1  # by then all of it is cold, and is read at 5 dollars
    assert half == pytest.approx((never + always) / 2)
    assert once(20, None) == never  # from a better one of its own tier there is no way back


def test_a_client_that_marks_nothing_has_nothing_to_lose() -> None:
    marked, unmarked = leaving(Warm(), M), leaving(Warm(asked_seconds=0), M)
    assert (marked.verdict, unmarked.verdict) == (Verdict.STAYS, Verdict.PAYS)


_PRICES = st.sampled_from([0.0, 0.1, 1.0, 3.0, 5.0, 15.0])


@st.composite
def any_warm(draw: st.DrawFn) -> Warm:
    terms = {service: draw(st.sampled_from([UNPRICED, HERE]) | _PRICES.map(charging)) for service in (C, S)}
    more: dict[str, Any] = {
        "cached": draw(st.sampled_from([0, 900, 5000, 30_000, 200_000])),
        "tokens": draw(st.sampled_from([100, 5000, 20_000, 150_000, 210_000])),
        "elsewhere": draw(st.sampled_from([{}, {S: 4000}, {S: 150_000}])),
        "kind": draw(st.sampled_from([Kind.MAIN, Kind.SUBAGENT, Kind.COMPACTION])),
        "messages": draw(st.sampled_from([0, 9, 500])),
        "asked_seconds": draw(st.sampled_from([0, 300, 3600])),
        "is_over_budget": draw(st.booleans()),
    }
    return Warm(terms=terms, **more)


@given(any_warm(), st.sampled_from([None, "SIMPLE", "MEDIUM"]))
def test_it_pays_exactly_where_going_is_cheaper_than_staying(warm: Warm, tier: TierName | None) -> None:
    found = leaving(warm, S, tier)
    is_calculated = found.verdict in (Verdict.PAYS, Verdict.STAYS)
    sides = (found.stay_usd, found.switch_usd, found.once_usd, found.break_even, found.expected)
    assert all((each is not None) == is_calculated for each in sides)
    if found.stay_usd is None or found.switch_usd is None:
        return
    if abs(found.stay_usd - found.switch_usd) > 1e-9:
        assert (found.switch_usd < found.stay_usd) == (found.verdict == Verdict.PAYS) or (
            found.break_even == -1.0 and found.verdict == Verdict.STAYS
        )
    assert found.expected is not None
    assert found.expected >= 1
