"""A gateway with a real record behind it, and the pages as a client of them sees them."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from proxy.config import Config
from proxy.exchange import Exchange
from proxy.ledger.ledger import Ledger
from proxy.local.surroundings import Surroundings
from tests.proxy.gateway_fixture import ADMIN_TOKEN, Running, running_gateway
from tests.proxy.ledger.made import CONFIG, filled

ADMIN = {"x-tierwise-token": ADMIN_TOKEN}


@dataclass
class Dashboard:
    running: Running
    ledger: Ledger

    async def answer(self, path: str, method: str = "GET", **query: Any) -> tuple[int, str]:
        url = self.running.url + path
        async with self.running.http.request(method, url, params=query, headers=ADMIN) as answer:
            return answer.status, await answer.text()

    async def page(self, path: str, **query: Any) -> Any:
        status, text = await self.answer(path, **query)
        assert status == 200, text
        return json.loads(text)

    async def overview(self, **query: Any) -> Any:
        return await self.page("/api/overview", **query)

    async def usage(self, **query: Any) -> Any:
        return await self.page("/api/usage", **query)

    async def routing(self, **query: Any) -> Any:
        return await self.page("/api/routing", **query)

    async def logs(self, **query: Any) -> Any:
        return await self.page("/api/logs", **query)

    async def ask(
        self, body: Mapping[str, Any], path: str = "/v1/messages", **headers: str
    ) -> tuple[int, str]:
        """What a client asks, and its answer to the last byte; the id is what the record calls it."""
        async with self.running.post(path, json.dumps(body).encode(), **headers) as answer:
            await answer.read()
            told = answer.status, answer.headers["x-tierwise-request-id"]
        await self.written()
        return told

    async def written(self) -> None:
        """Until all that was recorded is on disk, however busy the machine is."""
        await asyncio.wrap_future(self.ledger.change(lambda _scribe: None))

    async def told_of(self, id_: str) -> Any:
        return await self.page(f"/api/logs/{id_}")


@asynccontextmanager
async def dashboard(
    folder: Path,
    config: Config = CONFIG,
    exchanges: Iterable[Exchange] = (),
    *,
    file: Path | None = None,
    begun: bool = True,
    secrets: Mapping[str, str] | None = None,
    surroundings: Surroundings | None = None,
) -> AsyncIterator[Dashboard]:
    """The record holds these exchanges; with `begun` false nothing is ever written to it."""
    path = file or folder / "tierwise.db"
    made = list(exchanges)
    if made:
        filled(path, made, config)
    ledger = Ledger(path, folder / "copies", config)
    if begun:
        ledger.start()
    try:
        async with running_gateway(config, secrets, ledger=ledger, surroundings=surroundings) as running:
            yield Dashboard(running, ledger)
    finally:
        if begun:
            await ledger.stop()
