"""What every chart does: points by pointer and keys, words for those who listen, and no needless frame."""

from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAccessibleEvent,
    QAccessibleValueChangeEvent,
    QFont,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.widgets.charts.pictures import SIZE, dressed, figure, picture
from ui.theme.colors import dark, light
from ui.widgets.charts.bar_chart import BarChart
from ui.widgets.charts.chart import Chart
from ui.widgets.charts.data import Share, Span
from ui.widgets.charts.line_chart import LineChart
from ui.widgets.charts.share_bar import ShareBar
from ui.widgets.charts.sparkline import Sparkline
from ui.widgets.charts.stacked_bar_chart import StackedBarChart
from ui.widgets.charts.tip import Tip
from ui.widgets.charts.waterfall import Waterfall

DATA = figure((1, None, 3), (4, 5, 6))


def filled(kind: type[Chart]) -> Chart:
    chart = kind("Requests")
    match chart:
        case Waterfall():
            chart.set_spans((Span("first", 0, 20), Span("second", 20, 50), Span("third", 50, 60)))
        case ShareBar():
            chart.set_shares((Share("first", 5), Share("second", 3), Share("third", 2)))
        case BarChart() | StackedBarChart() | LineChart():
            chart.set_figure(DATA)
    return chart


@pytest.fixture(params=[BarChart, StackedBarChart, LineChart, Sparkline, Waterfall, ShareBar])
def chart(request: pytest.FixtureRequest, qtbot: QtBot) -> Chart:
    return on_screen(filled(request.param), qtbot)


def on_screen(chart: Chart, qtbot: QtBot) -> Chart:
    qtbot.addWidget(chart)
    chart.setPalette(dressed(light()))
    chart.resize(SIZE)
    chart.show()
    chart.setFocus()
    QApplication.processEvents()
    return chart


class Frames(QObject):
    """How often a widget is painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        self.count += event.type() == QEvent.Type.Paint
        return False


class Listener:
    """What assistive software would be told."""

    def __init__(self) -> None:
        self.heard: list[tuple[type[QAccessibleEvent], Any]] = []

    def updateAccessibility(self, event: QAccessibleEvent) -> None:  # noqa: N802  Qt's name
        if isinstance(event, QAccessibleAnnouncementEvent):
            self.heard.append((QAccessibleAnnouncementEvent, event.message()))
        elif isinstance(event, QAccessibleValueChangeEvent):
            self.heard.append((QAccessibleValueChangeEvent, event.value()))


def tip_of(chart: Chart) -> Tip | None:
    return next((tip for tip in chart.window().findChildren(Tip) if tip.isVisible()), None)


def point_at(chart: Chart, index: int) -> None:
    QTest.mouseMove(chart, chart.drawing().spots[index].center().toPoint())
    QApplication.processEvents()


def test_the_point_under_the_pointer_is_told_with_every_value(chart: Chart) -> None:
    for index in range(3):
        point_at(chart, index)
        assert chart.current == index
        tip = tip_of(chart)
        assert tip is not None
        assert tip.telling == chart.telling(index)
    QApplication.sendEvent(chart, QEvent(QEvent.Type.Leave))
    assert chart.current is None
    assert tip_of(chart) is None


def test_the_values_of_a_category_are_all_in_its_tip(qtbot: QtBot) -> None:
    chart = on_screen(filled(LineChart), qtbot)
    telling = chart.telling(1)
    assert telling.heading == "2"
    assert [(fact.name, fact.value) for fact in telling.facts] == [("a", "unknown"), ("b", "5")]


def test_keys_walk_over_the_points(chart: Chart, qtbot: QtBot) -> None:
    walked = []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_End, Qt.Key.Key_Right, Qt.Key.Key_Left):
        qtbot.keyClick(chart, key)
        walked.append(chart.current)
    assert walked == [0, 1, 2, 2, 1]
    qtbot.keyClick(chart, Qt.Key.Key_Home)
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert chart.current == 0
    qtbot.keyClick(chart, Qt.Key.Key_Escape)
    assert chart.current is None


def test_the_way_back_begins_at_the_end(chart: Chart, qtbot: QtBot) -> None:
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert chart.current == 2


def test_an_escape_with_nothing_chosen_belongs_to_the_window(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    keys: list[int] = []
    window.keyPressEvent = lambda event: keys.append(event.key())  # type: ignore[method-assign]  # a window that listens
    chart = filled(BarChart)
    QVBoxLayout(window).addWidget(chart)
    window.show()
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    qtbot.keyClick(chart, Qt.Key.Key_Escape)
    assert keys == []
    qtbot.keyClick(chart, Qt.Key.Key_Escape)
    assert keys == [Qt.Key.Key_Escape]


def test_a_point_chosen_by_keys_is_announced_and_one_pointed_at_is_not(
    chart: Chart, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    listener = Listener()
    monkeypatch.setattr("ui.widgets.charts.chart.QAccessible", listener)
    point_at(chart, 2)
    assert listener.heard == []
    qtbot.keyClick(chart, Qt.Key.Key_Home)
    sentence = chart.telling(0).sentence
    assert listener.heard == [
        (QAccessibleValueChangeEvent, sentence),
        (QAccessibleAnnouncementEvent, sentence),
    ]


def test_assistive_software_finds_a_name_and_one_sentence(chart: Chart) -> None:
    interface = QAccessible.queryAccessibleInterface(chart)
    assert interface.text(QAccessible.Text.Name) == "Requests"
    description = interface.text(QAccessible.Text.Description)
    assert description == chart.summary()
    assert description.endswith(".")
    assert interface.state().focusable


def test_the_focus_is_seen(chart: Chart, qtbot: QtBot) -> None:
    focused = picture(chart)
    assert focused.pixelColor(1, SIZE.height() // 2) == light().accent
    chart.clearFocus()
    assert picture(chart).pixelColor(1, SIZE.height() // 2).alpha() == 0


def test_a_dark_palette_changes_the_picture(chart: Chart) -> None:
    bright = picture(chart)
    chart.setPalette(dressed(dark()))
    assert picture(chart) != bright
    chart.setPalette(dressed(light()))
    assert picture(chart) == bright


def test_a_larger_font_gets_more_room(chart: Chart) -> None:
    least = chart.minimumSizeHint()
    font = QFont(chart.font())
    font.setPointSize(font.pointSize() * 2)
    chart.setFont(font)
    assert chart.minimumSizeHint().height() > least.height() * 1.5


def test_twice_the_pixels_are_drawn_anew_and_not_stretched(chart: Chart) -> None:
    single, double = picture(chart), picture(chart, 2)
    assert double.size() == single.size() * 2
    stretched = single.scaled(double.size())
    stretched.setDevicePixelRatio(2)
    assert double != stretched


def test_equal_data_is_not_painted_again(qtbot: QtBot) -> None:
    chart = on_screen(filled(BarChart), qtbot)
    frames = Frames(chart)
    assert isinstance(chart, BarChart)
    chart.set_figure(figure((1, None, 3), (4, 5, 6)))
    QApplication.processEvents()
    assert frames.count == 0
    chart.set_figure(figure((1, 2, 3), (4, 5, 6)))
    QApplication.processEvents()
    assert frames.count == 1


def test_what_is_drawn_is_made_once_for_a_size(chart: Chart) -> None:
    picture(chart)
    before = chart.drawing()
    picture(chart)
    assert chart.drawing() is before
    chart.resize(SIZE * 0.9)
    assert chart.drawing() is not before


def test_the_chosen_point_stays_while_its_values_change(qtbot: QtBot) -> None:
    chart = on_screen(filled(BarChart), qtbot)
    assert isinstance(chart, BarChart)
    chart.point_to(2)
    chart.set_figure(figure((1, 2, 9)))
    tip = tip_of(chart)
    assert tip is not None
    assert tip.telling.facts[0].value == "9"
    chart.set_figure(figure((1, 2)))
    assert chart.current is None
    assert tip_of(chart) is None


def test_a_tip_stays_within_its_window(chart: Chart) -> None:
    for index in range(3):
        chart.point_to(index)
        tip = tip_of(chart)
        assert tip is not None
        assert chart.window().rect().contains(tip.geometry())


def test_a_hidden_chart_leaves_no_tip(chart: Chart) -> None:
    chart.point_to(1)
    chart.hide()
    assert tip_of(chart) is None


@pytest.mark.parametrize("kind", [BarChart, StackedBarChart, LineChart, Sparkline, Waterfall, ShareBar])
def test_without_data_a_quiet_sentence_stands_in_its_place(kind: type[Chart], qtbot: QtBot) -> None:
    chart = on_screen(kind("Requests"), qtbot)
    assert chart.accessibleDescription() == "Nothing yet"
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    QTest.mouseMove(chart, QPoint(50, 50))
    assert chart.current is None
    assert chart.as_table().rows == ()
    image = picture(chart)
    middle = [image.pixelColor(x, SIZE.height() // 2).alpha() for x in range(100, SIZE.width() - 100)]
    assert any(middle)


@pytest.mark.parametrize("size", [(1, 1), (20, 3), (3, 40), (60, 30)])
def test_no_size_is_too_small(chart: Chart, size: tuple[int, int]) -> None:
    chart.setMinimumSize(0, 0)
    chart.resize(*size)
    chart.point_to(1)
    assert picture(chart).size().toTuple() == chart.size().toTuple()


def test_outside_of_all_points_none_is_meant(chart: Chart) -> None:
    assert chart.drawing().point_at(QPointF(-5, -5)) is None
