"""A running Tierwise with a provider that answers, a keyring in memory, and the page in front of it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.application import Application, Options
from app.desk.desk import Desk
from app.home import Home
from app.instance import InstanceLock
from app.keyring.store import Keyring
from app.secrets import Secrets
from tests.app.keyring.backends import MemoryBackend, keyring_on
from tests.fakes.script import Asked, Call, Step, Turn
from tests.fakes.server import FakeLlm, fake_llm
from ui.frame.page import Undo
from ui.windows.providers.page import ProvidersPage

T = TypeVar("T", bound=QWidget)

CANARY = "sk-canary-4711-abcdefgh"
MODELS = ("large", "middle", "small")
CONFIG = """
[local]
enabled = false
[providers.mine]
kind = "openai-compatible"
base_url = "{url}"
key = "keyring"
[providers.other]
kind = "anthropic"
key = "env:OTHER_KEY"
[tiers.SIMPLE]
services = ["mine/small"]
[tiers.COMPLEX]
services = ["other/claude-sonnet-4-6"]
"""


def able(asked: Asked) -> Step:
    return Turn(calls=(Call("ping", {"text": "OK"}),)) if asked.tools else Turn("OK")


class Window(QWidget):
    """The host of the page, which remembers what it was told and says yes unless a test says otherwise."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.asked: list[tuple[str, str]] = []
        self.undo: Undo | None = None
        self.agrees = True

    def say(self, sentence: str, undo: Undo | None = None) -> None:
        self.said.append(sentence)
        self.undo = undo

    def go_to(self, page: str, about: object = None) -> None:
        raise AssertionError(f"nothing here leads to {page}, {about}")

    async def confirmed(self, question: str, details: str, _yes: str) -> bool:
        self.asked.append((question, details))
        return self.agrees


class KeyringApplication(Application):
    """With a keyring of its own in the place of the system's."""

    def __init__(self, home: Home, environ: Mapping[str, str], keyring: Keyring) -> None:
        super().__init__(home, InstanceLock(home), Options(0), environ)
        self._secrets = Secrets(home, environ, keyring)


class Stage:
    def __init__(self, application: Application, fake: FakeLlm, backend: MemoryBackend) -> None:
        self.application = application
        self.fake = fake
        self.backend = backend
        self.desk = Desk(application)
        self.window = Window()
        self.page = ProvidersPage(self.desk, self.window)

    async def open(self, width: int = 1000, height: int = 1400) -> None:
        """All of the page is there, and has shown the answers to its first questions."""
        for _ in self.page.build():
            await asyncio.sleep(0)
        self.page.resize(width, height)
        self.page.show()
        self.page.activateWindow()
        self.page.built()
        await self.page.settled()

    async def done(self) -> None:
        """What clicks have begun has ended, and is shown."""
        await self.page.tasks.ended()
        await self.page.settled()

    async def until(self, holds: Callable[[], object]) -> None:
        """As the loop goes on; the time limit of the test ends what never holds."""
        while not holds():  # noqa: ASYNC110 -- widgets have states, not events
            await asyncio.sleep(0)

    async def sheet(self, kind: type[T]) -> T:
        """The dialog that is open."""
        await self.until(lambda: self._open(kind))
        found = self._open(kind)
        assert found is not None
        return found

    def _open(self, kind: type[T]) -> T | None:
        return next((each for each in self.page.findChildren(kind) if each.isVisible()), None)

    @property
    def config(self) -> str:
        return self.application.home.config.read_text()


def press(
    widget: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    QTest.keyClick(widget, key, modifier)


def told(widget: QWidget) -> str:
    """Every text of a widget and all within, as people and screen readers get it."""
    parts: list[str] = []
    for each in (widget, *widget.findChildren(QWidget)):
        parts += [each.accessibleName(), each.accessibleDescription(), each.toolTip(), each.windowTitle()]
        parts += [
            str(each.property(name)) for name in ("text", "plainText", "placeholderText", "currentText")
        ]
    return "\n".join(parts)


@asynccontextmanager
async def staged(
    folder: Path,
    config: str = CONFIG,
    *,
    script: object = able,
    environ: Mapping[str, str] | None = None,
    backend: MemoryBackend | None = None,
    keyring: Keyring | None = None,
    key: str | None = None,
) -> AsyncIterator[Stage]:
    backend = backend or MemoryBackend()
    async with fake_llm("openai_chat", script, models=MODELS, key=key) as fake:  # type: ignore[arg-type] # a script
        home = Home(folder)
        home.prepare()
        home.config.write_text(config.replace("{url}", fake.base_url))
        application = KeyringApplication(home, environ or {}, keyring or keyring_on(backend))
        await application.start()
        stage = Stage(application, fake, backend)
        try:
            yield stage
        finally:
            stage.page.leave()
            stage.page.close()
            stage.page.deleteLater()
            stage.window.deleteLater()
            await application.stop()
            QApplication.clipboard().clear()
