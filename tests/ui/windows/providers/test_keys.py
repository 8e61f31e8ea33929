"""Keys on the page: replaced, added, shown when the user says so, and nowhere else."""

import logging
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from app.toml.edits import Assign, Remove
from proxy.routing.health.key import Key
from proxy.routing.service import Service
from proxy.secret import Secret
from proxy.wire.failure import Failure, FailureKind
from tests.app.keyring.backends import keyring_on, locked
from tests.ui.windows.providers.stage import CANARY, CONFIG, Stage, press, staged, told
from ui.loop import QtLoop
from ui.windows.providers.key_sheet import KeySheet

ANOTHER = "sk-another-0815-hgfedcba"
MINE = ("tierwise", "provider/mine")


async def pasted(stage: Stage, key: str) -> KeySheet:
    """What a user does in the dialog, by keyboard alone."""
    sheet = await stage.sheet(KeySheet)
    QGuiApplication.clipboard().setText(key)
    sheet.key.line.setFocus()
    press(sheet.key.line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    press(sheet.key.line, Qt.Key.Key_Return)
    return sheet


async def test_a_key_is_replaced_and_is_nowhere_to_be_read(
    qt_loop: QtLoop, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with staged(tmp_path) as stage:
        await stage.open()
        line = stage.page.details.keys.lines["keyring"]
        assert line.state.text() == "✕ not in the keyring of the system"
        assert line.replace.text() == "Set key …"
        press(line.replace, Qt.Key.Key_Space)
        await pasted(stage, f' "{CANARY}" ')
        await stage.done()
        QGuiApplication.clipboard().clear()
        assert stage.backend.values[MINE] == CANARY
        assert stage.page.details.keys.lines["keyring"].state.text() == "● in the keyring of the system"
        assert CANARY not in told(stage.page)
        assert CANARY not in stage.config + " ".join(stage.window.said) + caplog.text


async def test_what_a_test_has_shown_of_the_old_key_goes_with_it(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path, key=CANARY) as stage:
        stage.backend.values[MINE] = "sk-the-wrong-one-0815"
        await stage.open()
        trial, head = stage.page.details.trial, stage.page.details.head
        trial.try_out()
        await trial.tasks.ended()
        assert (trial.verdict.isVisible(), head.state.text()) == (True, "▲ last test failed")
        press(stage.page.details.keys.lines["keyring"].replace, Qt.Key.Key_Space)
        await pasted(stage, CANARY)
        await stage.done()
        assert (trial.steps, trial.verdict.isVisible()) == ([], False)
        assert head.state.text() == "● ready"


async def test_what_is_no_key_is_refused_beside_the_field_and_nothing_changes(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with staged(tmp_path) as stage:
        await stage.open()
        press(stage.page.details.keys.lines["keyring"].replace, Qt.Key.Key_Space)
        sheet = await pasted(stage, "see you tomorrow at ten")
        assert "no spaces" in sheet.complaint
        assert stage.backend.values == {}
        press(sheet, Qt.Key.Key_Escape)
        await stage.done()
        assert stage.window.said == []


async def test_a_further_key_has_a_name_of_its_own(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        stage.backend.values[MINE] = CANARY
        await stage.open()
        press(stage.page.details.keys.add, Qt.Key.Key_Space)
        sheet = await stage.sheet(KeySheet)
        sheet.label.setText("work")
        await pasted(stage, ANOTHER)
        await stage.done()
        assert stage.backend.values["tierwise", "provider/mine/work"] == ANOTHER
        assert list(stage.page.details.keys.lines) == ["keyring", "keyring:work"]
        assert "2 of 2 keys usable" in str(stage.page.list.item(0).data(Qt.ItemDataRole.AccessibleTextRole))
        press(stage.page.details.keys.lines["keyring:work"].replace, Qt.Key.Key_Space)
        await pasted(stage, CANARY)
        await stage.done()
        assert stage.backend.values["tierwise", "provider/mine/work"] == CANARY
        assert list(stage.page.details.keys.lines) == ["keyring", "keyring:work"]


async def test_a_key_of_another_vendor_is_noticed_before_it_is_stored(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with staged(tmp_path) as stage:
        await stage.open()
        stage.page.look_at("other")
        await stage.page.settled()
        press(stage.page.details.keys.lines["env:OTHER_KEY"].replace, Qt.Key.Key_Space)
        sheet = await stage.sheet(KeySheet)
        QGuiApplication.clipboard().setText("gsk_abcdefghijklmnop")
        press(sheet.key.line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        assert sheet.hint.text() == "▲ That looks like a key of Groq, and not of Anthropic."
        sheet.reject()
        await stage.done()


async def test_a_stored_key_is_shown_after_a_question_only_and_not_for_long(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with staged(tmp_path) as stage:
        stage.backend.values[MINE] = CANARY
        await stage.open()
        line = stage.page.details.keys.lines["keyring"]
        stage.window.agrees = False
        press(line.reveal, Qt.Key.Key_Space)
        await stage.done()
        assert len(stage.window.asked) == 1
        assert CANARY not in told(stage.page)
        stage.window.agrees = True
        press(line.reveal, Qt.Key.Key_Space)
        await stage.done()
        assert CANARY in told(stage.page)
        stage.page.list.choose("other")
        assert CANARY not in told(stage.page)


async def test_a_shown_key_is_hidden_with_the_page(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        stage.backend.values[MINE] = CANARY
        await stage.open()
        press(stage.page.details.keys.lines["keyring"].reveal, Qt.Key.Key_Space)
        await stage.done()
        assert CANARY in told(stage.page)
        stage.page.hide()
        stage.page.show()
        assert CANARY not in told(stage.page)


async def test_a_stored_key_is_copied(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        stage.backend.values[MINE] = CANARY
        await stage.open()
        press(stage.page.details.keys.lines["keyring"].copy, Qt.Key.Key_Space)
        await stage.done()
        assert QGuiApplication.clipboard().text() == CANARY
        assert CANARY not in told(stage.page) + " ".join(stage.window.said)


async def test_a_locked_keyring_says_so_and_what_to_do(qt_loop: QtLoop, tmp_path: Path) -> None:
    backend = locked()
    async with staged(tmp_path, backend=backend, keyring=keyring_on(backend)) as stage:
        await stage.open()
        words = told(stage.page.details.keys)
        assert "▲ unknown: the keyring does not answer" in words
        assert "Unlock it" in words
        press(stage.page.details.keys.lines["keyring"].replace, Qt.Key.Key_Space)
        sheet = await pasted(stage, CANARY)
        await stage.until(lambda: sheet.complaint)
        assert "locked" in sheet.complaint
        assert CANARY not in sheet.complaint
        assert "mine" in stage.config
        sheet.reject()
        await stage.done()


async def test_a_key_that_the_provider_refuses_is_told_as_rejected(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path, key=ANOTHER) as stage:
        stage.backend.values[MINE] = CANARY
        await stage.open()
        trial = stage.page.details.trial
        trial.try_out()
        await trial.tasks.ended()
        assert trial.steps[0].word == "✕ fails"
        board = stage.application.gateway.answers.world.board
        refusal = Failure(FailureKind.UNAUTHENTICATED, "No.")
        board.failed(Service("mine", "small"), Key("mine", "keyring", Secret(CANARY)), refusal)
        keys = stage.page.details.keys
        await stage.until(lambda: keys.lines["keyring"].state.text() == "✕ rejected by the provider")
        assert "Make a new key" in told(keys)
        assert CANARY not in told(stage.page)


async def test_a_key_that_was_dropped_meanwhile_is_not_replaced_and_the_others_stay(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    config = CONFIG.replace('key = "keyring"', 'keys = ["keyring", "keyring:work"]')
    async with staged(tmp_path, config) as stage:
        stage.backend.values[MINE] = CANARY
        stage.backend.values["tierwise", "provider/mine/work"] = CANARY
        await stage.open()
        press(stage.page.details.keys.lines["keyring:work"].replace, Qt.Key.Key_Space)
        sheet = await stage.sheet(KeySheet)
        path = ("providers", "mine")
        await stage.desk.write(Remove((*path, "keys")), Assign((*path, "key"), "keyring"))
        await pasted(stage, ANOTHER)
        await stage.until(lambda: sheet.complaint)
        assert "no longer has the key" in sheet.complaint
        assert stage.backend.values[MINE] == CANARY
        assert stage.desk.settings.providers["mine"].key_forms == ("keyring",)
        sheet.reject()
        await stage.done()
