"""Proposed tiers: shown with reasons, keys named and asked about, written and taken back."""

import json
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from tests.app.keyring.backends import MemoryBackend, keyring_on
from tests.ui.windows.tiers.stage import Stage, recorded
from ui.loop import QtLoop

CLAUDES = "sk-ant-Zp4Xw9Lm2Kd7"
OPENCODES = "sk-proj-Vb6Nq1Rt8Hs3"
ENVIRON = {"ANTHROPIC_API_KEY": CLAUDES}
MINE = "# mine\n[tiers.SIMPLE]\nservices = [] # none yet\n"


def opencode(folder: Path) -> None:
    """Another client of this user holds a key in its own file."""
    place = folder / ".local/share/opencode/auth.json"
    place.parent.mkdir(parents=True)
    place.write_text(json.dumps({"openai": {"type": "api", "key": OPENCODES}}))


async def proposed(stage: Stage) -> None:
    stage.page.propose.click()
    await stage.done()


def words(stage: Stage) -> str:
    labels = [each for each in stage.page.proposal.findChildren(QLabel) if each.isVisible()]
    return "\n".join(each.text() for each in labels)


async def test_a_proposal_is_shown_with_reasons_written_and_taken_back(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with recorded(tmp_path, MINE, environ=ENVIRON) as stage:
        await proposed(stage)
        assert stage.text == MINE
        assert "Providers to add" in words(stage)
        assert "anthropic/claude" in words(stage)
        assert CLAUDES not in words(stage)
        assert QApplication.focusWidget() is stage.page.proposal.apply
        QTest.keyClick(stage.page.proposal.apply, Qt.Key.Key_Space)
        await stage.done()
        assert stage.tree["providers"]["anthropic"]["key"] == "env:ANTHROPIC_API_KEY"
        assert stage.names("SIMPLE")
        assert "# mine" in stage.text
        assert stage.page.proposal.isHidden()
        assert stage.simple.services.services.names == stage.names("SIMPLE")
        assert CLAUDES not in stage.text
        await stage.undone()
        assert stage.text == MINE
        assert stage.desk.settings.providers == {}


async def test_a_key_of_another_program_is_copied_only_when_that_is_chosen(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    opencode(tmp_path)
    kept = MemoryBackend()
    async with recorded(tmp_path, "", environ=ENVIRON, keyring=keyring_on(kept)) as stage:
        await proposed(stage)
        boxes = {key.key.provider: box for key, box in stage.page.proposal.keys.items()}
        assert boxes["anthropic"].isChecked()
        assert not boxes["openai"].isChecked()
        assert "into the keyring" in boxes["openai"].text()
        assert "opencode" in boxes["openai"].text()
        assert "openai/" not in words(stage)
        boxes["openai"].setFocus()
        QTest.keyClick(boxes["openai"], Qt.Key.Key_Space)
        await stage.done()
        assert "openai/" in words(stage)
        assert kept.values == {}
        stage.page.proposal.apply.click()
        await stage.done()
        assert stage.tree["providers"]["openai"]["key"] == "keyring"
        assert list(kept.values.values()) == [OPENCODES]
        assert OPENCODES not in stage.text
        await stage.undone()
        assert kept.values == {}
        assert stage.tree == {}


async def test_a_proposal_for_another_file_is_not_written(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with recorded(tmp_path, MINE, environ=ENVIRON) as stage:
        await proposed(stage)
        changed = f"{MINE}# meanwhile\n"
        stage.desk.program.home.config.write_text(changed)
        stage.page.proposal.apply.click()
        await stage.done()
        assert "nothing was written" in stage.window.said[-1]
        assert stage.text == changed


async def test_where_nothing_is_found_the_way_on_is_told(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with recorded(tmp_path, "") as stage:
        await proposed(stage)
        assert "No model server and no key was found" in words(stage)
        assert not stage.page.proposal.apply.isVisible()
        assert QApplication.focusWidget() is stage.page.proposal.dismiss
        stage.page.proposal.dismiss.click()
        assert stage.page.proposal.isHidden()
