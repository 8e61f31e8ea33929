"""The panel of warnings: rows that stay while their words change, and a focus that is never lost."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.windows.overview.concern import Concern, Severity, at_provider
from ui.windows.overview.orders import Order, Visit
from ui.windows.overview.warnings_panel import WarningsPanel


def concern(key: str, sentence: str = "Something is wrong.", severity: Severity = Severity.BAD) -> Concern:
    return Concern(key, severity, sentence, "Mend it", Visit("settings", key))


class Shown:
    """A panel with a field below it, and what is wanted above."""

    def __init__(self, qtbot: QtBot, *above: QWidget) -> None:
        self.orders: list[Order] = []
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.panel = WarningsPanel(self.orders.append)
        self.below = QLineEdit()
        rows = QVBoxLayout(self.window)
        for widget in above:
            rows.addWidget(widget)
        rows.addWidget(self.panel)
        rows.addWidget(self.below)
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()

    def show(self, *found: Concern) -> None:
        self.panel.show_concerns(found)


def test_it_is_there_only_while_something_is_wrong(qtbot: QtBot) -> None:
    shown = Shown(qtbot)
    assert not shown.panel.isVisible()
    shown.show(concern("a"))
    assert shown.panel.isVisible()
    shown.show()
    assert not shown.panel.isVisible()


def test_a_row_stays_the_same_one_while_its_words_change(qtbot: QtBot) -> None:
    shown = Shown(qtbot)
    shown.show(concern("a"), concern("b"))
    _, before = shown.panel.rows
    before.button.setFocus()
    shown.show(concern("b", "It is worse now."))
    (after,) = shown.panel.rows
    assert after is before
    assert after.sentence.text() == "It is worse now."
    assert QApplication.focusWidget() is after.button


def test_rows_stand_in_the_order_of_their_concerns(qtbot: QtBot) -> None:
    shown = Shown(qtbot)
    shown.show(concern("a", "A"), concern("c", "C"))
    shown.show(concern("b", "B"), concern("c", "C"), concern("a", "A"))
    shown.window.adjustSize()
    QApplication.sendPostedEvents()
    assert [row.sentence.text() for row in shown.panel.rows] == ["B", "C", "A"]
    assert [row.y() for row in shown.panel.rows] == sorted({row.y() for row in shown.panel.rows})


def test_the_tab_key_finds_them_where_they_stand(qtbot: QtBot) -> None:
    above = QLineEdit()
    shown = Shown(qtbot, above)
    shown.show(concern("b"))
    shown.show(concern("a"), concern("b"))
    QApplication.sendPostedEvents()  # a new row is seen only then
    above.setFocus()
    way = []
    for _ in range(3):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        way.append(QApplication.focusWidget())
    assert way == [*(row.button for row in shown.panel.rows), shown.below]


def test_the_focus_goes_on_when_what_had_it_is_mended(qtbot: QtBot) -> None:
    shown = Shown(qtbot)
    shown.show(concern("a"))
    shown.panel.rows[0].button.setFocus()
    shown.show()
    assert QApplication.focusWidget() is shown.below


def test_every_severity_has_a_sign_of_its_own(qtbot: QtBot) -> None:
    shown = Shown(qtbot)
    shown.show(*(concern(each.name, severity=each) for each in Severity))
    assert len({row.sign.text() for row in shown.panel.rows}) == len(Severity)


def test_the_button_mends_what_its_row_says_now(qtbot: QtBot) -> None:
    shown = Shown(qtbot)
    shown.show(at_provider("x", Severity.BAD, "No key.", "openai"))
    button = shown.panel.rows[0].button
    assert (button.text(), button.accessibleDescription()) == ("Open openai", "No key.")
    button.click()
    assert shown.orders == [Visit("providers", "openai")]


def test_a_long_name_does_not_widen_its_button(qtbot: QtBot) -> None:
    shown = Shown(qtbot)
    shown.show(at_provider("x", Severity.BAD, "No key.", "a-provider-with-a-very-long-name"))
    assert shown.panel.rows[0].button.text() == "Open it"
