"""A provider's stream, from frames to events.

Only calls tell that they begin; text and thinking begin with what is first said of them. The counts come
after the reason to stop, in the last frame, so the answer is over with that one, or with the stream. Of what
the provider's own tools do only the beginning is told, for no client of ours could show the rest.
"""

import base64
from collections.abc import Callable

import msgspec
from msgspec import Raw

from proxy.wire.bedrock import schema
from proxy.wire.bedrock.exceptions import failure_in
from proxy.wire.bedrock.read_blocks import read_call, read_citation
from proxy.wire.bedrock.stops import read_stop
from proxy.wire.bedrock.usage import read_usage
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
    Opaque,
    RedactedThinking,
    SignatureDelta,
    Stop,
    Text,
    TextDelta,
    Thinking,
    ThinkingDelta,
    ToolCall,
    Usage,
)
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format
from proxy.wire.framing.event_stream import EventStream, Frame
from proxy.wire.reading import decoded
from proxy.wire.streams import StreamReader
from proxy.wire.target import Expecting


def stream_reader(expecting: Expecting) -> StreamReader[Frame]:
    return StreamReader(EventStream(), _Machine(expecting))


_START = msgspec.json.Decoder(schema.BlockStart)
_DELTA = msgspec.json.Decoder(schema.BlockDelta)
_STOP = msgspec.json.Decoder(schema.BlockStop)
_MESSAGE_STOP = msgspec.json.Decoder(schema.MessageStop)
_METADATA = msgspec.json.Decoder(schema.Metadata)

_NO_TEXT = Text("")
_NO_THINKING = Thinking("")


class _Open:
    """A block that has begun and not ended."""

    __slots__ = ("index", "kind", "said")

    def __init__(self, index: int, kind: type[Block]) -> None:
        self.index = index
        self.kind = kind
        self.said = False
        """Whether any of a call's input has come."""


class _Machine:
    def __init__(self, expecting: Expecting) -> None:
        self._expecting = expecting
        self._begun = False
        self._open: dict[int, _Open] = {}
        self._redacted: dict[int, list[str]] = {}
        """Pieces of thinking that nobody can read, which is told in one piece."""
        self._next = 0
        self._calls = 0
        self._stop: Stop | None = None
        self._usage: Usage = UNKNOWN
        self._takes: dict[object, Callable[[bytes], list[Event]]] = {
            "contentBlockDelta": self._more,
            "contentBlockStart": self._block_start,
            "contentBlockStop": self._block_stop,
            "messageStart": lambda _payload: [],
            "messageStop": self._message_stop,
            "metadata": self._metadata,
        }

    def take(self, frame: Frame) -> list[Event]:
        take = self._takes.get(frame.headers.get(":event-type"))
        if take is None:
            failure = failure_in(frame)
            return [Failed(failure)] if failure is not None else []
        events = take(frame.payload)
        if self._begun:
            return events
        self._begun = True
        return [Begin(), *events]

    def close(self) -> list[Event]:
        """Without its counts an answer is complete nonetheless."""
        return self._finish(self._stop) if self._stop is not None else []

    def _block_start(self, payload: bytes) -> list[Event]:
        said = decoded(_START, payload)
        events = self._ended(said.content_block_index)
        for kind, raw in (said.start or {}).items():
            if kind == "toolUse":
                block: Block = read_call(raw, self._next, self._expecting)
            else:
                block = Opaque(Format.BEDROCK, kind, Raw(msgspec.json.encode({kind: raw})))
            if isinstance(block, ToolCall):
                self._calls += 1
                block = msgspec.structs.replace(block, arguments="")
            self._begin(said.content_block_index, block, events)
            break
        return events

    def _more(self, payload: bytes) -> list[Event]:
        said = decoded(_DELTA, payload)
        at, delta = said.content_block_index, said.delta
        if delta is None:
            return []
        if delta.text is not None:
            return self._text(at, delta.text)
        if delta.tool_use is not None:
            return self._input(at, delta.tool_use.input)
        if delta.reasoning_content is not None:
            return self._thought(at, delta.reasoning_content)
        return self._cited(at, delta.citation) if bytes(delta.citation) else []

    def _text(self, at: int, text: str) -> list[Event]:
        if not text:
            return []
        events: list[Event] = []
        block = self._open.get(at) or self._begin(at, _NO_TEXT, events)
        if block.kind is Text:
            events.append(TextDelta(block.index, text))
        return events

    def _input(self, at: int, json: str) -> list[Event]:
        block = self._open.get(at)
        if block is None:
            raise Failure(FailureKind.BAD_ANSWER, "The provider added to a call that it had not begun.")
        if block.kind is not ToolCall or not json:
            return []
        block.said = True
        return [ArgumentsDelta(block.index, json)]

    def _thought(self, at: int, delta: schema.ReasoningDelta) -> list[Event]:
        if delta.redacted_content is not None:
            self._redacted.setdefault(at, []).append(delta.redacted_content)
        if not (delta.text or delta.signature):
            return []
        events: list[Event] = []
        block = self._open.get(at) or self._begin(at, _NO_THINKING, events)
        if block.kind is Thinking:
            events += [ThinkingDelta(block.index, delta.text)] if delta.text else []
            events += [SignatureDelta(block.index, delta.signature)] if delta.signature else []
        return events

    def _cited(self, at: int, raw: Raw) -> list[Event]:
        events: list[Event] = []
        block = self._open.get(at) or self._begin(at, _NO_TEXT, events)
        if block.kind is Text:
            events.append(CitationDelta(block.index, read_citation(raw)))
        return events

    def _block_stop(self, payload: bytes) -> list[Event]:
        return self._ended(decoded(_STOP, payload).content_block_index)

    def _message_stop(self, payload: bytes) -> list[Event]:
        said = decoded(_MESSAGE_STOP, payload)
        self._stop = read_stop(said.stop_reason, said.additional_model_response_fields)
        return []

    def _metadata(self, payload: bytes) -> list[Event]:
        self._usage = self._usage.updated(read_usage(decoded(_METADATA, payload).usage))
        return self.close()

    def _begin(self, at: int, block: Block, events: list[Event]) -> _Open:
        opened = self._open[at] = _Open(self._next, type(block))
        self._next += 1
        events.append(BlockBegin(opened.index, block))
        return opened

    def _ended(self, at: int) -> list[Event]:
        events: list[Event] = []
        block = self._open.pop(at, None)
        if block is not None:
            if block.kind is ToolCall and not block.said:
                # A call without any input is one with an empty object.
                events.append(ArgumentsDelta(block.index, "{}"))
            events.append(BlockEnd(block.index))
        pieces = self._redacted.pop(at, None)
        if pieces is not None:
            events += [BlockBegin(self._next, RedactedThinking(_joined(pieces))), BlockEnd(self._next)]
            self._next += 1
        return events

    def _finish(self, stop: Stop) -> list[Event]:
        events = [event for at in sorted({*self._open, *self._redacted}) for event in self._ended(at)]
        stop = stop.with_calls() if self._calls else stop.without_calls()
        return [*events, Finish(stop, self._usage)]


def _joined(pieces: list[str]) -> str:
    """Each piece is base64 by itself."""
    if len(pieces) == 1:
        return pieces[0]
    return base64.b64encode(b"".join(map(base64.b64decode, pieces))).decode()
