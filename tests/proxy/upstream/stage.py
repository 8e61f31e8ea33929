"""A gateway in front of providers of one sort, each of which does what its script says."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from proxy.exchange import Exchange
from proxy.wire.format import Format
from tests.fakes.asking import question
from tests.fakes.server import AnyScript, FakeLlm, fake_llm
from tests.proxy.configured import configured
from tests.proxy.gateway_fixture import CLIENT_TOKEN, Recorded, Running, running_gateway
from tests.proxy.matrix.columns import Column
from tests.proxy.upstream.hearing import Told, told

KEY = "key-of-the-provider"
BEFORE_WORDS = {Format.ANTHROPIC: 3, Format.OPENAI_CHAT: 1, Format.RESPONSES: 4, Format.BEDROCK: 1}
"""How many events of a stream come before the first word."""


@dataclass
class Ended(Recorded):
    """Can be waited for: what is recorded after the client has gone."""

    happened: asyncio.Event = field(default_factory=asyncio.Event)

    def record(self, exchange: Exchange) -> None:
        super().record(exchange)
        self.happened.set()

    async def next(self) -> Exchange:
        async with asyncio.timeout(1):
            await self.happened.wait()
        self.happened.clear()
        return self.exchanges[-1]


@dataclass
class Stage:
    running: Running
    fakes: list[FakeLlm]
    ended: Ended

    def post(self, spoken: Format, *, streamed: bool) -> "aiohttp.client._RequestContextManager":
        asked = question(spoken, stream=streamed)
        body = json.dumps({**asked.body, "model": "auto"}).encode()
        headers = {**asked.headers, "x-api-key": CLIENT_TOKEN, "content-type": "application/json"}
        return self.running.http.post(self.running.url + asked.path, data=body, headers=headers)

    async def ask(self, spoken: Format, *, streamed: bool) -> Told:
        async with self.post(spoken, streamed=streamed) as answer:
            return told(spoken, answer.status, answer.headers, await answer.read())

    @property
    def asked(self) -> list[int]:
        return [len(fake.asked) for fake in self.fakes]


@asynccontextmanager
async def staged(
    column: Column,
    *scripts: AnyScript,
    model: str = "",
    of_first: Mapping[str, Any] | None = None,
    **tables: Any,
) -> AsyncIterator[Stage]:
    """One tier of a provider for each script, all of the same sort; `model` is that of the last one.

    `of_first` is more of the first provider's table, `tables` are more of the configuration.
    """
    async with AsyncExitStack() as stack:
        fakes = [await stack.enter_async_context(fake_llm(column.format, each, key=KEY)) for each in scripts]
        names = [f"p{number}" for number in range(len(fakes))]
        providers = {
            name: {"kind": column.kind, "base_url": fake.base_url, "key": "keyring", **column.settings}
            for name, fake in zip(names, fakes, strict=True)
        }
        providers["p0"] |= of_first or {}
        services = [{"provider": name, "model": column.model} for name in names]
        services[-1]["model"] = model or column.model
        config = configured(providers=providers, tiers={"COMPLEX": {"services": services}}, **tables)
        secrets = {f"provider/{name}": KEY for name in names}
        ended = Ended()
        running = await stack.enter_async_context(running_gateway(config, secrets, ended))
        yield Stage(running, fakes, ended)
