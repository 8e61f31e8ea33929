"""Proposed tiers: shown with reasons, keys named and asked about, written and taken back."""

import asyncio
import json
from collections.abc import Collection
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel

from app.desk.errors import DeskError
from app.tiers.writing import Outcome
from tests.app.keyring.backends import MemoryBackend, keyring_on
from tests.ui.windows.tiers.stage import Stage, recorded
from ui.loop import QtLoop
from ui.windows.tiers.proposal.asking import Asked, KeyFound, Proposing

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


class Slow(Proposing):
    """Answers when the test says so: each question has a gate of its own, in the order they were asked."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage.desk)
        self.gates: list[asyncio.Event] = []
        self.written = 0
        self.fails = False
        self._asked_more = asyncio.Event()

    async def begun(self, questions: int) -> None:
        while len(self.gates) < questions:
            self._asked_more.clear()
            await self._asked_more.wait()

    async def asked(self) -> Asked:
        await self._let_through()
        return await super().asked()

    async def with_keys(self, asked: Asked, used: Collection[KeyFound]) -> Asked:
        await self._let_through()
        return await super().with_keys(asked, used)

    async def write(self, asked: Asked) -> Outcome:
        self.written += 1
        await self._let_through()
        return await super().write(asked)

    async def _let_through(self) -> None:
        gate = asyncio.Event()
        self.gates.append(gate)
        self._asked_more.set()
        await gate.wait()
        if self.fails:
            raise DeskError("The keyring is locked.")


async def slowly_proposed(stage: Stage) -> Slow:
    """The proposal stands, and from now on everything is slow."""
    await proposed(stage)
    slow = stage.page.proposal._proposing = Slow(stage)
    return slow


async def without_its_key(slow: Slow, stage: Stage) -> QCheckBox:
    """Asked what is proposed without the only key; the answer is waited for."""
    (box,) = stage.page.proposal.keys.values()
    box.click()
    await slow.begun(1)
    return box


async def test_while_it_is_written_nothing_else_can_be_said(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with recorded(tmp_path, MINE, environ=ENVIRON) as stage:
        slow, panel = await slowly_proposed(stage), stage.page.proposal
        panel.apply.click()
        await slow.begun(1)
        for button in (panel.apply, panel.dismiss, *panel.keys.values()):
            assert not button.isEnabled()
            button.click()
        stage.page.propose.click()
        slow.gates[0].set()
        await stage.done()
        assert (slow.written, len(slow.gates)) == (1, 1)
        assert panel.isHidden()
        assert "The proposal is written" in stage.window.said[-1]


async def test_what_could_not_be_written_can_be_tried_again(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with recorded(tmp_path, MINE, environ=ENVIRON) as stage:
        slow, panel = await slowly_proposed(stage), stage.page.proposal
        slow.fails = True
        panel.apply.click()
        await slow.begun(1)
        slow.gates[0].set()
        await stage.done()
        assert stage.window.said == ["The keyring is locked."]
        assert panel.apply.hasFocus()
        slow.fails = False
        QTest.keyClick(panel.apply, Qt.Key.Key_Space)
        await slow.begun(2)
        slow.gates[1].set()
        await stage.done()
        assert stage.names("SIMPLE")


async def test_only_the_answer_to_the_last_question_is_shown_and_written(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    opencode(tmp_path)
    async with recorded(tmp_path, "", environ=ENVIRON) as stage:
        slow, panel = await slowly_proposed(stage), stage.page.proposal
        boxes = {key.key.provider: box for key, box in panel.keys.items()}
        boxes["openai"].click()
        await slow.begun(1)
        assert not panel.apply.isEnabled()
        boxes["openai"].click()
        await slow.begun(2)
        slow.gates[1].set()
        await shown_anew(stage, boxes["openai"])
        assert panel.apply.isEnabled()
        assert "openai/" not in words(stage)
        slow.gates[0].set()
        await stage.done()
        assert "openai/" not in words(stage)
        assert not next(box for key, box in panel.keys.items() if key.key.provider == "openai").isChecked()


async def test_keys_that_could_not_be_looked_at_are_shown_as_they_were(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with recorded(tmp_path, "", environ=ENVIRON) as stage:
        slow, panel = await slowly_proposed(stage), stage.page.proposal
        slow.fails = True
        await without_its_key(slow, stage)
        slow.gates[0].set()
        await stage.done()
        (box,) = panel.keys.values()
        assert box.isChecked()
        assert panel.apply.isEnabled()
        assert "anthropic/" in words(stage)


async def test_an_answer_that_comes_after_all_was_dismissed_is_not_shown(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with recorded(tmp_path, "", environ=ENVIRON) as stage:
        slow, panel = await slowly_proposed(stage), stage.page.proposal
        await without_its_key(slow, stage)
        panel.dismiss.click()
        slow.gates[0].set()
        await stage.done()
        assert panel.isHidden()
        panel.apply.click()
        await stage.done()
        assert slow.written == 0


async def test_an_answer_of_an_earlier_proposal_does_not_change_the_next(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with recorded(tmp_path, "", environ=ENVIRON) as stage:
        slow, panel = await slowly_proposed(stage), stage.page.proposal
        box = await without_its_key(slow, stage)
        stage.page.propose.click()
        await slow.begun(2)
        slow.gates[1].set()
        await shown_anew(stage, box)
        slow.gates[0].set()
        await stage.done()
        (box,) = panel.keys.values()
        assert box.isChecked()
        assert "anthropic/" in words(stage)


async def shown_anew(stage: Stage, box: QCheckBox) -> None:
    """Boxes are made anew with each answer."""
    gone = asyncio.Event()
    box.destroyed.connect(gone.set)
    await gone.wait()
