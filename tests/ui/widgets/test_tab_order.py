"""What is put into a place later is gone to where it stands, and not after everything else."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.tab_order import put_in_tab_order


class Made:
    """A button, a place, and another button."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.above, self.place, self.below = QPushButton("above"), QWidget(), QPushButton("below")
        rows = QVBoxLayout(self.window)
        for widget in (self.above, self.place, self.below):
            rows.addWidget(widget)
        self.parts = QVBoxLayout(self.place)

    def put(self, *names: str) -> list[QWidget]:
        """Each with a button of its own."""
        parts = [QWidget() for _ in names]
        for part, name in zip(parts, names, strict=True):
            QVBoxLayout(part).addWidget(QPushButton(name))
            self.parts.addWidget(part)
        return parts

    def way(self) -> list[str]:
        found: list[str] = []
        each = self.window.nextInFocusChain()
        while each is not self.window:
            if isinstance(each, QPushButton) and each.focusPolicy() & Qt.FocusPolicy.TabFocus:
                found.append(each.text())
            each = each.nextInFocusChain()
        return found


def test_they_come_where_their_place_comes(qtbot: QtBot) -> None:
    made = Made(qtbot)
    put_in_tab_order(made.place, made.put("first", "second"))
    assert made.way() == ["above", "first", "second", "below"]


def test_they_come_in_the_order_that_they_have_now(qtbot: QtBot) -> None:
    made = Made(qtbot)
    first, second = made.put("first", "second")
    put_in_tab_order(made.place, [first, second])
    put_in_tab_order(made.place, [second, *made.put("third"), first])
    assert made.way() == ["above", "second", "third", "first", "below"]


def test_in_the_first_place_of_a_window_they_keep_their_order(qtbot: QtBot) -> None:
    made = Made(qtbot)
    made.above.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    first, second = made.put("first", "second")
    put_in_tab_order(made.place, [second, first])
    way = made.way()
    assert way.index("second") < way.index("first")
