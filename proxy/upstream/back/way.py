"""What must be known to bring an answer back, and the shape that every way back has."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from msgspec import Raw

from proxy.upstream.back.heard import Heard
from proxy.wire.failure import Failure
from proxy.wire.format import Format
from proxy.wire.streams import Writer
from proxy.wire.target import Expecting, Reply, ToolNames


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How one request was put, so how its answer is to be read and told."""

    provider_format: Format
    client_format: Format
    same: bool
    """The client's own bytes went out, so the provider's own come back."""
    framed: bool = False
    streamed: bool
    reply: Reply
    as_array: bool = False
    """The client wants its stream as one JSON array."""
    usage_asked_by_us: bool = False
    """The client of a Chat stream did not ask for usage; its chunk is taken out again."""
    choices: int = 1
    """How many answers in one a Chat client asked for."""
    exchange_id: str = ""
    expecting: Expecting = field(default_factory=Expecting)
    tools: Mapping[str, Raw | None] = field(default_factory=dict)
    """Tools as they were sent, where a local model may write its calls as text."""
    names: ToolNames = field(default_factory=ToolNames)


def writer(terms: Terms) -> Writer:
    """Who tells the client a stream."""
    from proxy.wire.gemini.write_stream import ArrayWriter
    from proxy.wire.sides import CLIENT

    return (
        ArrayWriter(terms.reply) if terms.as_array else CLIENT[terms.client_format].stream_writer(terms.reply)
    )


def stream_type(terms: Terms) -> str:
    return "application/json" if terms.as_array else "text/event-stream"


class WayBack(Protocol):
    """Brings one streamed answer back.

    Until `has_begun` nothing of it may reach the client: what is fed may still turn out to be a failure,
    which is then raised, so that somebody else can be asked.
    """

    @property
    def heard(self) -> Heard:
        """What the answer has told so far."""
        ...

    @property
    def has_begun(self) -> bool: ...

    @property
    def is_over(self) -> bool:
        """Whether the client has everything, so that nothing more need be waited for."""
        ...

    @property
    def is_complete(self) -> bool:
        """Whether the answer has told its own end."""
        ...

    @property
    def at_event_end(self) -> bool:
        """Whether something of our own may be put in now."""
        ...

    def feed(self, chunk: bytes) -> bytes: ...

    def end(self) -> bytes:
        """The provider closed the stream. Raises the Failure of one that was not complete."""
        ...

    def farewell(self, failure: Failure) -> bytes:
        """How a stream ends that cannot go on."""
        ...
