"""The tactic that goes by free seats."""

from random import Random

import pytest

from proxy.routing.balance.tactics import order_by
from tests.proxy.routing.balance.pools import NO_EXPLORING, a_view, candidate, names, shares


@pytest.mark.parametrize(
    ("capacities", "in_flight", "expected"),
    [
        pytest.param([9, 1], {}, [0.9, 0.1], id="idle: by capacity"),
        pytest.param([9, 0], {}, [0.5, 0.5], id="no limit counts as the largest"),
        pytest.param([9, 0, 3], {}, [9 / 21, 9 / 21, 3 / 21], id="no limit beside two"),
        pytest.param([4, 4], {"a": 3}, [0.2, 0.8], id="by what is free"),
        pytest.param([2, 2], {"a": 2}, [0, 1], id="full gets nothing"),
        pytest.param([2, 0], {"a": 1, "b": 90}, [0.5, 0.5], id="no limit is never full"),
        pytest.param([0, 0], {}, [0.5, 0.5], id="nobody has a limit"),
        pytest.param([0, 0], {"a": 3}, [0.2, 0.8], id="nobody has a limit, one is busy"),
    ],
)
def test_each_gets_its_share_of_the_free_seats(
    capacities: list[int], in_flight: dict[str, int], expected: list[float]
) -> None:
    pool = [
        candidate(name, weight=0, capacity=capacity)
        for name, capacity in zip("abc", capacities, strict=False)
    ]
    found = list(shares("capacity", pool, a_view(in_flight=in_flight)).values())
    assert found == pytest.approx(expected, abs=0.02)
    assert [share == 0 for share in found] == [share == 0 for share in expected]


def test_where_all_are_full_the_fewest_per_seat_come_first() -> None:
    pool = [candidate("a", capacity=1), candidate("b", capacity=4), candidate("c", capacity=2)]
    for seed in range(200):
        order = order_by("capacity", pool, a_view(in_flight={"a": 3, "b": 5, "c": 4}), Random(seed))
        assert (names(order), order.explored, order.note) == ("bca", False, "seats free 0 of 4")


def test_the_full_ones_come_last() -> None:
    pool = [candidate("a", capacity=1), candidate("b", capacity=4), candidate("c", capacity=2)]
    order = order_by("capacity", pool, a_view(in_flight={"a": 1, "b": 1, "c": 4}), NO_EXPLORING)
    assert (names(order), order.note) == ("bac", "seats free 3 of 4")


def test_some_of_its_draws_are_marked_as_explored() -> None:
    pool = [candidate("a", capacity=9), candidate("b", capacity=1)]
    random = Random(5)
    explored = sum(order_by("capacity", pool, a_view(), random).explored for _ in range(8000))
    assert explored / 8000 == pytest.approx(0.02, abs=0.006)
