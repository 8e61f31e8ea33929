"""What holds for every tactic, and the three that go by the configuration alone."""

from random import Random
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.config import Tactic
from proxy.routing.balance.figures import NO_FIGURES, Figures
from proxy.routing.balance.tactics import BalanceView, Order, order_by
from proxy.routing.service import Candidate, Service
from tests.proxy.routing.balance.pools import NO_EXPLORING, a_view, candidate, names, shares

TACTICS: tuple[Tactic, ...] = get_args(Tactic)
_FIGURES = st.builds(
    Figures,
    latency_ms=st.none() | st.floats(0, 1e6),
    speed=st.none() | st.floats(0.1, 1e4),
    samples=st.integers(0, 200),
    speed_samples=st.just(0),
    tokens=st.integers(0, 10**9),
)
_COUNTS = st.integers(0, 50)


@st.composite
def situations(draw: st.DrawFn) -> tuple[list[Candidate], BalanceView]:
    services = [Service("p", f"m{number}") for number in range(draw(st.integers(1, 6)))]
    pool = [
        Candidate(each, weight=draw(_COUNTS), priority=draw(_COUNTS), capacity=draw(_COUNTS))
        for each in services
    ]
    figures = {each: draw(_FIGURES) for each in services}
    taken = {each: draw(_COUNTS) for each in services}
    cursor = draw(st.none() | st.sampled_from([*services, Service("p", "gone")]))
    return pool, BalanceView(figures.__getitem__, taken.__getitem__, cursor)


@pytest.mark.parametrize("tactic", TACTICS)
@given(situation=situations(), seed=st.integers(0, 100))
def test_nobody_is_lost_or_doubled_and_the_same_seed_gives_the_same_order(
    tactic: Tactic, situation: tuple[list[Candidate], BalanceView], seed: int
) -> None:
    pool, view = situation
    order = order_by(tactic, pool, view, Random(seed))
    assert sorted(each.service.model for each in order.candidates) == sorted(
        each.service.model for each in pool
    )
    assert order.note
    assert order == order_by(tactic, pool, view, Random(seed))


@pytest.mark.parametrize("tactic", TACTICS)
def test_nobody_is_no_order(tactic: Tactic) -> None:
    assert order_by(tactic, [], BalanceView(), NO_EXPLORING) == Order(())


@pytest.mark.parametrize("tactic", TACTICS)
def test_the_only_one_is_never_explored(tactic: Tactic) -> None:
    only = candidate("a", weight=0, capacity=1)
    for seed in range(300):
        order = order_by(tactic, [only], a_view(in_flight={"a": 1}), Random(seed))
        assert (order.candidates, order.explored) == ((only,), False)


@pytest.mark.parametrize("tactic", ["priority", "random", "round_robin"])
def test_those_that_learn_nothing_explore_nothing(tactic: Tactic) -> None:
    pool = [candidate(name) for name in "abc"]
    assert not any(order_by(tactic, pool, BalanceView(), Random(seed)).explored for seed in range(500))


def test_the_lowest_priority_comes_first_and_equal_ones_as_they_are_listed() -> None:
    pool = [candidate("c", priority=2), candidate("a", priority=1), candidate("d", priority=2)]
    order = order_by("priority", [*pool, candidate("b", priority=1)], BalanceView(), NO_EXPLORING)
    assert names(order) == "abcd"
    assert order.note == "priority 1"


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ([3, 1], [0.75, 0.25]),
        ([0, 0], [0.5, 0.5]),
        ([0, 5], [0, 1]),
        ([2, 0, 6], [0.25, 0, 0.75]),
        ([1, 1, 1, 1], [0.25, 0.25, 0.25, 0.25]),
        ([-5, 1], [0, 1]),
    ],
)
def test_random_gives_each_its_share_of_the_weights(weights: list[int], expected: list[float]) -> None:
    pool = [candidate(name, weight) for name, weight in zip("abcd", weights, strict=False)]
    found = list(shares("random", pool, BalanceView()).values())
    assert found == pytest.approx(expected, abs=0.02)
    assert [share == 0 for share in found] == [share == 0 for share in expected]


def test_random_asks_those_of_no_weight_last_and_the_others_by_weight() -> None:
    pool = [candidate("a", 0), candidate("b", 8), candidate("c", 0), candidate("d", 1), candidate("e", 3)]
    random = Random(1)
    orders = [order_by("random", pool, BalanceView(), random) for _ in range(4000)]
    assert {names(order)[-2:] for order in orders} == {"ac"}
    after_b = [names(order)[1] for order in orders if names(order)[0] == "b"]
    assert after_b.count("e") / len(after_b) == pytest.approx(3 / 4, abs=0.03)
    assert {order.note for order in orders} == {"weight 8 of 12", "weight 1 of 12", "weight 3 of 12"}


@pytest.mark.parametrize(
    ("cursor", "expected", "turn"), [("", "abc", 1), ("a", "bca", 2), ("c", "abc", 1), ("gone", "abc", 1)]
)
def test_who_is_listed_after_the_last_one_has_its_turn(cursor: str, expected: str, turn: int) -> None:
    pool = [candidate("a", weight=0), candidate("b", weight=9), candidate("c")]
    order = order_by("round_robin", pool, a_view(cursor=cursor), NO_EXPLORING)
    assert (names(order), order.note) == (expected, f"turn {turn} of 3")


def test_in_as_many_turns_everybody_has_one() -> None:
    pool = [candidate(name) for name in "abcd"]
    cursor, seen = "", ""
    for _ in range(8):
        cursor = names(order_by("round_robin", pool, a_view(cursor=cursor), NO_EXPLORING))[0]
        seen += cursor
    assert seen == "abcdabcd"


def test_no_figures_are_none() -> None:
    assert Figures(None, None, None, None, None, 0, 0, 0) == NO_FIGURES
