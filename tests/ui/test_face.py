"""When the window opens, what of it is remembered, and what the face does with clicks and changes."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QMessageBox, QSystemTrayIcon

import ui.face
from app.application import Application, Options
from app.commands.context import WindowAtStart
from app.home import Home
from app.instance import InstanceLock
from ui.face import Face
from ui.frame.remembered import Remembered, remember
from ui.loop import QtLoop
from ui.quit import Application as QtApplication
from ui.theme.colors import colors
from ui.tray.tray import Tray

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


@asynccontextmanager
async def face_of(home: Home, qapp: QtApplication, config: str) -> AsyncIterator[tuple[Face, Application]]:
    home.prepare()
    home.config.write_text(config)
    application = Application(home, InstanceLock(home), Options(0), {})
    await application.start()
    face = Face(application, home, {}, qapp)
    await face.appear(WindowAtStart.ASKED)
    try:
        yield face, application
    finally:
        await face.vanish()
        await application.stop()


CONFIG = '[providers.x]\nkind = "ollama"\n'


@pytest.fixture
def with_tray(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: True)


async def test_the_window_comes_back_as_it_was_left(
    qt_loop: QtLoop, qapp: QtApplication, tmp_path: Path, with_tray: None
) -> None:
    async with face_of(Home(tmp_path), qapp, CONFIG) as (face, _):
        await face.window.built("logs")
        face.window.resize(770, 590)
        face.window.close()
        assert face.window is None
        face.show_window()
        assert face.window.current == "logs"
        assert face.window.size() == QSize(770, 590)
    async with face_of(Home(tmp_path), qapp, CONFIG) as (face, _):
        assert face.window.current == "logs", "also after a restart"
        assert face.window.size() == QSize(770, 590)


async def test_closing_the_window_leaves_the_tray_or_ends_it_all_as_configured(
    qt_loop: QtLoop, qapp: QtApplication, tmp_path: Path, with_tray: None
) -> None:
    async with face_of(Home(tmp_path), qapp, CONFIG) as (face, application):
        face.window.close()
        assert not application.stop_requested.is_set()
    async with face_of(Home(tmp_path), qapp, f"{CONFIG}[ui]\nclose_to_tray = false\n") as (face, application):
        face.window.close()
        assert application.stop_requested.is_set()


async def test_without_a_tray_closing_the_window_ends_it_all(
    qt_loop: QtLoop, qapp: QtApplication, tmp_path: Path
) -> None:
    async with face_of(Home(tmp_path), qapp, CONFIG) as (face, application):
        face.window.close()
        assert application.stop_requested.is_set()


async def test_that_the_tray_stays_is_told_once(
    qt_loop: QtLoop, qapp: QtApplication, tmp_path: Path, with_tray: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(Tray, "showMessage", lambda _self, title, *_more: told.append(title))
    for _ in range(2):
        async with face_of(Home(tmp_path), qapp, CONFIG) as (face, _):
            face.window.close()
            await asyncio.sleep(0)
    assert told == ["Tierwise goes on in the tray"]


async def test_at_the_end_of_the_program_nothing_is_said_to_go_on(
    qt_loop: QtLoop, qapp: QtApplication, tmp_path: Path, with_tray: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(Tray, "showMessage", lambda _self, title, *_more: told.append(title))
    async with face_of(Home(tmp_path), qapp, CONFIG) as (face, _):
        assert face.window is not None
    await asyncio.sleep(0)
    assert told == []


async def test_the_theme_follows_the_file(qt_loop: QtLoop, qapp: QtApplication, tmp_path: Path) -> None:
    home = Home(tmp_path)
    async with face_of(home, qapp, f'{CONFIG}[ui]\ntheme = "dark"\n') as (face, application):
        assert colors(face.window.palette()).is_dark
        home.config.write_text(f'{CONFIG}[ui]\ntheme = "light"\n')
        await application.reload()
        while colors(face.window.palette()).is_dark:  # noqa: ASYNC110 -- a palette is no event
            await asyncio.sleep(0)


async def test_a_switch_that_fails_is_told_and_the_menu_shows_what_is(
    qt_loop: QtLoop, qapp: QtApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    async def tell(sentence: str, title: str) -> None:
        told.append(sentence)

    monkeypatch.setattr(ui.face, "tell", tell)
    home = Home(tmp_path)
    async with face_of(home, qapp, CONFIG) as (face, _):
        home.config.write_text("[providers.x\n")
        face.tray.menu.routing.trigger()
        await face._tasks.ended()
        assert len(told) == 1
        assert "config.toml" in told[0]
        assert face.tray.menu.routing.isChecked()


async def test_at_the_end_an_open_question_is_nobodys_any_more(
    qt_loop: QtLoop, qapp: QtApplication, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with face_of(Home(tmp_path), qapp, CONFIG) as (face, application):
        face.tray.menu.providers.actions()[0].menu().actions()[1].trigger()
        while not face.window.findChildren(QMessageBox):  # noqa: ASYNC110 -- a dialog is no event
            await asyncio.sleep(0)
    assert application.loaded.settings.providers["x"].enabled
    assert [each for each in caplog.records if each.levelno >= logging.ERROR] == []


async def test_as_long_as_the_user_is_asked_the_menu_shows_what_is(
    qt_loop: QtLoop, qapp: QtApplication, tmp_path: Path
) -> None:
    async with face_of(Home(tmp_path), qapp, CONFIG) as (face, _):
        on, off = face.tray.menu.providers.actions()[0].menu().actions()[:2]
        off.trigger()
        while not face.window.findChildren(QMessageBox):  # noqa: ASYNC110 -- a dialog is no event
            await asyncio.sleep(0)
        assert on.isChecked()


async def test_asked_for_a_minimised_window_comes_back(
    qt_loop: QtLoop, qapp: QtApplication, tmp_path: Path, with_tray: None
) -> None:
    async with face_of(Home(tmp_path), qapp, CONFIG) as (face, _):
        face.window.showMinimized()
        face.show_window()
        assert not face.window.isMinimized()


async def test_a_page_that_is_no_longer_there_is_not_gone_to(
    qt_loop: QtLoop, qapp: QtApplication, tmp_path: Path, with_tray: None
) -> None:
    home = Home(tmp_path)
    home.prepare()
    remember(home.run, Remembered(page="a page of another version"))
    async with face_of(home, qapp, CONFIG) as (face, _):
        assert face.window.navigation.currentRow() == 0
