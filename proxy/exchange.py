"""One client request and all that happened to it."""

import asyncio
import secrets as random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

from proxy.config import TierName
from proxy.routing.selection.decision import Decision
from proxy.routing.service import Service
from proxy.secret import Secret
from proxy.wire.canonical import UNKNOWN, Usage
from proxy.wire.failure import Failure
from proxy.wire.format import Format


class Surface(StrEnum):
    """Which of the APIs we offer a client called."""

    MESSAGES = "messages"
    CHAT = "chat"
    RESPONSES = "responses"
    GEMINI = "gemini"
    EMBEDDINGS = "embeddings"


class Origin(StrEnum):
    """Why there is an exchange at all; only a client's counts in any number."""

    CLIENT = "client"
    DEMO = "demo"
    PROBE = "probe"
    TEST = "test"


class Purpose(StrEnum):
    """What an attempt was made for; all of them are paid for."""

    ANSWER = "answer"
    CASCADE = "cascade"
    """A smaller model's try, before the one that was chosen."""
    JUDGE = "judge"
    """Another model's opinion of an answer."""
    SHADOW = "shadow"
    """Only looked at, never served."""


class Outcome(StrEnum):
    """How an exchange or an attempt ended."""

    ANSWERED = "answered"
    FAILED = "failed"
    CANCELLED = "cancelled"
    """The client hung up."""


MOST_KEPT = 2 * 1024 * 1024
"""Bytes of a request, and of an answer, where they are kept at all."""


@dataclass(slots=True)
class Attempt:
    """One try at one service. Times are seconds of one steady clock."""

    service: Service
    key: str = ""
    """The name of the key it used, never the key."""
    tier: TierName | None = None
    format: Format | None = None
    """The format the provider was asked in."""
    status: int | None = None
    """What the provider answered; None if it did not."""
    failure: Failure | None = None
    outcome: Outcome | None = None
    began: float = 0.0
    first_byte: float | None = None
    ended: float | None = None
    model: str | None = None
    """What the provider says has answered."""
    usage: Usage = UNKNOWN
    purpose: Purpose = Purpose.ANSWER
    calls: tuple[str, ...] = ()
    """The ids of the tool calls it made, as the client knows them."""
    answer_id: str | None = None
    """What the provider calls its answer."""
    notes: tuple[str, ...] = ()
    """What was changed in the request on its way, in sentences without any of its words."""
    leaves: bool = False
    """Its server is on this machine, and passed it on to another one."""


@dataclass(slots=True)
class Exchange:
    """A request from its arrival to its last byte. `served` stays None while nobody has answered."""

    id: str
    surface: Surface
    client: str
    requested_model: str | None
    format: Format
    """The format the client speaks."""
    profile: str = ""
    session: str | None = None
    origin: Origin = Origin.CLIENT
    streamed: bool = False
    as_array: bool = False
    """Whether its stream is one JSON array instead of events, as Gemini's may be."""
    received: float = 0.0
    """Seconds since 1970."""
    opened: float = 0.0
    """The same moment on the steady clock of the attempts, as are the next two."""
    decided: float | None = None
    """When it was known whom to ask."""
    closed: float | None = None
    cache_seconds: int = 0
    """For how long the client wants its prompt cached; zero where it does not say."""
    source: str | None = None
    reasons: tuple[str, ...] = ()
    decision: Decision | None = field(default=None, repr=False)
    """Who was to be asked, and why; None where nobody had to be chosen."""
    attempts: list[Attempt] = field(default_factory=list)
    serving: Attempt | None = None
    """The attempt whose answer the client gets."""
    refused_by: Attempt | None = None
    """The attempt whose failure the client is told."""
    key: str = ""
    """The name of the key that knows what the request refers to."""
    status: int | None = None
    """What the client was answered."""
    failure: Failure | None = None
    outcome: Outcome | None = None
    is_explained: bool = False
    """Whether the client wants to be told why."""
    credential: Secret | None = field(default=None, repr=False)
    """The client's own credential for its vendor, where it sent one beside our token."""

    kept: "Kept | None" = field(default=None, repr=False)
    """None unless the user has asked for it: nothing that was said outlives its exchange."""

    @property
    def served(self) -> Service | None:
        return self.serving.service if self.serving is not None else None


def new_id() -> str:
    """An id for an exchange: what its answer's headers, the log and the record call it."""
    return f"req_{random.token_hex(8)}"


class Kept:
    """What was said, where the user wants it kept: the request, and the answer as it goes out."""

    def __init__(self, request: bytes) -> None:
        self.request = request[: MOST_KEPT + 1]  # one more tells that it was longer
        self.answer: list[bytes] = []
        self._room = MOST_KEPT

    def add(self, chunk: bytes) -> None:
        """The beginning of an answer that is longer than any is kept."""
        if self._room > 0:
            self.answer.append(chunk[: self._room])
            self._room -= len(chunk)


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
