"""The numbers of an axis are round, even, and reach around all that is drawn."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.widgets.charts.ticks import nice_ticks

VALUES = st.floats(-1e12, 1e12).filter(lambda value: value == 0 or abs(value) > 1e-9)


@given(VALUES, VALUES, st.integers(1, 12))
def test_ticks_cover_the_range_and_rise(one: float, other: float, most: int) -> None:
    low, high = min(one, other), max(one, other)
    ticks = nice_ticks(low, high, most)
    step = ticks[1] - ticks[0]
    assert ticks[0] <= low + step * 1e-6
    assert ticks[-1] >= high - step * 1e-6
    assert all(before < after for before, after in pairwise(ticks))
    assert 0.0 in ticks
    assert 2 <= len(ticks) <= max(most, 2) + 1


@given(VALUES, VALUES, st.integers(2, 12))
def test_a_step_is_one_two_or_five_times_a_power_of_ten(one: float, other: float, most: int) -> None:
    ticks = nice_ticks(min(one, other), max(one, other), most)
    assert f"{ticks[1] - ticks[0]:e}"[0] in "125" or f"{ticks[1] - ticks[0]:.3e}"[:5] == "10.00"


@given(VALUES.filter(lambda value: value > 0), st.integers(2, 12))
def test_no_more_room_is_left_above_than_a_step(high: float, most: int) -> None:
    ticks = nice_ticks(0, high, most)
    assert ticks[-2] < high


@pytest.mark.parametrize(
    ("low", "high", "most", "ticks"),
    [
        (0, 10, 5, (0, 2, 4, 6, 8, 10)),
        (0, 0.3, 3, (0, 0.1, 0.2, 0.3)),
        (-0.8, 2.4, 4, (-1, 0, 1, 2, 3)),
        (5, 7, 4, (0, 2, 4, 6, 8)),
        (-7, -5, 4, (-8, -6, -4, -2, 0)),
        (0, 0, 4, (0, 0.5, 1)),
        (0, 1e-7, 2, (0, 5e-8, 1e-7)),
    ],
)
def test_known_ranges(low: float, high: float, most: int, ticks: tuple[float, ...]) -> None:
    assert nice_ticks(low, high, most) == ticks


def test_things_that_are_counted_have_no_halves() -> None:
    assert nice_ticks(0, 2, 6, least_step=1) == (0, 1, 2)
    assert nice_ticks(0, 0, 6, least_step=1) == (0, 1)


def test_an_axis_has_two_ends_however_little_rises_on_it() -> None:
    assert nice_ticks(0.0, 5e-12, 5, least_step=1) == (0.0, 1.0)
