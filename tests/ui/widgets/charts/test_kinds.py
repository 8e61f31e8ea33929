"""What each kind of chart draws and says."""

from typing import TypeVar

import pytest
from PySide6.QtCore import QRectF, QSize
from pytestqt.qtbot import QtBot

from tests.ui.widgets.charts.pictures import SIZE, colors_within, dressed, figure, has, picture
from ui.theme.colors import light
from ui.widgets.charts.bar_chart import BarChart
from ui.widgets.charts.category_chart import CategoryChart
from ui.widgets.charts.chart import MARGIN, Chart
from ui.widgets.charts.data import Figure, Series, Share, Span, Table
from ui.widgets.charts.inks import RoleInk, SeriesInk, TierInk
from ui.widgets.charts.line_chart import LineChart
from ui.widgets.charts.plot import Plot
from ui.widgets.charts.share_bar import ShareBar
from ui.widgets.charts.sparkline import Sparkline
from ui.widgets.charts.stacked_bar_chart import StackedBarChart
from ui.widgets.charts.units import MONEY
from ui.widgets.charts.waterfall import Waterfall

FIRST, SECOND = light().series[0], light().series[1]


_Kind = TypeVar("_Kind", bound=Chart)


def shown(chart: _Kind, qtbot: QtBot, size: QSize = SIZE) -> _Kind:
    qtbot.addWidget(chart)
    chart.setPalette(dressed(light()))
    chart.resize(size)
    return chart


def plot_of(chart: CategoryChart) -> Plot:
    room = QRectF(chart.rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
    return chart.frame(room, chart.look())[0]


def above_and_below(chart: CategoryChart, index: int) -> tuple[QRectF, QRectF]:
    plot = plot_of(chart)
    zero = plot.y(0)
    left, width = plot.left(index), plot.band
    above = QRectF(left, plot.area.top(), width, zero - plot.area.top() - 2)
    return above, QRectF(left, zero + 2, width, plot.area.bottom() - zero - 2)


def test_bars_below_zero_hang_from_the_zero_line(qtbot: QtBot) -> None:
    chart = shown(BarChart("Saved"), qtbot)
    chart.set_figure(figure((5, -5)))
    image = picture(chart)
    for index, is_gain in ((0, True), (1, False)):
        above, below = above_and_below(chart, index)
        assert has(image, above, FIRST) is is_gain
        assert has(image, below, FIRST) is not is_gain


def test_an_unknown_bar_has_a_sign_and_a_zero_a_line(qtbot: QtBot) -> None:
    chart = shown(BarChart("Saved"), qtbot)
    chart.set_figure(figure((0, None, 5)))
    image = picture(chart)
    plot = plot_of(chart)
    zeros, unknown = (QRectF(plot.left(index), plot.y(0) - 20, plot.band, 21) for index in (0, 1))
    assert has(image, zeros, FIRST)
    assert not has(image, unknown, FIRST)
    assert len(colors_within(image, unknown)) > 2, "the sign"


def test_an_unknown_value_is_a_gap_in_the_line(qtbot: QtBot) -> None:
    chart = shown(LineChart("First byte"), qtbot)
    chart.set_figure(figure((5, 5, None, 5, 5)))
    image = picture(chart)
    plot = plot_of(chart)
    columns = [QRectF(plot.centre(index) - 4, plot.y(5) - 4, 8, 8) for index in range(5)]
    assert [has(image, column, FIRST) for column in columns] == [True, True, False, True, True]
    chart.set_figure(figure((5, 5, 5, 5, 5)))
    assert has(picture(chart), columns[2], FIRST)


def test_a_point_between_gaps_is_seen(qtbot: QtBot) -> None:
    chart = shown(LineChart("First byte"), qtbot)
    chart.set_figure(figure((None, 5, None)))
    plot = plot_of(chart)
    assert has(picture(chart), QRectF(plot.centre(1) - 4, plot.y(5) - 4, 8, 8), FIRST)


def test_a_filled_line_has_its_colour_below_it(qtbot: QtBot) -> None:
    chart = shown(LineChart("Cost"), qtbot)
    ground = QRectF(200, 150, 20, 20)
    chart.set_figure(Figure(("1", "2"), (Series("a", (5, 5)),)))
    plain = colors_within(picture(chart), ground)
    chart.set_figure(Figure(("1", "2"), (Series("a", (5, 5), is_filled=True),)))
    assert colors_within(picture(chart), ground) - plain


def test_series_differ_by_pattern_and_not_by_colour_alone(qtbot: QtBot) -> None:
    chart = shown(StackedBarChart("Cost"), qtbot)
    same = SeriesInk(0)
    chart.set_figure(Figure(("1",), (Series("a", (5,), same), Series("b", (5,), same))))
    image = picture(chart)
    plot = plot_of(chart)
    low, high = (QRectF(plot.centre(0) - 8, plot.y(value) - 8, 16, 16) for value in (2.5, 7.5))
    assert colors_within(image, low) == {FIRST.name()}
    assert len(colors_within(image, high)) > 1


def test_stacks_stand_upon_each_other_in_order(qtbot: QtBot) -> None:
    chart = shown(StackedBarChart("Cost"), qtbot)
    chart.set_figure(figure((4,), (6,)))
    image = picture(chart)
    plot = plot_of(chart)
    low, high = (QRectF(plot.centre(0) - 8, plot.y(value) - 6, 16, 12) for value in (2, 7))
    assert has(image, low, FIRST)
    assert not has(image, low, SECOND)
    assert has(image, high, SECOND)


def test_a_stack_tells_its_total_and_what_it_lacks(qtbot: QtBot) -> None:
    chart = shown(StackedBarChart("Cost"), qtbot)
    chart.set_figure(
        Figure(
            ("Mon", "Tue"), (Series("a", (1, None)), Series("b", (2.5, 3)), Series("c", (0, 0))), MONEY, "Day"
        )
    )
    assert [chart.telling(index).facts[-1].value for index in (0, 1)] == ["$3.50", "$3.00 + unknown"]
    assert chart.as_table() == Table(
        ("Day", "a", "b", "c", "Total"),
        (
            ("Mon", "$1.00", "$2.50", "$0.00", "$3.50"),
            ("Tue", "unknown", "$3.00", "$0.00", "$3.00 + unknown"),
        ),
    )
    assert chart.summary() == "Mon to Tue: a $1.00 + unknown; b $5.50; c $0.00; in total $6.50 + unknown."


def test_the_summary_tells_from_where_to_where_each_series_goes(qtbot: QtBot) -> None:
    chart = shown(LineChart("First byte"), qtbot)
    chart.set_figure(figure((5, None, -2), (None, None, None), (1, 1, 1)))
    assert chart.summary() == "1 to 3: a from -2 to 5; b unknown; c 1."


def test_what_is_wholly_unknown_says_so(qtbot: QtBot) -> None:
    chart = shown(BarChart("Saved"), qtbot)
    chart.set_figure(figure((None, None)))
    assert chart.accessibleDescription() == "Not known yet"
    assert chart.as_table().rows == (("1", "unknown"), ("2", "unknown"))


@pytest.mark.parametrize("ratio", [1, 1.25, 1.5, 2, 3])
def test_edges_of_bars_are_crisp_on_every_screen(qtbot: QtBot, ratio: float) -> None:
    chart = shown(BarChart("Saved"), qtbot)
    chart.set_figure(figure((5, 4.1, 3.3, 2.7, 1.9)))
    image = picture(chart, ratio)
    plot = plot_of(chart)
    for index in range(5):
        x = round(plot.centre(index) * ratio)
        column = [image.pixelColor(x, y) for y in range(image.height())]
        edge = column.index(FIRST)
        assert column[edge - 1].alpha() in (0, 255), "no half-covered pixel above"
        row = [image.pixelColor(left, edge + 5) for left in range(x + 1)]
        assert row[row.index(FIRST) - 1].alpha() in (0, 255), "nor beside"


def test_a_sparkline_uses_its_whole_height(qtbot: QtBot) -> None:
    chart = shown(Sparkline("Requests"), qtbot, QSize(120, 30))
    chart.set_figure(figure((1000, 1001)))
    plot = plot_of(chart)
    assert plot.y(1000) == plot.area.bottom()
    assert plot.y(1001) == plot.area.top()
    chart.set_figure(figure((7, 7)))
    assert plot_of(chart).y(7) == plot.area.center().y()


def test_a_waterfall_places_its_spans_in_time(qtbot: QtBot) -> None:
    chart = shown(Waterfall("Attempts"), qtbot)
    chart.set_spans(
        (
            Span("a", 0, 500, failure="503"),
            Span("b", 500, 1000, 750, ink=TierInk("MEDIUM")),
            Span("c", 1000, None),
        )
    )
    image = picture(chart)
    first, second, third = chart.drawing().spots
    assert has(image, first, light().bad)
    assert not has(image, second, light().bad)
    assert has(image, second, light().tier("MEDIUM"))
    assert light().accent.name() not in colors_within(image, third), (
        "what has not ended is never drawn in full"
    )
    assert chart.as_table().rows == (
        ("a", "0 ms", "unknown", "500 ms", "503"),
        ("b", "500 ms", "250 ms", "500 ms", ""),
        ("c", "1.0 s", "unknown", "unknown", ""),
    )
    assert (
        chart.telling(0).sentence == "a: Starts at 0 ms, First byte after unknown, Takes 500 ms, Failed 503"
    )
    assert chart.summary() == "Steps: 3, failed: 1, in all unknown."


def test_what_failed_differs_without_its_colour(qtbot: QtBot) -> None:
    chart = shown(Waterfall("Attempts"), qtbot)
    bad = RoleInk("bad")
    chart.set_spans((Span("a", 0, 500, ink=bad), Span("a", 0, 500, ink=bad, failure="503")))
    image = picture(chart)
    fine, failed = (spot.adjusted(60, 0, -120, 0) for spot in chart.drawing().spots)
    assert len(colors_within(image, failed)) > len(colors_within(image, fine)) + 3


def test_a_waterfall_asks_for_the_height_of_its_rows(qtbot: QtBot) -> None:
    chart = shown(Waterfall("Attempts"), qtbot)
    chart.set_spans((Span("a", 0, 5),))
    one = chart.sizeHint().height()
    chart.set_spans((Span("a", 0, 5),) * 4)
    assert chart.sizeHint().height() > one * 2


def test_shares_are_told_in_percent(qtbot: QtBot) -> None:
    chart = shown(ShareBar("Tiers"), qtbot)
    chart.set_shares((Share("a", 996), Share("b", 4), Share("c", 0), Share("d", None)))
    assert [row[2] for row in chart.as_table().rows] == ["over 99 %", "under 1 %", "0 %", "unknown"]
    assert chart.summary() == "a over 99 %, b under 1 %, c 0 %, d unknown."
    assert [bool(spot.width()) for spot in chart.drawing().spots] == [True, True, False, False]


def test_nothing_to_share_is_empty_and_unknown_is_not_nothing(qtbot: QtBot) -> None:
    chart = shown(ShareBar("Tiers"), qtbot)
    chart.set_shares((Share("a", 0),))
    assert chart.accessibleDescription() == "Nothing yet"
    chart.set_shares((Share("a", None),))
    assert chart.accessibleDescription() == "Not known yet"
