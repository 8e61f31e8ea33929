"""The demo: a gateway in a home of its own, with a pretended provider on loopback behind it.

The gateway is the real one and reaches the provider as it reaches any other. Only the answers are made
up, and every one of them says so.
"""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack

from app.application import Application, Options
from app.demo_provider import DemoProvider
from app.home import Home
from app.instance import InstanceLock
from app.ports import PortError
from app.settings import SettingsFile
from app.toml.edits import Assign
from proxy.config import TIER_NAMES
from proxy.exchange import Origin

# Beside the ordinary port, so that both can run. No client is ever configured for the demo, so unlike
# the real gateway it may take another one.
_PORT = 4527


class Demo:
    """A running demo; `application` is the gateway that clients talk to."""

    def __init__(self, home: Home, environ: Mapping[str, str], port: int | None = None) -> None:
        self._home = home.demo
        self._port = port
        self._environ = environ
        self._lock = InstanceLock(self._home, stop_hint="stop --demo")
        self._provider = DemoProvider()
        self._closing = AsyncExitStack()
        self.application = self._application(_PORT if port is None else port)

    async def start(self) -> None:
        self._home.prepare()
        async with AsyncExitStack() as undo:
            undo.enter_context(self._lock)
            await self._provider.start()
            undo.push_async_callback(self._provider.stop)
            self._configure()
            await self._open()
            undo.push_async_callback(self.application.stop)
            self._closing = undo.pop_all()

    async def stop(self) -> None:
        await self._closing.aclose()

    @property
    def stop_requested(self) -> asyncio.Event:
        """Of the gateway that clients talk to; final once the start is over."""
        return self.application.stop_requested

    def _application(self, port: int) -> Application:
        return Application(self._home, self._lock, Options(port, Origin.DEMO), self._environ)

    async def _open(self) -> None:
        try:
            await self.application.start()
        except PortError:
            if self._port is not None:
                raise
            self.application = self._application(0)
            await self.application.start()

    def _configure(self) -> None:
        """Point the demo's own configuration at the provider, which listens elsewhere at every start."""
        SettingsFile(self._home).edit(
            Assign(("providers", "demo", "kind"), "anthropic-compatible"),
            Assign(("providers", "demo", "base_url"), self._provider.url),
            Assign(("providers", "demo", "key"), "none"),
            Assign(("providers", "demo-openai", "kind"), "openai-compatible"),
            Assign(("providers", "demo-openai", "base_url"), f"{self._provider.url}/v1"),
            Assign(("providers", "demo-openai", "key"), "none"),
            *(Assign(("tiers", tier, "services"), [f"demo/{tier.lower()}"]) for tier in TIER_NAMES),
        )
