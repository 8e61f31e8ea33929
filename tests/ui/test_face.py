"""When the window opens with the program."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QSystemTrayIcon

from app.application import Application, Options
from app.commands.context import WindowAtStart
from app.home import Home
from app.instance import InstanceLock
from ui.face import Face
from ui.loop import QtLoop
from ui.quit import Application as QtApplication

ASKED, USEFUL, MINIMISED = WindowAtStart.ASKED, WindowAtStart.USEFUL, WindowAtStart.MINIMISED


@pytest.mark.parametrize(
    ("window", "has_providers", "has_tray", "opens"),
    [
        (ASKED, True, True, True),
        (ASKED, False, True, True),
        (USEFUL, True, True, False),
        (USEFUL, False, True, True),
        (MINIMISED, True, True, False),
        (MINIMISED, False, True, False),
        (ASKED, True, False, True),
        (USEFUL, True, False, True),
        (MINIMISED, True, False, True),
    ],
)
async def test_the_window_opens_when_asked_useful_or_the_only_way_in(
    qt_loop: QtLoop,
    qapp: QtApplication,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    window: WindowAtStart,
    has_providers: bool,
    has_tray: bool,
    opens: bool,
) -> None:
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: has_tray)
    home = Home(tmp_path)
    home.prepare()
    if has_providers:
        home.config.write_text('[providers.x]\nkind = "ollama"\n')
    application = Application(home, InstanceLock(home), Options(0), {})
    await application.start()
    face = Face(application, home, {}, qapp)
    await face.appear(window)
    assert (face.window is not None) is opens
    await face.vanish()
    await application.stop()
