"""A Logs page over a real record, in a window of its own."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.desk.desk import Desk
from app.desk.recorded import RecordedApplication, opened
from app.home import Home
from proxy.exchange import Exchange
from tests.proxy.ledger.made import config_of, filled
from ui.frame.page import Undo
from ui.windows.logs.page import LogsPage


@dataclass
class Surroundings:
    """What the page says and where it leads."""

    said: list[str] = field(default_factory=list)
    gone_to: list[tuple[str, object]] = field(default_factory=list)

    def say(self, sentence: str, undo: Undo | None = None) -> None:
        self.said.append(sentence)

    def go_to(self, page: str, about: object = None) -> None:
        self.gone_to.append((page, about))

    async def confirmed(self, question: str, details: str, yes: str) -> bool:
        return True


@dataclass
class Opened:
    """The page, its window, and the record under it."""

    page: LogsPage
    host: Surroundings
    desk: Desk

    def ids(self) -> list[str]:
        model = self.page.model
        return [model.row(model.index(place, 0))["id"] for place in range(model.rowCount())]

    async def write(self, *exchanges: Exchange) -> None:
        """They are in the record; the page hears of it on its own."""
        assert isinstance(self.desk.program, RecordedApplication)
        ledger = self.desk.program.ledger
        for each in exchanges:
            ledger.record(each)
        await ledger.settled()


async def until(check: Callable[[], object]) -> None:
    """Let the loop turn until the check holds; the test's time limit ends a wait in vain."""
    while not check():  # noqa: ASYNC110 -- widgets have states, not events
        await asyncio.sleep(0)


OpenLogs = Callable[..., AbstractAsyncContextManager[Opened]]


@pytest.fixture
def open_logs(tmp_path: Path) -> OpenLogs:
    """Opens a page over a home with these exchanges, and closes it."""

    @asynccontextmanager
    async def open_(*exchanges: Exchange, config: str = "") -> AsyncIterator[Opened]:
        home = Home(tmp_path)
        home.prepare()
        home.config.write_text(config)
        filled(home.database, exchanges, config_of())
        async with opened(home) as desk:
            host = Surroundings()
            page = LogsPage(desk, host)
            page.resize(900, 660)
            page.show()
            for _ in page.build():
                pass
            page.built()
            await page.settled()
            try:
                yield Opened(page, host, desk)
            finally:
                page.leave()
                page.close()
                page.deleteLater()

    return open_
