"""A running application whose clock is the test's, between a provider that answers and who asks it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from app.application import Application, Options
from app.home import Home
from app.instance import InstanceLock
from tests.fakes.script import Turn
from tests.fakes.server import fake_llm

START = 1_790_000_000.0
CONFIG = """\
# mine
[routing]
enabled = true # spread
profile = "balanced"

[providers.far]
kind = "anthropic"
base_url = "{url}"
key = "none" # it takes none

[providers.other]
kind = "anthropic"
base_url = "{url}"
key = "none"
enabled = true

[tiers.SIMPLE]
services = ["far/small"] # the small one

[tiers.REASONING]
services = ["other/big"]
"""


@dataclass
class Clock:
    at: float = START

    def __call__(self) -> float:
        return self.at


class Changes:
    """Counts what listeners are told, and lets a test wait for the next."""

    def __init__(self, application: Application) -> None:
        self.count = 0
        self._told = asyncio.Event()
        self.stop = application.on_settings(self._note)

    def _note(self) -> None:
        self.count += 1
        self._told.set()

    async def next(self) -> None:
        self._told.clear()
        await self._told.wait()


@dataclass
class Stage:
    """Spoken to by HTTP."""

    application: Application
    clock: Clock
    http: aiohttp.ClientSession
    changes: Changes

    @property
    def text(self) -> str:
        return self.application.home.config.read_text()

    def write(self, old: str, new: str) -> None:
        """Edit the file by hand."""
        assert old in self.text
        self.application.home.config.write_text(self.text.replace(old, new))

    async def api(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        headers = {"x-tierwise-token": self.application.admin_token().reveal()}
        url = self.application.gateway.url + path
        async with self.http.request(method, url, json=body, headers=headers) as answer:
            return answer.status, await answer.json()

    async def served(self, model: str = "auto") -> str:
        """Who serves a short question now: the service, or the refusal's status."""
        body = {"model": model, "max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}]}
        headers = {"x-tierwise-token": self.application.client_token().reveal()}
        url = self.application.gateway.url + "/v1/messages"
        async with self.http.post(url, json=body, headers=headers) as answer:
            await answer.read()
            return answer.headers.get("x-tierwise-service", "") if answer.ok else str(answer.status)


@asynccontextmanager
async def running(folder: Path, clock: Clock | None = None) -> AsyncIterator[Stage]:
    """In a home that may be there from another run; its configuration is then left as it is."""
    clock = clock or Clock()
    home = Home(folder)
    home.prepare()
    async with fake_llm("anthropic", lambda _asked: Turn("Hello.")) as fake:
        if not home.config.exists():
            home.config.write_text(CONFIG.format(url=fake.base_url))
        application = Application(home, InstanceLock(home), Options(0), {}, clock)
        await application.start()
        try:
            async with aiohttp.ClientSession() as http:
                yield Stage(application, clock, http, Changes(application))
        finally:
            await application.stop()
