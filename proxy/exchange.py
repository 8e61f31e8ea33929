"""One client request and all that happened to it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

from proxy.wire.formats import Format


class Surface(StrEnum):
    """Which of the APIs we offer a client called."""

    MESSAGES = "messages"
    CHAT = "chat"


FORMAT_OF = {Surface.MESSAGES: Format.ANTHROPIC, Surface.CHAT: Format.OPENAI_CHAT}


@dataclass(frozen=True, slots=True)
class Service:
    """One model at one provider."""

    provider: str
    model: str

    def __str__(self) -> str:
        return f"{self.provider}/{self.model}"


@dataclass(slots=True)
class Attempt:
    """One try at one service."""

    service: Service
    status: int | None = None


@dataclass(slots=True)
class Exchange:
    """A request from its arrival to its last byte. `served` stays None while nobody has answered."""

    id: str
    surface: Surface
    client: str
    requested_model: str | None
    attempts: list[Attempt] = field(default_factory=list)
    source: str | None = None

    @property
    def format(self) -> Format:
        return FORMAT_OF[self.surface]

    @property
    def served(self) -> Service | None:
        last = self.attempts[-1] if self.attempts else None
        return last.service if last is not None and last.status is not None else None


class OpenExchanges:
    """Counts the exchanges that are under way, so that a stop can wait for the last of them."""

    def __init__(self) -> None:
        self._count = 0
        self._none_left = asyncio.Event()
        self._none_left.set()

    def __len__(self) -> int:
        return self._count

    @contextmanager
    def counted(self) -> Iterator[None]:
        self._count += 1
        self._none_left.clear()
        try:
            yield
        finally:
            self._count -= 1
            if not self._count:
                self._none_left.set()

    async def all_ended(self) -> None:
        await self._none_left.wait()
