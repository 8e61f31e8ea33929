"""What belongs to something stands at its right, and below it where there is no room."""

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.with_aside import WithAside

GAP = 10


class Sized(QWidget):
    """Of a width that can be changed."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.setFixedHeight(20)
        self.want(width)

    def want(self, width: int) -> None:
        self.setFixedWidth(width)


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


def shown(window: QWidget, width: int) -> tuple[WithAside, Sized, Sized]:
    main, aside = Sized(100), Sized(60)
    both = WithAside(main, aside, GAP)
    both.setParent(window)
    both.resize(width, 80)
    both.show()
    return both, main, aside


def test_there_is_room_beside_it(window: QWidget) -> None:
    both, main, aside = shown(window, 200)
    assert (main.x(), aside.x(), both.is_below) == (0, 140, False)


@pytest.mark.parametrize(("width", "is_below"), [(170, False), (169, True)])
def test_it_goes_below_where_the_two_have_no_room(window: QWidget, width: int, is_below: bool) -> None:
    both, main, aside = shown(window, width)
    assert both.is_below is is_below
    layout = both.layout()
    assert layout is not None
    layout.activate()
    assert (aside.y() > main.y(), aside.x() == 0) == (is_below, is_below)


def test_it_comes_back_with_the_room(window: QWidget) -> None:
    both, _main, _aside = shown(window, 120)
    assert both.is_below
    both.resize(200, 80)
    assert not both.is_below


def test_it_goes_below_when_it_has_grown(window: QWidget) -> None:
    both, _main, aside = shown(window, 200)
    aside.want(150)
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    assert both.is_below


def test_it_asks_for_no_more_room_than_the_wider_one(window: QWidget) -> None:
    both, _main, _aside = shown(window, 300)
    assert not both.is_below
    assert both.minimumSizeHint().width() == 100
