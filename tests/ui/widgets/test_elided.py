"""A line that is cut says all of it to everybody who asks."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ui.widgets.elided import ElidedLabel

TEXT = "http://127.0.0.1:4517/c/claude-code"


def label(qtbot: QtBot) -> tuple[ElidedLabel, QSize]:
    """With the size that it would like to have."""
    made = ElidedLabel()
    qtbot.addWidget(made)
    made.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    made.say(TEXT)
    made.show()
    return made, made.sizeHint()


def test_with_room_it_is_a_label_like_any_other(qtbot: QtBot) -> None:
    made, whole = label(qtbot)
    made.resize(whole)
    assert (made.is_cut, made.toolTip()) == (False, "")


def test_cut_it_tells_all_of_it_in_its_tip(qtbot: QtBot) -> None:
    made, whole = label(qtbot)
    made.resize(whole.width() // 2, whole.height())
    assert (made.is_cut, made.toolTip(), made.text()) == (True, TEXT, TEXT)
    assert made.minimumSizeHint().width() < whole.width() // 2


def test_cut_it_looks_different_from_what_was_there_before(qtbot: QtBot) -> None:
    made, whole = label(qtbot)
    made.resize(whole.width() // 2, whole.height())
    cut = made.grab().toImage()
    made.say("")
    assert made.grab().toImage() != cut


def test_cut_all_of_it_is_copied_by_keyboard(qtbot: QtBot) -> None:
    made, whole = label(qtbot)
    made.resize(whole.width() // 2, whole.height())
    made.setFocus()
    QTest.keySequence(made, "Ctrl+A")
    QTest.keySequence(made, "Ctrl+C")
    assert QGuiApplication.clipboard().text() == TEXT


def test_cut_it_shows_what_is_selected_to_who_is_at_it(qtbot: QtBot) -> None:
    made, whole = label(qtbot)
    made.resize(whole.width() // 2, whole.height())
    before = made.grab().toImage()
    made.setFocus()
    QTest.keySequence(made, "Ctrl+A")
    assert made.grab().toImage() != before
