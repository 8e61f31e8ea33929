"""Widgets in as many lines as their width needs."""

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.flow import Flow


def three(qtbot: QtBot) -> tuple[QWidget, Flow, list[QWidget]]:
    room = QWidget()
    qtbot.addWidget(room)
    flow = Flow(room)
    widgets = [QWidget() for _ in range(3)]
    for widget in widgets:
        widget.setFixedSize(100, 20)
        flow.addWidget(widget)
    room.show()
    return room, flow, widgets


def tops(room: QWidget, widgets: list[QWidget], width: int) -> list[int]:
    room.resize(width, 200)
    return [widget.y() for widget in widgets]


def test_they_stand_in_a_line_where_there_is_room(qtbot: QtBot) -> None:
    room, flow, widgets = three(qtbot)
    assert tops(room, widgets, 316) == [0, 0, 0]
    assert [widget.x() for widget in widgets] == [0, 108, 216]
    assert flow.heightForWidth(316) == 20


def test_what_has_no_room_goes_to_the_next_line(qtbot: QtBot) -> None:
    room, flow, widgets = three(qtbot)
    assert tops(room, widgets, 315) == [0, 0, 28]
    assert flow.heightForWidth(100) == 76


def test_what_is_hidden_takes_no_room(qtbot: QtBot) -> None:
    room, flow, widgets = three(qtbot)
    widgets[0].hide()
    assert flow.heightForWidth(208) == 20
    widgets[0].show()
    assert flow.heightForWidth(208) == 48
    assert tops(room, widgets, 208) == [0, 0, 28]
