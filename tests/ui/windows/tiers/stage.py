"""A running Tierwise in a home of a test, and the page of tiers in front of it."""

import asyncio
import tomllib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.application import Application, Options
from app.desk.desk import Desk
from app.desk.recorded import opened
from app.home import Home
from app.instance import InstanceLock
from app.keyring.store import Keyring
from tests.app.keyring.backends import MemoryBackend, keyring_on
from tests.fakes.provider import fake_provider, whole
from tests.proxy.talk import GOOD
from ui.frame.page import Undo
from ui.windows.tiers.card.card import TierCard
from ui.windows.tiers.page import TiersPage

CONFIG = """\
# mine
[providers.p]
kind = "anthropic-compatible"
base_url = "{url}"
key = "none"

[providers.off]
kind = "ollama"
enabled = false

[tiers.SIMPLE]
# the small ones
services = [
    "p/small",  # quick
    { provider = "p", model = "tiny", weight = 3, params = { effort = "low" } },
    "off/sleeping",
]
[tiers.MEDIUM]
services = ["p/middle"]  # the middle one
[tiers.COMPLEX]
services = ["p/large", "nobody/lost"]
"""
_TABS = 80


class Window:
    """The host of the page, which remembers what it was told."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.undo: Undo | None = None
        self.visits: list[tuple[str, object]] = []
        self.questions: list[str] = []
        self.says_yes = True

    def say(self, sentence: str, undo: Undo | None = None) -> None:
        self.said.append(sentence)
        self.undo = undo

    def go_to(self, page: str, about: object = None) -> None:
        self.visits.append((page, about))

    async def confirmed(self, question: str, details: str, yes: str) -> bool:
        self.questions.append(f"{question} {details} {yes}")
        return self.says_yes


class Stage:
    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.window = Window()
        self.page = TiersPage(desk, self.window)

    async def open(self) -> None:
        """All of the page is there, and has shown the answers to its first questions."""
        for _ in self.page.build():
            await asyncio.sleep(0)
        self.page.resize(1000, 1600)
        self.page.show()
        self.page.activateWindow()
        self.page.built()
        await self.page.settled()

    async def done(self) -> None:
        """What was clicked is carried out."""
        await self.page.tasks.ended()

    async def undone(self) -> None:
        assert self.window.undo is not None, self.window.said
        self.page.do(self.window.undo())
        await self.done()

    @property
    def simple(self) -> TierCard:
        return self.page.cards["SIMPLE"]

    @property
    def medium(self) -> TierCard:
        return self.page.cards["MEDIUM"]

    @property
    def text(self) -> str:
        return self.desk.program.home.config.read_text()

    @property
    def tree(self) -> dict[str, Any]:
        return tomllib.loads(self.text)

    def names(self, tier: str) -> list[str]:
        """The services of a tier as the file has them."""
        listed = self.tree["tiers"].get(tier, {}).get("services", [])
        return [each if isinstance(each, str) else f"{each['provider']}/{each['model']}" for each in listed]

    def tab_to(self, goal: QWidget) -> None:
        """By the Tab key alone."""
        for _ in range(_TABS):
            if QApplication.focusWidget() is goal:
                return
            QTest.keyClick(QApplication.focusWidget() or self.page, Qt.Key.Key_Tab)
        raise AssertionError(f"Tab does not lead to {goal.accessibleName()}")


@asynccontextmanager
async def running(folder: Path, config: str = CONFIG) -> AsyncIterator[Stage]:
    """A whole application with a provider that answers."""
    async with fake_provider(whole(GOOD)) as provider:
        home = Home(folder)
        home.prepare()
        home.config.write_text(config.replace("{url}", provider.url))
        application = Application(home, InstanceLock(home), Options(0), {"HOME": str(folder)})
        await application.start()
        stage = Stage(Desk(application))
        try:
            await stage.open()
            yield stage
        finally:
            _close(stage)
            await application.stop()


@asynccontextmanager
async def recorded(
    folder: Path,
    config: str = CONFIG,
    *,
    environ: Mapping[str, str] | None = None,
    keyring: Keyring | None = None,
) -> AsyncIterator[Stage]:
    """A home in which nothing runs, so that nothing of this machine is looked at but what the test names."""
    home = Home(folder)
    home.prepare()
    home.config.write_text(config.replace("{url}", "http://127.0.0.1:9"))
    keys = keyring or keyring_on(MemoryBackend())
    async with opened(home, environ={"HOME": str(folder), **(environ or {})}, keyring=keys) as desk:
        stage = Stage(desk)
        try:
            await stage.open()
            yield stage
        finally:
            _close(stage)


def _close(stage: Stage) -> None:
    stage.page.leave()
    stage.page.close()
    stage.page.deleteLater()
