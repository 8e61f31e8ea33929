"""A table of all pages: what keys do in it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ui.models.columns import Column
from ui.models.rows import RowsModel
from ui.widgets.table import Table

COLUMNS = (Column("Name", lambda row: row["name"]),)


@pytest.mark.parametrize(("rows", "place"), [(500, 499), (501, 0)])
def test_a_typed_letter_leads_to_a_row_unless_there_are_too_many_to_ask(
    qtbot: QtBot, rows: int, place: int
) -> None:
    model = RowsModel(COLUMNS, key=lambda row: row["name"])
    model.show_rows([*({"name": f"a{number}"} for number in range(rows - 1)), {"name": "z"}])
    table = Table(model, COLUMNS, "Names")
    qtbot.addWidget(table)
    table.show()
    table.setCurrentIndex(model.index(0, 0))
    QTest.keyClick(table, Qt.Key.Key_Z)
    assert table.currentIndex().row() == place
