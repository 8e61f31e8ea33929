"""Numbers as axes and tips write them, and data that cannot be drawn."""

import math

import pytest

from ui.widgets.charts.data import Figure, Series, Share, Span, total
from ui.widgets.charts.units import COUNT, MONEY, MS, PERCENT, Unit


@pytest.mark.parametrize(
    ("unit", "value", "step", "written"),
    [
        (MONEY, 0, 0.5, "$0.00"),
        (MONEY, 0.5, 0.5, "$0.50"),
        (MONEY, -2, 1, "-$2"),
        (MONEY, 1500, 500, "$1,500"),
        (MONEY, 0.002, 0.001, "$0.002"),
        (COUNT, 1500, 500, "1.5k"),
        (COUNT, 1000, 500, "1.0k"),
        (COUNT, 0, 500, "0"),
        (COUNT, 40, 20, "40"),
        (COUNT, 2_000_000, 1_000_000, "2M"),
        (MS, 200, 100, "200 ms"),
        (MS, 1500, 500, "1.5 s"),
        (MS, 0.5, 0.5, "0.5 ms"),
        (PERCENT, 25, 25, "25 %"),
    ],
)
def test_ticks_of_one_axis_have_the_same_digits(unit: Unit, value: float, step: float, written: str) -> None:
    assert unit.tick(value, step) == written


@pytest.mark.parametrize(
    ("unit", "value", "told"),
    [(MONEY, -0.5, "-$0.50"), (COUNT, 12345, "12,345"), (COUNT, 1.5, "1.50"), (MS, 340, "340 ms")],
)
def test_a_value_is_told_in_full(unit: Unit, value: float, told: str) -> None:
    assert unit.told(value) == told


def test_a_series_has_a_value_for_each_category() -> None:
    with pytest.raises(ValueError, match="a has 1 values for 2 categories"):
        Figure(("x", "y"), (Series("a", (1,)),))


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_what_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="None stands for what is unknown"):
        Series("a", (1, value))


def test_a_span_does_not_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="a ends before it starts"):
        Span("a", 5, 4)


def test_no_part_of_a_whole_is_less_than_nothing() -> None:
    with pytest.raises(ValueError, match="a is less than nothing"):
        Share("a", -1)


def test_the_sum_of_nothing_known_is_unknown() -> None:
    assert total((None, None)) is None
    assert total((None, 2, 3)) == 5
