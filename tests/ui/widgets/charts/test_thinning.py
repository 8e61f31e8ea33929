"""Labels stand apart, within their axis, and the last one is always there."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ui.widgets.charts.thinning import thinned


@given(st.lists(st.floats(1, 120), min_size=1, max_size=80), st.floats(40, 1500), st.floats(0, 20))
def test_labels_never_overlap(widths: list[float], length: float, gap: float) -> None:
    band = length / len(widths)
    centres = [100 + band * (place + 0.5) for place in range(len(widths))]
    placed = thinned(centres, widths, gap, 100, 100 + length)
    assert placed[-1].index == len(widths) - 1
    for before, after in pairwise(placed):
        assert before.left + widths[before.index] + gap <= after.left
    assert all(one.left >= 100 for one in placed)
    fitting = [one for one in placed if widths[one.index] <= length]
    assert all(one.left + widths[one.index] <= 100 + length + 1e-6 for one in fitting)


def test_all_are_written_where_there_is_room() -> None:
    placed = thinned([50, 150, 250], [40, 40, 40], 8, 0, 300)
    assert [(one.index, one.left) for one in placed] == [(0, 30), (1, 130), (2, 230)]


def test_the_ones_left_out_leave_even_steps() -> None:
    placed = thinned([10 * place + 5 for place in range(30)], [42] * 30, 8, 0, 300)
    assert [one.index for one in placed] == [1, 8, 15, 22, 29]


def test_no_labels_need_no_room() -> None:
    assert thinned([], [], 8, 0, 300) == ()
