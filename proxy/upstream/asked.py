"""A client's request as it is sent on: its bytes, and what they say where they must be written anew."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec

from proxy.exchange import Exchange
from proxy.providers.entrance import Task
from proxy.providers.provider import Provider
from proxy.routing.health.key import Key
from proxy.routing.service import Candidate
from proxy.wire.canonical import Conversation
from proxy.wire.format import Format
from proxy.wire.splice import Body

LARGE = 256 * 1024
"""Above this size a body is looked at in a worker thread, so that no stream waits for it."""

T = TypeVar("T")


@dataclass(slots=True)
class Asked:
    """One request, untouched. Every attempt makes its own from it."""

    exchange: Exchange
    body: Body
    headers: Sequence[tuple[str, str]] = field(repr=False)
    query: str = ""
    task: Task = Task.ANSWER
    written_in: Format | None = None
    """The format of the body, where it is not the one that the client wants its answer in."""
    _conversation: Conversation | None = None

    @property
    def format(self) -> Format:
        """The format the client wants its answer in."""
        return self.exchange.format

    @property
    def is_odd(self) -> bool:
        """Whether request and answer are in two formats, so that no provider can take the bytes."""
        return self.written_in is not None and self.written_in is not self.format

    async def conversation(self) -> Conversation:
        """What the request says. Read when the first provider needs it in other words."""
        if self._conversation is None:
            self._conversation = await aside(self._read, len(self.body.data))
        return self._conversation

    def _read(self) -> Conversation:
        from proxy.wire.sides import CLIENT

        conversation = CLIENT[self.written_in or self.format].read_request(self.body.data)
        return msgspec.structs.replace(
            conversation, model=self.exchange.requested_model, stream=self.exchange.streamed
        )


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who is asked: a service of a provider, with one of its keys."""

    candidate: Candidate
    provider: Provider
    key: Key
    leaves: bool = False
    """Its server is on this machine, and passes on what it is asked."""


async def aside(work: Callable[[], T], size: int) -> T:
    """Do the work here if it is small, and beside the loop if it is not."""
    return work() if size <= LARGE else await asyncio.to_thread(work)
