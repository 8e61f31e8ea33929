"""The demo that the window offers: it runs in this process, beside the application."""

import asyncio
from collections.abc import AsyncIterator, Mapping

from PySide6.QtCore import QObject, Signal

from app.demo import Demo
from app.demo_client import DemoClient, DemoError
from app.home import Home


class OfferedDemo(QObject):
    """Started from the window; ended by `stop`, or from outside by `tierwise stop --demo`."""

    changed = Signal()
    """It runs now, or it does not any more."""

    def __init__(self, home: Home, environ: Mapping[str, str]) -> None:
        super().__init__()
        self._home = home
        self._environ = environ
        self._starting: asyncio.Task[None] | None = None
        self._demo: Demo | None = None
        self._client: DemoClient | None = None
        self._life: asyncio.Task[None] | None = None

    @property
    def url(self) -> str | None:
        return None if self._demo is None else self._demo.application.gateway.url

    @property
    def served_by(self) -> str:
        return "unknown" if self._client is None else self._client.served_by

    async def start(self) -> None:
        """It runs when this returns. Nobody has to wait: the start goes on when the window is closed."""
        if self._starting is None:
            self._starting = asyncio.create_task(self._start())
        await asyncio.shield(self._starting)

    def ask(self, question: str) -> AsyncIterator[str]:
        if self._client is None:
            raise DemoError("The demo has ended.")
        return self._client.ask(question)

    async def stop(self) -> None:
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.wait([self._starting])
        if self._demo is not None:
            self._demo.application.request_stop()
        if self._life is not None:
            await self._life

    async def _start(self) -> None:
        demo = Demo(self._home, self._environ)
        try:
            await demo.start()
        finally:
            self._starting = None
        self._demo = demo
        self._client = DemoClient(demo.application.gateway.url, demo.application.client_token())
        self._life = asyncio.create_task(self._live(demo))
        self.changed.emit()

    async def _live(self, demo: Demo) -> None:
        await demo.stop_requested.wait()
        try:
            await demo.stop()
        finally:
            self._demo = self._client = None
            self.changed.emit()
