"""Folders are opened by the desktop, the log tells more when wanted, and the program says what it is."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest

from proxy.version import __version__
from tests.ui.windows.settings.stage import staged
from ui.loop import QtLoop


class Desktop:
    """Remembers what it was to open."""

    def __init__(self, *, can: bool) -> None:
        self.can = can
        self.opened: list[str] = []

    def open(self, url: QUrl) -> bool:
        self.opened.append(url.toLocalFile())
        return self.can


@pytest.fixture
def log_as_it_was() -> Iterator[None]:
    logger = logging.getLogger("tierwise")
    level = logger.level
    yield
    logger.setLevel(level)


async def test_file_and_folders_are_opened(
    qt_loop: QtLoop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desktop = Desktop(can=True)
    monkeypatch.setattr(QDesktopServices, "openUrl", desktop.open)
    async with staged(tmp_path) as stage:
        files = stage.page.files
        for button in (files.open_config, files.open_logs, files.open_folder):
            await stage.press(button)
    assert desktop.opened == [str(tmp_path / "config.toml"), str(tmp_path / "logs"), str(tmp_path)]


async def test_a_desktop_that_opens_nothing_is_told_beside_the_button(
    qt_loop: QtLoop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", Desktop(can=False).open)
    async with staged(tmp_path) as stage:
        await stage.press(stage.page.files.open_logs)
        assert "nothing to open it with" in stage.page.files.logs_row.complaint


async def test_a_file_that_is_not_there_cannot_be_opened_until_it_is(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path, None) as stage:
        files = stage.page.files
        assert not files.open_config.isEnabled()
        await stage.press(stage.page.general.close_to_tray)
        assert files.open_config.isEnabled()


@pytest.mark.usefixtures("log_as_it_was")
async def test_the_log_tells_everything_from_now_on(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await stage.press(stage.page.files.level, Qt.Key.Key_Home)
        assert logging.getLogger("tierwise").level == logging.DEBUG
        assert "debug" not in stage.text


async def test_the_details_for_a_report_name_versions_and_no_provider(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    config = (
        '[providers.lab]\nkind = "openai-compatible"\nbase_url = "https://lab.example/v1"\nkey = "none"\n'
    )
    async with staged(tmp_path, config) as stage:
        await stage.press(stage.page.about.copy)
        told = QGuiApplication.clipboard().text()
        assert f"Tierwise: {__version__}" in told
        assert "Qt: 6." in told
        assert "Providers: 1 openai-compatible" in told
        assert "lab" not in told


async def test_licences_are_read_when_wanted_and_chosen_by_keyboard(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        about = stage.page.about
        assert about.parts.table.model().rowCount() == 0
        await stage.press(about.others)
        assert about.parts.table.model().rowCount() > 20
        ours = about.parts.text.toPlainText()
        assert "Apache License" in ours
        QTest.keyClick(about.parts.table, Qt.Key.Key_Down)
        assert about.parts.text.toPlainText() not in ("", ours)
        await stage.press(about.others)
        assert not about.parts.isVisibleTo(about)


async def test_what_could_not_be_written_is_forgotten_when_the_file_is_in_order(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with staged(tmp_path) as stage:
        general, whole = stage.page.general, stage.text
        await stage.edit_by_hand("nonsense = [")
        await stage.press(general.close_to_tray)
        assert general.close_row.complaint.startswith("Nothing was changed")
        await stage.edit_by_hand(whole)
        assert general.close_row.complaint == ""
