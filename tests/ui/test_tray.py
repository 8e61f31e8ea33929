"""The tray's menu: what it says and what it asks for."""

import pytest
from PySide6.QtWidgets import QSystemTrayIcon
from pytestqt.qtbot import QtBot

from ui.icons import program_icon
from ui.tray import Tray, TrayActions


def made(calls: list[str], platform: str = "linux") -> Tray:
    actions = TrayActions(
        open_window=lambda: calls.append("open"),
        copy_url=lambda: calls.append("copy"),
        quit=lambda: calls.append("quit"),
    )
    return Tray(program_icon(), "http://127.0.0.1:4517", actions, platform=platform)


def test_the_menu_says_where_it_runs_and_every_entry_does_one_thing(qtbot: QtBot) -> None:
    calls: list[str] = []
    tray = made(calls)
    entries = {entry.text().replace("&", ""): entry for entry in tray.contextMenu().actions() if entry.text()}
    assert list(entries) == ["Running at http://127.0.0.1:4517", "Open Tierwise", "Copy URL", "Quit Tierwise"]
    assert not entries["Running at http://127.0.0.1:4517"].isEnabled()
    for text in ("Open Tierwise", "Copy URL", "Quit Tierwise"):
        entries[text].trigger()
    assert calls == ["open", "copy", "quit"]
    tray.remove()


@pytest.mark.parametrize(("platform", "opened"), [("linux", ["open"]), ("win32", ["open"]), ("darwin", [])])
def test_only_a_left_click_opens_the_window_and_on_macos_it_opens_the_menu(
    qtbot: QtBot, platform: str, opened: list[str]
) -> None:
    calls: list[str] = []
    tray = made(calls, platform)
    for reason in QSystemTrayIcon.ActivationReason:
        tray.activated.emit(reason)
    assert calls == opened
    tray.remove()


def test_the_icon_is_drawn_at_every_size(qtbot: QtBot) -> None:
    icon = program_icon()
    for size in (16, 22, 32, 256):
        image = icon.pixmap(size, size).toImage()
        assert image.width() == size
        colours = {image.pixelColor(x, size // 2).name() for x in range(size)}
        assert len(colours) > 1
