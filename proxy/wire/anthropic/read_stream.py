"""A provider's stream, from frames to events.

Servers that speak the format are not all strict with it, so: a block may begin before the one in front of
it ends, an empty signature is none, a call may come with its whole input at once, and a stream that ends
after its stop reason is complete without a `message_stop`.

A block that only Anthropic understands waits until it is whole, for it has no deltas in our events.
"""

from typing import Any

import msgspec
from msgspec import Raw, Struct

from proxy.wire.anthropic.read_answer import named
from proxy.wire.anthropic.read_blocks import read_block, read_citation
from proxy.wire.anthropic.stops import read_stop
from proxy.wire.anthropic.unknown_block import UnknownBlock
from proxy.wire.anthropic.usage import merged, read_usage
from proxy.wire.canonical import (
    UNKNOWN,
    ArgumentsDelta,
    Begin,
    Block,
    BlockBegin,
    BlockEnd,
    CitationDelta,
    Event,
    Failed,
    Finish,
    KeepAlive,
    Opaque,
    SignatureDelta,
    Text,
    TextDelta,
    Thinking,
    ThinkingDelta,
    ToolCall,
    Usage,
)
from proxy.wire.errors import read_error
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.framing.sse import ServerSentEvents
from proxy.wire.reading import decoded, given, members_of, tag_of
from proxy.wire.streams import StreamReader
from proxy.wire.target import Expecting


def stream_reader(expecting: Expecting) -> StreamReader[bytes]:
    return StreamReader(ServerSentEvents(), _Machine(expecting))


class _Delta(Struct):
    """Of a block, or of the message."""

    type: str = ""
    text: str | None = None
    thinking: str | None = None
    signature: str | None = None
    partial_json: str | None = None
    citation: Raw = Raw()
    stop_reason: str | None = None
    stop_sequence: str | None = None
    stop_details: Raw = Raw()


class _Frame(Struct):
    """Any event: what some have and others have not is empty there."""

    type: str = ""
    index: int = 0
    delta: _Delta | None = None
    content_block: Raw = Raw()
    message: Raw = Raw()
    usage: Raw = Raw()
    error: Raw = Raw()
    code: Raw = Raw()


class _Start(Struct):
    id: str | None = None
    model: str | None = None
    usage: Raw = Raw()


_FRAME = msgspec.json.Decoder(_Frame)
_START = msgspec.json.Decoder(_Start)
_MISSING: dict[str, dict[str, Any]] = {"text": {"text": ""}, "thinking": {"thinking": ""}}


class _Open:
    """A block that has begun and not ended."""

    __slots__ = ("given_input", "has_input", "index", "kind")

    def __init__(self, index: int, kind: type[Block], given_input: str) -> None:
        self.index = index
        self.kind = kind
        self.has_input = False
        """Whether any of a call's input has come in deltas."""
        self.given_input = given_input


class _Machine:
    def __init__(self, expecting: Expecting) -> None:
        self._expecting = expecting
        self._begun = False
        self._open: dict[int, _Open | UnknownBlock] = {}
        self._next = 0
        self._calls = 0
        self._usage: Usage = UNKNOWN
        self._delta = _Delta()
        self._stopped = False
        self._takes = {
            "message_start": self._start,
            "content_block_start": self._block_start,
            "content_block_stop": self._block_stop,
            "message_delta": self._message_delta,
            "message_stop": self._finish,
            "ping": self._ping,
        }

    def take(self, frame: bytes) -> list[Event]:
        if not frame.strip() or frame == b"[DONE]":
            return []
        said = decoded(_FRAME, frame)
        if said.type == "content_block_delta" and said.delta is not None:
            return self._more(said.index, said.delta, frame)
        if said.type == "error" or given(said.error) or (given(said.code) and given(said.message)):
            return [Failed(read_error(None, frame))]
        take = self._takes.get(said.type)
        if take is None:
            return []
        if self._begun or said.type in ("message_start", "ping"):
            return take(said)
        return [self._begin(_Start()), *take(said)]

    def close(self) -> list[Event]:
        return self._finish(_Frame()) if self._stopped else []

    def _start(self, said: _Frame) -> list[Event]:
        start = decoded(_START, said.message)
        if self._begun:
            self._usage = merged(self._usage, read_usage(start.usage))
            return []
        return [self._begin(start)]

    def _begin(self, start: _Start) -> Event:
        self._begun = True
        self._usage = read_usage(start.usage)
        return Begin(start.id, start.model, self._usage)

    def _block_start(self, said: _Frame) -> list[Event]:
        events = self._block_stop(said)
        members = members_of(said.content_block)
        kind = tag_of(members, "type")
        block = read_block(msgspec.json.encode({**_MISSING.get(kind, {}), **members}))
        if isinstance(block, Opaque):
            self._open[said.index] = UnknownBlock(block.kind, members)
            return events
        if isinstance(block, Thinking) and block.signature is None and "signature" in members:
            block = msgspec.structs.replace(block, signature="")
        return [*events, *self._opened(said.index, block)]

    def _opened(self, index: int, block: Block) -> list[Event]:
        """The block's beginning. What it says already is told like what is still to come."""
        place = self._next
        self._next += 1
        block = named(block, place, self._expecting)
        given_input = ""
        deltas: list[Event] = []
        match block:
            case Text(text, citations):
                deltas += [TextDelta(place, text)] if text else []
                deltas += [CitationDelta(place, citation) for citation in citations]
                block = msgspec.structs.replace(block, text="", citations=())
            case Thinking(text, signature):
                deltas += [ThinkingDelta(place, text)] if text else []
                deltas += [SignatureDelta(place, signature)] if signature else []
                block = msgspec.structs.replace(block, text="", signature=None if signature is None else "")
            case ToolCall(arguments=arguments):
                self._calls += 1
                given_input = arguments
                block = msgspec.structs.replace(block, arguments="")
        self._open[index] = _Open(place, type(block), given_input)
        return [BlockBegin(place, block), *deltas]

    def _more(self, index: int, delta: _Delta, frame: bytes) -> list[Event]:
        block = self._open.get(index)
        if block is None:
            raise Failure(FailureKind.BAD_ANSWER, "The provider added to a block that it had not begun.")
        if isinstance(block, UnknownBlock):
            block.add(delta.type, delta.partial_json or "", frame)
            return []
        match delta.type:
            case "text_delta" if block.kind is Text:
                return [TextDelta(block.index, delta.text)] if delta.text else []
            case "input_json_delta" if block.kind is ToolCall:
                if not delta.partial_json:
                    return []
                block.has_input = True
                return [ArgumentsDelta(block.index, delta.partial_json)]
            case "thinking_delta" if block.kind is Thinking:
                return [ThinkingDelta(block.index, delta.thinking)] if delta.thinking else []
            case "signature_delta" if block.kind is Thinking:
                return [SignatureDelta(block.index, delta.signature)] if delta.signature else []
            case "citations_delta" if block.kind is Text:
                return [CitationDelta(block.index, read_citation(delta.citation))]
        return []

    def _block_stop(self, said: _Frame) -> list[Event]:
        block = self._open.pop(said.index, None)
        if block is None:
            return []
        if isinstance(block, UnknownBlock):
            place = self._next
            self._next += 1
            return [BlockBegin(place, block.whole()), BlockEnd(place)]
        events: list[Event] = [BlockEnd(block.index)]
        if block.kind is ToolCall and not block.has_input:
            # A call without any input is one with an empty object.
            events.insert(0, ArgumentsDelta(block.index, block.given_input or "{}"))
        return events

    def _message_delta(self, said: _Frame) -> list[Event]:
        self._usage = merged(self._usage, read_usage(said.usage))
        if said.delta is not None and said.delta.stop_reason is not None:
            self._delta = said.delta
            self._stopped = True
        return []

    def _finish(self, _said: _Frame) -> list[Event]:
        events: list[Event] = []
        for index in list(self._open):
            events += self._block_stop(_Frame(index=index))
        details = self._delta.stop_details
        stop = read_stop(
            self._delta.stop_reason,
            self._delta.stop_sequence,
            given(details),
        )
        stop = stop.with_calls() if self._calls else stop.without_calls()
        return [*events, Finish(stop, self._usage)]

    def _ping(self, _said: _Frame) -> list[Event]:
        return [KeepAlive()]
