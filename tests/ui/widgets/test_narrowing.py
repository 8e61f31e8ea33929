"""A table leaves out columns one after the other, and never needs to be scrolled sideways."""

import pytest
from pytestqt.qtbot import QtBot

from ui.models.columns import Column, Row
from ui.models.rows import RowsModel
from ui.widgets.narrowing import NarrowingTable, fitting

USUAL, LEAST = (100, 300, 50, 50), (100, 200, 50, 50)


@pytest.mark.parametrize(
    ("room", "widths"),
    [
        (900, {0: 100, 1: 300, 2: 50, 3: 50}),
        (500, {0: 100, 1: 300, 2: 50, 3: 50}),
        (450, {0: 100, 1: 250, 2: 50, 3: 50}),
        (400, {0: 100, 1: 200, 2: 50, 3: 50}),
        (399, {0: 100, 1: 249, 2: 50}),
        (340, {0: 100, 1: 240}),
        (270, {0: 100, 1: 170}),
        (10, {0: 100, 1: 40}),
    ],
)
def test_wide_columns_are_cut_before_one_is_left_out(room: int, widths: dict[int, int]) -> None:
    assert fitting(USUAL, LEAST, (3, 2), room) == widths


def table(qtbot: QtBot, columns: tuple[Column, ...]) -> NarrowingTable:
    made = NarrowingTable(RowsModel(columns, lambda row: row["name"]), columns, "Things", (2, 1))
    qtbot.addWidget(made)
    made.show()
    return made


def column(title: str, characters: int) -> Column:
    return Column(title, lambda row: row["name"], characters=characters)


def hidden(view: NarrowingTable) -> list[int]:
    return [place for place in range(view.model().columnCount()) if view.isColumnHidden(place)]


def test_columns_come_and_go_with_the_room(qtbot: QtBot) -> None:
    view = table(qtbot, (column("Name", 12), column("Much", 12), column("Little", 12)))
    one = view.columnWidth(0)
    for count, gone in ((3, []), (2, [2]), (1, [1, 2]), (3, [])):
        view.resize(count * one + 2 * view.frameWidth(), 200)
        assert hidden(view) == gone
        assert view.horizontalScrollBar().maximum() == 0


def test_the_last_one_takes_what_is_left(qtbot: QtBot) -> None:
    view = table(qtbot, (column("Name", 12), column("Much", 12), column("Little", 12)))
    view.resize(1000, 200)
    assert sum(map(view.columnWidth, range(3))) == view.viewport().width()


def test_a_column_without_a_width_of_its_own_takes_it_instead(qtbot: QtBot) -> None:
    view = table(qtbot, (column("Name", 0), column("Much", 12), column("Little", 12)))
    view.resize(700, 200)
    last = view.columnWidth(2)
    view.resize(1000, 200)
    assert view.columnWidth(2) == last
    assert sum(map(view.columnWidth, range(3))) == view.viewport().width()


def number(title: str, characters: int) -> Column:
    return Column(title, lambda row: row["cost"], is_number=True, characters=characters)


def test_a_number_is_never_cut_and_another_column_goes_instead(qtbot: QtBot) -> None:
    columns = (column("Name", 12), number("Cost", 4), column("Much", 12))
    view = table(qtbot, columns)
    view.resize(sum(map(view.columnWidth, range(3))) + 2 * view.frameWidth(), 200)
    assert hidden(view) == []
    model = view.model()
    assert isinstance(model, RowsModel)
    for cost in ("$0.00", "$0.000099", "$0.00"):
        model.show_rows([{"name": "a", "cost": cost}])
    assert view.columnWidth(1) > view.fontMetrics().horizontalAdvance("$0.000099")
    assert hidden(view) == [2]


def test_many_numbers_that_change_at_once_are_measured_once(qtbot: QtBot) -> None:
    asked: list[object] = []

    def text(row: Row) -> str:
        asked.append(row["name"])
        return str(row["number"])

    numbers = Column("Number", text, is_number=True, characters=6)
    view = table(qtbot, (column("Name", 12), column("Much", 12), numbers))
    model = view.model()
    assert isinstance(model, RowsModel)
    model.show_rows([{"name": name, "number": 1} for name in range(300)])
    asked.clear()
    model.show_rows([{"name": name, "number": 2} for name in range(300)])
    assert len(asked) <= 100
