"""A backup is made beside the running program; putting one back shows what it holds and how that is done."""

import asyncio
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton

from app.preferences.backups import held_in
from tests.app.record.made import WHEN, backup_in
from tests.ui.windows.settings.stage import Stage, staged
from ui.loop import QtLoop
from ui.quit import on_quit


async def choose(stage: Stage, button: QPushButton, file: Path) -> None:
    """Press the button and type a file into the dialog that opens."""
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    await asyncio.sleep(0)
    (dialog,) = stage.page.findChildren(QFileDialog)
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    assert isinstance(field, QLineEdit)
    field.setText(str(file))
    QTest.keyClick(field, Qt.Key.Key_Return)
    await stage.settle()


async def test_a_backup_is_made_where_it_is_wanted(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path / "home") as stage:
        file = tmp_path / "mine.zip"
        await choose(stage, stage.page.backup.back_up, file)
        assert held_in(file).has_config
        assert stage.window.said[0].startswith(f"{file} holds ")
        assert stage.page.backup.back_up.isEnabled()
        assert not stage.page.backup.progress.isVisible()


async def test_one_that_cannot_be_made_is_told_beside_the_button(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path / "home") as stage:
        other = tmp_path / "letter.zip"
        other.write_text("Dear all")
        backup = stage.page.backup
        await backup._backed_up(other, WHEN)
        assert "is no backup" in backup.backup_row.complaint
        assert other.read_text() == "Dear all"


async def test_no_file_after_all_does_nothing(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path / "home") as stage:
        stage.page.backup.back_up.click()
        await asyncio.sleep(0)
        (dialog,) = stage.page.findChildren(QFileDialog)
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        await stage.settle()
        assert (stage.window.said, list(stage.home.backups.glob("*.zip"))) == ([], [])


async def test_what_a_backup_holds_and_how_it_is_put_back(qt_loop: QtLoop, tmp_path: Path) -> None:
    file = backup_in(tmp_path / "other")
    async with staged(tmp_path / "home") as stage:
        backup = stage.page.backup
        await choose(stage, backup.restore, file)
        told = backup.restoring.told.text()
        assert "3 exchanges from " in told
        assert "Tierwise must not run meanwhile" in told
        assert f"restore {file}" in backup.restoring.command.text()
        await stage.press(backup.restoring.copy)
        assert QGuiApplication.clipboard().text() == backup.restoring.command.text()


async def test_another_file_is_told_to_be_none(qt_loop: QtLoop, tmp_path: Path) -> None:
    other = tmp_path / "letter.zip"
    other.write_text("Dear all")
    async with staged(tmp_path / "home") as stage:
        await choose(stage, stage.page.backup.restore, other)
        assert str(other) in stage.page.backup.restore_row.complaint
        assert not stage.page.backup.restoring.isVisibleTo(stage.page)


async def test_quitting_for_it_asks_and_takes_the_command_along(qt_loop: QtLoop, tmp_path: Path) -> None:
    qt = QApplication.instance()
    assert isinstance(qt, QApplication)
    wished = asyncio.Event()
    on_quit(qt, wished.set)
    file = backup_in(tmp_path / "other")
    try:
        async with staged(tmp_path / "home") as stage:
            backup = stage.page.backup
            await choose(stage, backup.restore, file)
            stage.window.agrees = False
            QGuiApplication.clipboard().clear()
            await stage.press(backup.restoring.end)
            assert (QGuiApplication.clipboard().text(), wished.is_set()) == ("", False)
            stage.window.agrees = True
            await stage.press(backup.restoring.end)
            await wished.wait()
            assert QGuiApplication.clipboard().text() == backup.restoring.command.text()
    finally:
        on_quit(qt, None)
