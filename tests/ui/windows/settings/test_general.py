"""Looks and manners: chosen by keyboard, in force at once, written, and taken back."""

from pathlib import Path

from PySide6.QtCore import Qt

from tests.ui.windows.settings.stage import CONFIG, staged
from ui.loop import QtLoop


async def test_the_theme_acts_at_once_is_written_and_is_taken_back(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        general = stage.page.general
        assert (general.theme.value, stage.theme.colors.is_dark) == ("light", False)
        await stage.press(general.theme, Qt.Key.Key_Down)
        assert stage.theme.colors.is_dark
        assert 'theme = "dark" # by day' in stage.text
        assert stage.window.said == ["The theme is “Dark” now."]
        await stage.take_back()
        assert 'theme = "light" # by day' in stage.text
        assert (general.theme.value, stage.theme.colors.is_dark) == ("light", False)


async def test_the_window_at_the_start(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await stage.press(stage.page.general.at_start, Qt.Key.Key_End)
        assert 'window_at_start = "minimised"' in stage.text
        assert stage.window.said == ["Tierwise starts minimised, as a tray icon."]


async def test_closing_quits_when_the_switch_is_off(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        switch = stage.page.general.close_to_tray
        assert switch.isChecked()
        await stage.press(switch)
        assert "close_to_tray = false" in stage.text
        assert not stage.desk.settings.ui.close_to_tray
        await stage.take_back()
        assert switch.isChecked()


async def test_the_same_key_changed_elsewhere_is_shown(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await stage.edit_by_hand('[ui]\ntheme = "dark"\nclose_to_tray = false\n')
        general = stage.page.general
        assert (general.theme.value, general.close_to_tray.isChecked()) == ("dark", False)


async def test_a_file_that_is_broken_by_hand_says_so_until_it_is_mended(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with staged(tmp_path) as stage:
        files = stage.page.files
        await stage.edit_by_hand('[ui]\nthem = "dark"\n')
        assert "ui.them" in files.problems.text()
        assert stage.page.general.theme.value == "light"
        await stage.edit_by_hand(CONFIG)
        assert not files.problems.isVisibleTo(files)


async def test_what_cannot_be_written_is_told_beside_the_switch_which_goes_back(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with staged(tmp_path) as stage:
        broken = '[ui]\nthem = "dark"\n'
        stage.home.config.write_text(broken)
        general, files = stage.page.general, stage.page.files
        await stage.press(general.close_to_tray)
        assert general.close_row.complaint.startswith("Nothing was changed: ")
        assert "theme" in general.close_to_tray.accessibleDescription()
        assert general.close_to_tray.isChecked()
        assert (stage.text, stage.window.said) == (broken, [])
        assert files.problems.isVisibleTo(files)
        assert "ui.them" in files.problems.text()
        stage.home.config.write_text("")
        await stage.press(general.close_to_tray)
        assert (general.close_row.complaint, general.close_to_tray.isChecked()) == ("", False)
        assert not files.problems.isVisibleTo(files)
