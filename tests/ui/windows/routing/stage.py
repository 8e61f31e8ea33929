"""A running Tierwise with a provider that answers, and the routing page in front of it."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from app.application import Application, Options
from app.desk.desk import Desk
from app.home import Home
from app.instance import InstanceLock
from tests.fakes.provider import FakeProvider, fake_provider, whole
from tests.proxy.talk import ASKED, GOOD
from ui.frame.page import Undo
from ui.windows.routing.page import RoutingPage

CONFIG = """
[local]
enabled = false
[providers.p]
kind = "anthropic-compatible"
base_url = "{url}"
key = "none"

[tiers.SIMPLE]
services = ["p/small"]
[tiers.MEDIUM]
services = ["p/middle"]
[tiers.COMPLEX]
services = ["p/large", "p/larger"]
[tiers.REASONING]
services = ["p/largest"]
"""
RULE = """
[[rules]]
name = "from codex"
services = ["p/middle"]
when = [{ signal = "client", op = "equals", value = "codex" }]
"""


class Window:
    """The host of the page, which remembers what it was told."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.undo: Undo | None = None
        self.spoke = asyncio.Event()

    def say(self, sentence: str, undo: Undo | None = None) -> None:
        self.said.append(sentence)
        self.undo = undo
        self.spoke.set()

    def go_to(self, page: str, about: object = None) -> None:
        raise AssertionError(f"nothing here leads to {page}, {about}")

    async def confirmed(self, question: str, details: str, yes: str) -> bool:
        raise AssertionError(f"nothing here asks {question} {details} {yes}")


class Stage:
    def __init__(self, application: Application, provider: FakeProvider) -> None:
        self.application = application
        self.provider = provider
        self.desk = Desk(application)
        self.window = Window()
        self.page = RoutingPage(self.desk, self.window)

    async def serve(self, words: str, **more: Any) -> str:
        """What a client has asked and been answered; the id of it."""
        body = {**ASKED, "messages": [{"role": "user", "content": words}], **more}
        token = self.application.client_token().reveal()
        url = self.application.gateway.url + "/v1/messages"
        async with (
            aiohttp.ClientSession() as http,
            http.post(url, data=json.dumps(body), headers={"x-api-key": token}) as answer,
        ):
            await answer.read()
            id_ = answer.headers["x-tierwise-request-id"]
        await self.application.gateway._exchanges.all_ended()
        return id_

    async def open(self) -> None:
        """All of the page is there, and has shown the answers to its first questions."""
        for _ in self.page.build():
            await asyncio.sleep(0)
        self.page.resize(900, 1400)
        self.page.show()
        self.page.built()
        await self.page.settled()

    async def recorded(self) -> None:
        """What was served is in the record."""
        state = self.application.gateway.answers.state
        assert state is not None
        await state.ledger.settled()

    def forget_recent(self) -> None:
        """As after a restart: what was asked is gone, the record is not."""
        self.application.gateway.answers.newest._past.clear()

    async def explained(self) -> None:
        await self.page.explaining.ended()


@asynccontextmanager
async def staged(folder: Path, config: str = CONFIG, script: Any = None) -> AsyncIterator[Stage]:
    async with fake_provider(script or whole(GOOD)) as provider:
        home = Home(folder)
        home.prepare()
        home.config.write_text(config.replace("{url}", provider.url))
        application = Application(home, InstanceLock(home), Options(0), _NO_ENVIRONMENT)
        await application.start()
        stage = Stage(application, provider)
        try:
            yield stage
        finally:
            stage.page.leave()
            stage.page.close()
            stage.page.deleteLater()
            await application.stop()


_NO_ENVIRONMENT: Mapping[str, str] = {}
