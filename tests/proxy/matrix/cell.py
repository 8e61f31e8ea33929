"""One cell of the matrix: a provider of one format, and the gateway in front of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from tests.fakes.server import AnyScript, FakeLlm, fake_llm
from tests.proxy.configured import configured
from tests.proxy.gateway_fixture import Running, running_gateway
from tests.proxy.matrix.columns import Column

KEY = "key-of-the-provider"


@dataclass(frozen=True)
class Cell:
    running: Running
    fake: FakeLlm

    @property
    def url(self) -> str:
        return self.running.url


@asynccontextmanager
async def cell(column: Column, script: AnyScript, **settings: Any) -> AsyncIterator[Cell]:
    """The provider lets in who has the key that the gateway holds; `settings` are more of its table."""
    async with fake_llm(column.format, script, key=KEY) as fake:
        table = {
            "kind": column.kind,
            "base_url": fake.base_url,
            "key": "keyring",
            **column.settings,
            **settings,
        }
        service = {"provider": "p", "model": column.model}
        config = configured(providers={"p": table}, tiers={"COMPLEX": {"services": [service]}})
        async with running_gateway(config, secrets={"provider/p": KEY}) as running:
            yield Cell(running, fake)
