"""A window that is closed in the middle of something takes it along, and nothing of it is touched again."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from tests.app.record.made import WHEN
from tests.ui.windows.settings.stage import staged
from ui.frame.navigation import Entry
from ui.frame.page import Host, Page
from ui.frame.window import MainWindow
from ui.icons import program_icon
from ui.loop import QtLoop
from ui.windows.settings.page import SettingsPage


def a_dialog(page: SettingsPage, _folder: Path) -> None:
    page.backup.restore.click()


def a_backup(page: SettingsPage, folder: Path) -> None:
    page.do(page.backup._backed_up(folder / "mine.zip", WHEN))


def licences(page: SettingsPage, _folder: Path) -> None:
    page.about.others.click()


@pytest.mark.parametrize("begin", [a_dialog, a_backup, licences])
async def test_it_leaves_no_error_behind(
    qt_loop: QtLoop,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    begin: Callable[[SettingsPage, Path], None],
) -> None:
    async with staged(tmp_path / "home") as stage:

        async def made(host: Host) -> Page:
            return SettingsPage(stage.desk, host, stage.theme)

        window = MainWindow(program_icon(), [Entry("settings", "Settings")], {"settings": made})
        gone = asyncio.Event()
        window.destroyed.connect(gone.set)
        window.show()
        page = await window.built("settings")
        assert isinstance(page, SettingsPage)
        await page.settled()
        begin(page, tmp_path)
        await asyncio.sleep(0)
        assert (len(page.findChildren(QFileDialog)) == 1) is (begin is a_dialog)
        tasks = page.tasks
        window.close()
        window.deleteLater()
        await tasks.ended()
        await gone.wait()
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


def stepped(page: SettingsPage) -> None:
    QTest.keyClick(page.record.days, Qt.Key.Key_Up)


def typed(page: SettingsPage) -> None:
    QTest.keySequence(page.record.days, "Ctrl+A")
    QTest.keyClicks(page.record.days, "366")


@pytest.mark.parametrize("enter", [stepped, typed])
async def test_what_stands_in_a_field_is_taken_all_the_same(
    qt_loop: QtLoop, tmp_path: Path, caplog: pytest.LogCaptureFixture, enter: Callable[[SettingsPage], None]
) -> None:
    async with staged(tmp_path / "home") as stage:

        async def made(host: Host) -> Page:
            return SettingsPage(stage.desk, host, stage.theme)

        window = MainWindow(program_icon(), [Entry("settings", "Settings")], {"settings": made})
        window.show()
        page = await window.built("settings")
        assert isinstance(page, SettingsPage)
        await page.settled()
        page.record.days.setFocus()
        enter(page)
        tasks = page.tasks
        gone = asyncio.Event()
        window.destroyed.connect(gone.set)
        window.close()
        window.deleteLater()
        await gone.wait()
        await tasks.ended()
        assert stage.application.loaded.settings.ledger.retention_days == 366
        assert "retention_days = 366" in stage.text
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
