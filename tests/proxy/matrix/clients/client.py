"""What every client can do, so that one test serves them all."""

import ssl
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from tests.proxy.matrix.told import Told, Tool

MODEL = "auto"
LIMIT = 4096
BUDGET = 2048
NO_TOOLS: Sequence[Tool] = ()
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""It is not needed on loopback, and to load its certificates would take longer than a test."""
REQUEST_ID = "x-tierwise-request-id"


class BrokenError(Exception):
    """A stream told that it failed by an event for which the library raises nothing of its own."""


@dataclass(frozen=True)
class Errors:
    """The exceptions by which a client knows what went wrong."""

    limited: type[Exception]
    refused: type[Exception]
    overloaded: type[Exception]
    unauthenticated: type[Exception]
    broken: tuple[type[Exception], ...]


@dataclass(frozen=True)
class Complaint:
    """An error as the client shows it."""

    status: int | None
    message: str
    retry_after: str | None
    request_id: str | None


class Client(ABC):
    surface: ClassVar[str]
    errors: ClassVar[Errors]
    overloaded_status: ClassVar[int] = 503
    overflow: ClassVar[str]
    """The words by which it knows that the conversation is too long."""
    tells_cache_writes: ClassVar[bool] = True

    def begun(self, said: str) -> list[Any]:
        return [{"role": "user", "content": said}]

    @abstractmethod
    async def ask(
        self,
        url: str,
        conversation: list[Any],
        *,
        tools: Sequence[Tool] = NO_TOOLS,
        thinking: bool = False,
        heard: list[str] | None = None,
    ) -> Told:
        """The whole answer; streamed where there is somebody to hear its pieces as they come."""

    @abstractmethod
    def continued(self, conversation: list[Any], told: Told, results: Sequence[str]) -> list[Any]:
        """The conversation with that answer and what came of its calls."""

    @abstractmethod
    def complaint(self, error: Exception) -> Complaint: ...

    def __repr__(self) -> str:
        return self.surface
