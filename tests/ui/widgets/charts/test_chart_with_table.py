"""The same numbers as a picture and as a table, by button, key and menu."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from tests.ui.widgets.charts.pictures import figure
from ui.widgets.charts.bar_chart import BarChart
from ui.widgets.charts.chart_with_table import ChartWithTable


@pytest.fixture
def both(qtbot: QtBot) -> ChartWithTable:
    chart = BarChart("Requests")
    chart.set_figure(figure((1, None), (3, 4)))
    both = ChartWithTable(chart)
    qtbot.addWidget(both)
    both.resize(500, 300)
    both.show()
    both.activateWindow()
    both.setFocus()
    QApplication.processEvents()
    return both


def cells(both: ChartWithTable) -> list[list[str]]:
    table = both.table
    return [
        [table.item(row, column).text() for column in range(table.columnCount())]
        for row in range(table.rowCount())
    ]


def test_the_key_t_swaps_the_two_and_the_focus_goes_along(both: ChartWithTable, qtbot: QtBot) -> None:
    assert both.chart.hasFocus()
    qtbot.keyClick(both.chart, Qt.Key.Key_T)
    assert both.table.isVisible()
    assert not both.chart.isVisible()
    assert both.table.hasFocus()
    assert cells(both) == [["1", "1", "3"], ["2", "unknown", "4"]]
    qtbot.keyClick(both.table, Qt.Key.Key_T)
    assert both.chart.isVisible()
    assert both.chart.hasFocus()


def test_the_button_and_the_menus_offer_the_same(both: ChartWithTable, qtbot: QtBot) -> None:
    button = both.findChild(QToolButton)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert both.table.isVisible()
    for page in (both.chart, both.table):
        assert both.toggle in page.actions()
        assert page.contextMenuPolicy() == Qt.ContextMenuPolicy.ActionsContextMenu


def test_assistive_software_reads_the_table(both: ChartWithTable) -> None:
    both.toggle.trigger()
    interface = QAccessible.queryAccessibleInterface(both.table)
    assert interface.role() == QAccessible.Role.Table
    assert interface.text(QAccessible.Text.Name) == "Requests"
    children = [interface.child(place) for place in range(interface.childCount())]
    said = [child.text(QAccessible.Text.Name) for child in children if child.role() == QAccessible.Role.Cell]
    assert said == ["1", "1", "3", "2", "unknown", "4"]


def test_the_table_is_only_read(both: ChartWithTable, qtbot: QtBot) -> None:
    both.toggle.trigger()
    both.table.setCurrentCell(0, 1)
    qtbot.keyClick(both.table, Qt.Key.Key_F2)
    assert both.table.findChild(QLineEdit) is None


def test_tab_leaves_the_table(both: ChartWithTable, qtbot: QtBot) -> None:
    both.toggle.trigger()
    both.table.setFocus()
    qtbot.keyClick(both.table, Qt.Key.Key_Tab)
    assert not both.table.hasFocus()


def test_a_visible_table_follows_its_data(both: ChartWithTable) -> None:
    assert isinstance(both.chart, BarChart)
    both.toggle.trigger()
    both.chart.set_figure(figure((7,)))
    assert cells(both) == [["1", "7"]]
