"""Everything on the page can be reached by keyboard and has a name; no letter leads to two places."""

import re
from collections import Counter
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from tests.ui.windows.providers.stage import CANARY, CONFIG, Stage, press, staged
from tests.ui.windows.providers.test_adding import fields
from ui.loop import QtLoop


async def shown(stage: Stage) -> None:
    stage.backend.values["tierwise", "provider/mine"] = CANARY
    await stage.open()


async def test_tab_reaches_everything(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await shown(stage)
        stage.page.add.setFocus()
        passed: list[QWidget] = []
        while (here := QApplication.focusWidget()) not in passed and here is not None:
            passed.append(here)
            press(here, Qt.Key.Key_Tab)
        assert set(fields(stage.page)) <= set(passed)
        assert passed.index(stage.page.list) < passed.index(stage.page.details.head.switch)


async def test_everything_has_a_name(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await shown(stage)
        for field in fields(stage.page):
            interface = QAccessible.queryAccessibleInterface(field)
            assert interface.text(QAccessible.Text.Name), field


async def test_no_letter_leads_to_two_places(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await shown(stage)
        texts = [each.text() for each in stage.page.findChildren(QLabel) if each.buddy() is not None]
        texts += [each.text() for each in stage.page.findChildren(QAbstractButton) if each.isVisible()]
        letters = Counter(found[1].lower() for text in texts if (found := re.search(r"&(\w)", text)))
        assert letters
        assert [letter for letter, uses in letters.items() if uses > 1] == []


async def test_the_arrow_keys_choose_a_provider(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await shown(stage)
        stage.page.list.setFocus()
        press(stage.page.list, Qt.Key.Key_Down)
        await stage.page.settled()
        assert stage.page.details.head.name.text() == "other"
        assert stage.page.details.keys.lines["env:OTHER_KEY"].state.text() == (
            "✕ the environment variable OTHER_KEY is not set"
        )


async def test_names_that_look_like_markup_are_read_letter_by_letter(qt_loop: QtLoop, tmp_path: Path) -> None:
    config = CONFIG.replace("[providers.mine]", '[providers."<b>mine"]').replace(
        'key = "keyring"', 'keys = ["keyring:<i>work", "keyring"]'
    )
    async with staged(tmp_path, config) as stage:
        await stage.open()
        labels = stage.page.findChildren(QLabel)
        assert "Key “<i>work”" in [label.text() for label in labels]
        automatic = [label.text() for label in labels if label.textFormat() is Qt.TextFormat.AutoText]
        tips = [widget.toolTip() for widget in stage.page.findChildren(QWidget)]
        items = stage.page.list
        tips += [items.item(row).toolTip() for row in range(items.count())]
        assert any("mine" in tip for tip in tips)
        assert not [each for each in automatic + tips if "<b>" in each or "<i>" in each]
