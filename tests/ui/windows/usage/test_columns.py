"""The order of the rows, and the line of the sums."""

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QFontMetrics
from pytestqt.qtbot import QtBot

from proxy.money.cost import NANO
from tests.ui.windows.usage.lines import line
from ui.windows.usage.breakdown import GroupTable
from ui.windows.usage.columns import SUM, in_order, measures

CHEAP = line("cheap", requests=9, served=9, priced=9, cost=NANO)
DEAR = line("Dear", requests=2, served=2, priced=2, cost=3 * NANO)
UNKNOWN = line("unknown", requests=4, served=4, unknown_cost=4)
ROWS = [CHEAP, DEAR, UNKNOWN]
SUMS = line(requests=15, served=15, priced=11, cost=4 * NANO, unknown_cost=4)
NAME, REQUESTS, COST = 0, 1, 5
_AIR = 14
"""Beside the text of a cell."""


@pytest.mark.parametrize(
    ("place", "is_falling", "names"),
    [
        (COST, True, ["Dear", "cheap", "unknown"]),
        (COST, False, ["cheap", "Dear", "unknown"]),
        (REQUESTS, True, ["cheap", "unknown", "Dear"]),
        (NAME, False, ["cheap", "Dear", "unknown"]),
        (NAME, True, ["unknown", "Dear", "cheap"]),
    ],
)
def test_what_is_unknown_comes_last_either_way(place: int, is_falling: bool, names: list[str]) -> None:
    rows = [{**row, SUM: False} for row in ROWS]
    ordered = in_order(rows, measures("model")[place], is_falling=is_falling)
    assert [row["name"] for row in ordered] == names


def shown(table: GroupTable, column: int = NAME) -> list[str]:
    model = table.model()
    return [model.index(row, column).data() for row in range(model.rowCount())]


@pytest.fixture
def table(qtbot: QtBot) -> GroupTable:
    table = GroupTable("model", "Sums by model")
    qtbot.addWidget(table)
    table.rows.show_lines(ROWS, SUMS)
    return table


def test_the_dearest_stands_first_and_the_sums_last(table: GroupTable) -> None:
    assert shown(table) == ["Dear", "cheap", "unknown", "All"]
    assert shown(table, COST) == ["$3.00", "$1.00", "–", "$4.00"]


def test_sorting_twice_turns_the_order_and_leaves_the_sums_where_they_are(table: GroupTable) -> None:
    table.sort_by(REQUESTS)
    assert shown(table) == ["cheap", "unknown", "Dear", "All"]
    table.sort_by(REQUESTS)
    assert shown(table) == ["Dear", "unknown", "cheap", "All"]


def test_the_head_says_by_what_it_is_sorted(table: GroupTable) -> None:
    table.sort_by(NAME)
    heads = [table.model().headerData(n, Qt.Orientation.Horizontal) for n in (NAME, COST)]
    assert heads == ["Name ↑", "Cost"]


def test_other_numbers_keep_the_order_and_the_row_that_is_selected(table: GroupTable) -> None:
    table.sort_by(REQUESTS)
    table.selectRow(2)
    table.rows.show_lines([CHEAP, line("Dear", requests=20), UNKNOWN], SUMS)
    assert shown(table) == ["Dear", "cheap", "unknown", "All"]
    assert [index.row() for index in table.selectionModel().selectedRows()] == [0]


def test_enter_tells_the_row_but_not_the_sums(table: GroupTable, qtbot: QtBot) -> None:
    picked: list[tuple[str, str]] = []
    table.picked.connect(lambda *what: picked.append(what))
    for row in (3, 1):
        index = table.model().index(row, 0)
        table.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.Rows)
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert picked == [("model", "cheap")]


def test_the_keys_choose_a_column_and_sort_by_it(table: GroupTable, qtbot: QtBot) -> None:
    qtbot.keyClick(table.head, Qt.Key.Key_Right)
    qtbot.keyClick(table.head, Qt.Key.Key_Space)
    assert shown(table)[0] == "cheap"
    qtbot.keyClick(table.head, Qt.Key.Key_End)
    assert table.head.place == table.head.count() - 1
    qtbot.keyClick(table.head, Qt.Key.Key_Home)
    qtbot.keyClick(table.head, Qt.Key.Key_Return)
    assert shown(table) == ["cheap", "Dear", "unknown", "All"]


def test_the_smallest_cost_is_not_cut_even_where_it_is_bold(table: GroupTable) -> None:
    little = line("little", requests=1, served=1, priced=1, cost=99_000)
    table.rows.show_lines([little], little)
    table.fit_height(5)
    assert shown(table, COST)[-1] == "$0.000099"
    bold = QFontMetrics(table.model().index(1, COST).data(Qt.ItemDataRole.FontRole))
    assert bold.horizontalAdvance("$0.000099") <= table.columnWidth(COST) - _AIR
