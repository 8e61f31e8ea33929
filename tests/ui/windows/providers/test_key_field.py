"""The field for a key: masked, shown on demand by keyboard too, and hidden again on leaving."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from proxy.secret import Secret
from tests.ui.windows.providers.stage import CANARY, press
from ui.copied_secret import CopiedSecret
from ui.windows.providers.key_field import KeyField
from ui.windows.providers.shown_key import ShownKey

MASKED, PLAIN = QLineEdit.EchoMode.Password, QLineEdit.EchoMode.Normal


@pytest.fixture
def field(qtbot: QtBot) -> Iterator[KeyField]:
    window = QWidget()
    qtbot.addWidget(window)
    rows = QVBoxLayout(window)
    made = KeyField()
    rows.addWidget(made)
    rows.addWidget(QPushButton("Elsewhere"))
    window.show()
    window.activateWindow()
    made.line.setFocus()
    yield made
    QGuiApplication.clipboard().clear()


def test_what_is_pasted_is_masked_and_loses_what_came_along(field: KeyField) -> None:
    QGuiApplication.clipboard().setText(f' "{CANARY}"\n')
    press(field.line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert field.key == Secret(CANARY)
    assert field.line.text() == CANARY
    assert field.line.echoMode() is MASKED
    assert CANARY not in field.line.displayText()


def test_the_keyboard_shows_it_and_leaving_hides_it_again(field: KeyField) -> None:
    press(field.line, Qt.Key.Key_Tab)
    assert field.reveal.hasFocus()
    press(field.reveal, Qt.Key.Key_Space)
    assert field.line.echoMode() is PLAIN
    assert field.reveal.accessibleName() == "Hide the key"
    press(field.reveal, Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    assert field.line.echoMode() is PLAIN  # from one part of it to the other
    press(field.line, Qt.Key.Key_Tab)
    press(field.reveal, Qt.Key.Key_Tab)
    assert field.line.echoMode() is MASKED


def test_a_hidden_field_shows_nothing_when_it_comes_back(field: KeyField) -> None:
    field.reveal.setChecked(True)
    field.hide()
    field.show()
    assert field.line.echoMode() is MASKED


def test_what_is_forgotten_cannot_be_undone(field: KeyField) -> None:
    field.line.insert(CANARY)
    field.forget()
    field.reveal.setChecked(True)
    field.line.undo()
    assert not field.key


def test_a_copied_key_goes_from_the_clipboard_by_itself(qtbot: QtBot) -> None:
    CopiedSecret(Secret(CANARY), after_ms=1)
    assert QGuiApplication.clipboard().text() == CANARY
    assert QGuiApplication.clipboard().mimeData().hasFormat("x-kde-passwordManagerHint")
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == "")


def test_what_was_copied_since_then_stays_in_the_clipboard(qtbot: QtBot) -> None:
    copied = CopiedSecret(Secret(CANARY))
    QGuiApplication.clipboard().setText("a poem")
    copied.clear()
    assert QGuiApplication.clipboard().text() == "a poem"


def test_a_shown_key_is_hidden_by_time_and_when_it_is_out_of_sight(qtbot: QtBot) -> None:
    by_time, out_of_sight = ShownKey(Secret(CANARY), after_ms=1), ShownKey(Secret(CANARY))
    for shown in (by_time, out_of_sight):
        qtbot.addWidget(shown)
    with qtbot.waitSignal(by_time.ended):
        by_time.show()
    assert by_time.line.text() == ""
    out_of_sight.show()
    assert out_of_sight.line.text() == CANARY
    out_of_sight.hide()
    assert out_of_sight.line.text() == ""
