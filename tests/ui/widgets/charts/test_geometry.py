"""Where bars, lines, legends and parts stand, without a single pixel."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont
from pytestqt.qtbot import QtBot

from tests.ui.widgets.charts.pictures import figure
from ui.theme.colors import light
from ui.widgets.charts.bars import side_by_side, stack_reach, upon_each_other
from ui.widgets.charts.legend import flow
from ui.widgets.charts.line_chart import marked
from ui.widgets.charts.lines import course, runs
from ui.widgets.charts.look import Look
from ui.widgets.charts.plot import Plot
from ui.widgets.charts.share_bar import pieces


@pytest.fixture
def look(qtbot: QtBot) -> Look:
    return Look(light(), QFont(), 1.5)


def plot(count: int, *ticks: float) -> Plot:
    return Plot(QRectF(40, 10, 300, 200), count, ticks)


def test_a_gap_parts_a_line() -> None:
    assert runs((1, 2, None, 3, None)) == (((0, 1), (1, 2)), ((3, 3),))
    points = [[QPointF(0, 0), QPointF(1, 1), QPointF(2, 0)], [QPointF(4, 0)]]
    assert [(line.x1(), line.x2()) for line in course(points)] == [(0, 1), (1, 2)]


@given(st.lists(st.none() | st.floats(-1e6, 1e6), max_size=50))
def test_runs_hold_each_known_value_once_and_no_other(values: list[float | None]) -> None:
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    assert [one for run in runs(values) for one in run] == known


def test_a_point_by_itself_has_a_marker_however_narrow_the_bands() -> None:
    assert (7, 3.0) in marked(runs((1.0,) * 6 + (None, 3.0, None)), band=2)


def test_bars_of_one_category_stand_beside_each_other(look: Look) -> None:
    (one,), (other,) = side_by_side(figure((4,), (-2,)), plot(1, -5, 0, 5), look)
    assert one.right() <= other.left()
    assert one.bottom() == other.top() == look.snapped(110)


def test_what_is_unknown_has_no_bar_and_zero_has_a_line(look: Look) -> None:
    (boxes,) = side_by_side(figure((0, None, 3)), plot(3, 0, 5), look)
    assert len(boxes) == 2
    assert boxes[0].height() == pytest.approx(look.hairline)
    assert boxes[0].bottom() == 210


def test_losses_stack_down_and_gains_up(look: Look) -> None:
    data = figure((2,), (-1,), (3,))
    (low,), (loss,), (high,) = upon_each_other(data, plot(1, -5, 0, 5), look)
    assert high.bottom() == pytest.approx(low.top() - look.hairline)
    assert loss.top() == low.bottom() == look.snapped(110)
    assert stack_reach(data) == (-1, 5)


@given(
    st.lists(st.tuples(*[st.none() | st.floats(-100, 100)] * 3), min_size=1, max_size=40),
    st.sampled_from([1.0, 1.25, 1.5, 2.0, 3.0]),
)
def test_edges_lie_on_device_pixels(rows: list[tuple[float | None, ...]], ratio: float) -> None:
    look = Look(light(), QFont(), ratio)
    data = figure(*zip(*rows, strict=True))
    for boxes in (*upon_each_other(data, plot(len(rows), -300, 0, 300), look),):
        for box in boxes:
            for edge in (box.left(), box.top(), box.right(), box.bottom()):
                assert math.isclose(edge * ratio, round(edge * ratio), abs_tol=1e-6)


def test_a_legend_goes_on_in_the_next_line() -> None:
    assert flow([50, 60, 40], 10, 130) == ((0, 0), (0, 60), (1, 0))
    assert flow([200], 10, 130) == ((0, 0),)


@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=8).filter(any), st.floats(60, 900))
def test_parts_fill_the_bar_and_none_that_is_there_vanishes(values: list[float], width: float) -> None:
    widths = pieces(values, width, 2, 3)
    present = [one for one in widths if one]
    assert math.isclose(sum(present) + 2 * (len(present) - 1), width, rel_tol=1e-6)
    assert all((one > 0) == (value > 0) for one, value in zip(widths, values, strict=True))
    assert min(present) >= min(3, (width - 2 * (len(present) - 1)) / len(present)) - 1e-9
