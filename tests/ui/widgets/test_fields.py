"""Fields take what is meant: no wheel on the way past, no number outside the range, no step in between."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QFocusEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.fields import Choice, NumberField
from ui.widgets.switch import Switch

CHOICES = (("a", "First"), ("b", "Second"))


def number(qtbot: QtBot) -> tuple[NumberField, list[float], list[str]]:
    field = NumberField(1, 100, unit=" days")
    field.show_value(7)
    settled: list[float] = []
    judged: list[str] = []
    field.settled.connect(settled.append)
    field.judged.connect(judged.append)
    qtbot.addWidget(field)
    field.show()
    return field, settled, judged


def retype(field: NumberField, text: str) -> None:
    QTest.keySequence(field, "Ctrl+A")
    QTest.keyClicks(field, text)


def turn_wheel(widget: QWidget) -> bool:
    """Whether the widget took it."""
    where = QPointF(widget.rect().center())
    event = QWheelEvent(
        where,
        QPointF(widget.mapToGlobal(where.toPoint())),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


def test_a_number_is_meant_after_enter(qtbot: QtBot) -> None:
    field, settled, judged = number(qtbot)
    retype(field, "30")
    assert settled == []
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert (settled, set(judged)) == ([30], {""})


@pytest.mark.parametrize("text", ["1000", "0", ""])
def test_one_outside_the_range_is_told_and_goes_back(qtbot: QtBot, text: str) -> None:
    field, settled, judged = number(qtbot)
    retype(field, text or "\b")
    assert judged[-1] == "Allowed: 1 to 100."
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert (settled, field.value()) == ([], 7)
    assert judged[-1] == ""


def test_leaving_the_field_takes_back_what_was_said_of_a_wrong_number(qtbot: QtBot) -> None:
    field, _settled, judged = number(qtbot)
    retype(field, "1000")
    QApplication.sendEvent(field, QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.TabFocusReason))
    assert (field.value(), judged[-1]) == (7, "")


def test_a_right_number_that_is_left_judges_nothing_anew(qtbot: QtBot) -> None:
    field, _settled, judged = number(qtbot)
    retype(field, "30")
    QTest.keyClick(field, Qt.Key.Key_Return)
    judged.clear()
    QApplication.sendEvent(field, QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.TabFocusReason))
    assert judged == []


@pytest.mark.parametrize(("holds", "shown"), [(500, "500 days"), (2.4, "2 days")])
def test_what_holds_is_shown_whatever_it_is_and_not_changed_by_passing(
    qtbot: QtBot, holds: float, shown: str
) -> None:
    field, settled, _judged = number(qtbot)
    field.show_value(holds)
    assert field.text() == shown
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert settled == []


def test_letters_are_not_taken(qtbot: QtBot) -> None:
    field, _settled, _judged = number(qtbot)
    retype(field, "x")
    assert "x" not in field.text()


def test_steps_are_one_change_when_the_field_is_left(qtbot: QtBot) -> None:
    field, settled, _judged = number(qtbot)
    for _ in range(3):
        QTest.keyClick(field, Qt.Key.Key_Up)
    assert settled == []
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert settled == [10]


def test_steps_are_one_change_after_a_moment(qtbot: QtBot) -> None:
    field, settled, _judged = number(qtbot)
    with qtbot.waitSignal(field.settled):
        QTest.keyClick(field, Qt.Key.Key_Up)
        QTest.keyClick(field, Qt.Key.Key_Up)
    assert settled == [9]


def test_news_does_not_disturb_who_types(qtbot: QtBot) -> None:
    field, settled, _judged = number(qtbot)
    retype(field, "3")
    field.show_value(50)
    assert field.text().startswith("3")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert settled == [3]


def test_a_choice_of_the_program_is_none_of_the_user(qtbot: QtBot) -> None:
    choice = Choice(CHOICES)
    qtbot.addWidget(choice)
    chosen: list[str] = []
    choice.chosen.connect(chosen.append)
    choice.show_value("b")
    assert (choice.value, chosen) == ("b", [])
    QTest.keyClick(choice, Qt.Key.Key_Up)
    assert chosen == ["a"]


def test_the_wheel_goes_past_a_field_that_nobody_is_in(qtbot: QtBot) -> None:
    field, _settled, _judged = number(qtbot)
    choice = Choice(CHOICES)
    qtbot.addWidget(choice)
    choice.show()
    for each in (field, choice):
        each.clearFocus()
        assert not turn_wheel(each)
    assert (field.value(), choice.value) == (7, "a")


def test_a_switch_is_thrown_anywhere_on_it_and_by_the_space_bar(qtbot: QtBot) -> None:
    switch = Switch()
    qtbot.addWidget(switch)
    switch.show()
    QTest.mouseClick(switch, Qt.MouseButton.LeftButton, pos=QPoint(2, switch.height() // 2))
    assert switch.isChecked()
    QTest.keyClick(switch, Qt.Key.Key_Space)
    assert not switch.isChecked()


def test_on_and_off_look_different_without_colours(qtbot: QtBot) -> None:
    switch = Switch()
    qtbot.addWidget(switch)
    switch.resize(switch.sizeHint())
    off = switch.grab().toImage().convertToFormat(switch.grab().toImage().Format.Format_Grayscale8)
    switch.setChecked(True)
    on = switch.grab().toImage().convertToFormat(off.format())
    assert on != off


def test_the_line_within_a_number_field_has_its_name(qtbot: QtBot) -> None:
    field = NumberField(0, 10)
    qtbot.addWidget(field)
    field.setAccessibleName("Days")
    assert field.lineEdit().accessibleName() == "Days"
