"""A usage page in a window over a real record, and the exchanges that are in it."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from app.desk.changes import Change
from app.desk.desk import Desk
from app.desk.recorded import RecordedApplication, opened
from app.home import Home
from proxy.exchange import Exchange
from tests.app.keyring.backends import MemoryBackend, keyring_on
from tests.proxy.ledger.made import attempt, config_of, exchange, failed, filled
from ui.frame.navigation import Entry
from ui.frame.page import Host, Page
from ui.frame.window import MainWindow
from ui.icons import program_icon
from ui.windows.usage.page import UsagePage

DAY = 86_400
CONFIG = config_of(
    providers={
        "anthropic": {"kind": "anthropic"},
        "ollama": {"kind": "ollama"},
        "mine": {"kind": "openai-compatible", "base_url": "https://models.example.com/v1"},
    },
    savings={"reference": "anthropic/claude-opus-4-8"},
)
LOCAL, HAIKU, OPUS = "ollama/qwen3-coder:30b", "anthropic/claude-haiku-4-5", "anthropic/claude-opus-4-8"
UNPRICED = "mine/secret-model"


def mixed(now: float) -> Iterator[Exchange]:
    """Of two clients, by three providers, within the last hour or so: eight, one of which failed."""
    for place, (client, service, tier) in enumerate(
        (
            ("claude-code", LOCAL, "SIMPLE"),
            ("claude-code", LOCAL, "SIMPLE"),
            ("claude-code", HAIKU, "MEDIUM"),
            ("claude-code", OPUS, "REASONING"),
            ("codex", HAIKU, "MEDIUM"),
            ("codex", HAIKU, "COMPLEX"),
            ("codex", UNPRICED, "COMPLEX"),
        )
    ):
        yield exchange(attempt(service, tier=tier), client=client, received=now - place, session=None)
    yield failed(client="codex", received=now - 9, session=None)


def home_with(folder: Path, exchanges: Iterable[Exchange] = ()) -> Home:
    home = Home(folder)
    home.prepare()
    home.config.write_text(
        "".join(
            f'[providers.{name}]\nkind = "{provider.kind}"\n'
            + (f'base_url = "{provider.base_url}"\n' if provider.base_url else "")
            for name, provider in CONFIG.providers.items()
        )
        + '[savings]\nreference = "anthropic/claude-opus-4-8"\n'
    )
    if made := list(exchanges):
        filled(home.database, made, CONFIG)
    return home


@dataclass(frozen=True, slots=True)
class Stage:
    desk: Desk
    window: MainWindow
    page: UsagePage

    async def record(self, made: Exchange) -> None:
        """As the running program does; until the page shows it."""
        assert isinstance(self.desk.program, RecordedApplication)
        told = asyncio.Event()
        stop = self.desk.listen(lambda change: told.set() if change is Change.RECORD else None)
        self.desk.program.ledger.record(made)
        await told.wait()
        stop()
        await self.page.settled()


@asynccontextmanager
async def on_stage(folder: Path, exchanges: Iterable[Exchange] | None = None) -> AsyncIterator[Stage]:
    """The page, shown, with the answer to its first question."""
    made = mixed(time.time()) if exchanges is None else exchanges
    async with opened(home_with(folder, made), environ={}, keyring=keyring_on(MemoryBackend())) as desk:

        async def make(host: Host) -> Page:
            return UsagePage(desk, host)

        window = MainWindow(program_icon(), [Entry("usage", "Usage")], {"usage": make})
        window.show()
        try:
            page = await window.built("usage")
            assert isinstance(page, UsagePage)
            await page.settled()
            yield Stage(desk, window, page)
        finally:
            window.close()
            await window.dismantled()


def focus() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def column(page: UsagePage, place: int) -> list[str]:
    model = page.breakdown.table.model()
    return [model.index(row, place).data() for row in range(model.rowCount())]


def number(page: UsagePage, card: str) -> str:
    return page.figures.cards[card].number.text()
