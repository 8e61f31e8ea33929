"""A desk over a home whose record was filled, without a door and with a keyring in memory."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from app.desk.changes import Change
from app.desk.desk import Desk
from app.desk.recorded import RecordedApplication, opened
from app.home import Home
from app.keyring.store import Keyring
from app.secrets import Secrets
from proxy.exchange import Exchange
from proxy.ledger.ledger import Ledger
from tests.app.keyring.backends import MemoryBackend, keyring_on
from tests.proxy.ledger.made import attempt, exchange, failed, filled

CONFIG = """
[savings]
reference = "anthropic/claude-opus-4-8"
[providers.anthropic]
kind = "anthropic"
[providers.openai]
kind = "openai"
enabled = false
[providers.ollama]
kind = "ollama"
[tiers.SIMPLE]
services = ["ollama/qwen3-coder:30b"]
[tiers.MEDIUM]
enabled = false
services = ["openai/gpt-5.5"]
[tiers.COMPLEX]
services = ["anthropic/claude-sonnet-4-6"]
"""
HAIKU = "anthropic/claude-haiku-4-5"


def made() -> list[Exchange]:
    """Two answered and one failed within the last minutes, and one of another day."""
    now = time.time()
    return [
        exchange(attempt(HAIKU), received=now - 3 * 86_400),
        exchange(attempt(HAIKU), received=now - 3),
        exchange(attempt("openai/gpt-5.5"), received=now - 2, client="codex"),
        failed(received=now - 1),
    ]


@asynccontextmanager
async def desk_over(
    folder: Path,
    exchanges: Iterable[Exchange] = (),
    config: str = CONFIG,
    keyring: Keyring | None = None,
) -> AsyncIterator[Desk]:
    home = Home(folder)
    home.prepare()
    home.config.write_text(config)
    if recorded := list(exchanges):
        filled(home.database, recorded)
    async with opened(home, keyring=keyring or keyring_on(MemoryBackend())) as desk:
        yield desk


def ledger_of(desk: Desk) -> Ledger:
    assert isinstance(desk.program, RecordedApplication)
    return desk.program.ledger


def secrets_of(desk: Desk) -> Secrets:
    assert isinstance(desk.program, RecordedApplication)
    return desk.program._secrets


class Heard:
    """What a desk has told, to be waited for."""

    def __init__(self, desk: Desk) -> None:
        self.changes: list[Change] = []
        self._new = asyncio.Event()
        self.stop = desk.listen(self._hear)

    def _hear(self, change: Change) -> None:
        self.changes.append(change)
        self._new.set()

    async def until(self, change: Change, times: int = 1) -> None:
        while self.changes.count(change) < times:
            self._new.clear()
            await self._new.wait()
