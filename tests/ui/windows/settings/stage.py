"""A running Tierwise, and the settings page in front of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from app.application import Application, Options
from app.desk.changes import Change
from app.desk.desk import Desk
from app.home import Home
from app.instance import InstanceLock
from ui.frame.page import Undo
from ui.theme.theme import Theme
from ui.windows.settings.page import SettingsPage

CONFIG = """\
# mine
[ui]
theme = "light" # by day

[providers.here]
kind = "ollama"
"""


class Window:
    """The host of the page: it remembers what it was told, and answers as the test says."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.asked: list[str] = []
        self.undo: Undo | None = None
        self.agrees = True

    def say(self, sentence: str, undo: Undo | None = None) -> None:
        self.said.append(sentence)
        self.undo = undo

    def go_to(self, page: str, about: object = None) -> None:
        raise AssertionError(f"nothing here leads to {page}, {about}")

    async def confirmed(self, question: str, details: str, _yes: str) -> bool:
        self.asked.append(f"{question} {details}")
        return self.agrees


class Stage:
    def __init__(self, application: Application, theme: Theme) -> None:
        self.application = application
        self.home = application.home
        self.theme = theme
        self.desk = Desk(application)
        self.window = Window()
        self.page = SettingsPage(self.desk, self.window, theme)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setWidget(self.page)
        self.area.resize(900, 700)

    @property
    def text(self) -> str:
        return self.home.config.read_text()

    async def press(self, widget: QWidget, key: Qt.Key = Qt.Key.Key_Space) -> None:
        """By keyboard, and wait until all that came of it is done and shown."""
        widget.setFocus()
        QTest.keyClick(widget, key)
        await self.settle()

    async def type(self, widget: QWidget, text: str) -> None:
        widget.setFocus()
        QTest.keySequence(widget, "Ctrl+A")
        QTest.keyClicks(widget, text)
        await self.press(widget, Qt.Key.Key_Return)

    async def settle(self) -> None:
        await self.page.tasks.ended()
        self.page.refresh()
        await self.page.settled()

    async def edit_by_hand(self, text: str) -> None:
        """As another program does it, until the page knows."""
        told = asyncio.Event()
        stop = self.desk.listen(lambda change: told.set() if change is Change.SETTINGS else None)
        self.home.config.write_text(text)
        await self.application.reload()
        await told.wait()
        stop()
        await self.page.settled()

    async def take_back(self) -> None:
        assert self.window.undo is not None
        await self.window.undo()
        await self.settle()


@asynccontextmanager
async def staged(folder: Path, config: str | None = CONFIG) -> AsyncIterator[Stage]:
    home = Home(folder)
    home.prepare()
    if config is not None:
        home.config.write_text(config)
    application = Application(home, InstanceLock(home), Options(0), {})
    await application.start()
    qt = QApplication.instance()
    assert isinstance(qt, QApplication)
    theme = Theme(qt, "light")
    stage = Stage(application, theme)
    try:
        stage.area.show()
        for _ in stage.page.build():
            await asyncio.sleep(0)
        stage.page.built()
        await stage.page.settled()
        yield stage
    finally:
        stage.page.leave()
        await stage.page.tasks.ended()
        stage.area.close()
        stage.area.deleteLater()
        theme.deleteLater()
        await application.stop()
