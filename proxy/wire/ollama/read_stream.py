"""A provider's stream, from lines to events.

Each line has more of the message; calls come whole, with or without an id. Only `done` ends an answer: a
stream that merely ends has broken off. An error is a line like any other, under a status that says all is
well.
"""

from typing import Any

import msgspec
from msgspec import Raw, Struct

from proxy.wire.canonical import (
    ArgumentsDelta,
    Begin,
    Block,
    BlockBegin,
    BlockEnd,
    Event,
    Failed,
    Finish,
    Stop,
    StopReason,
    Text,
    TextDelta,
    Thinking,
    ThinkingDelta,
    ToolCall,
    Usage,
)
from proxy.wire.canonical.usage import count_of
from proxy.wire.errors import read_error
from proxy.wire.framing.lines import Lines
from proxy.wire.names import made_id
from proxy.wire.reading import decoded
from proxy.wire.streams import StreamReader
from proxy.wire.target import Expecting, IdRule

_IDS = IdRule()
_REASONS = {"length": StopReason.MAX_TOKENS}
"""Any other reason (stop, load, unload) is the end of what there was to say."""


def stream_reader(expecting: Expecting) -> StreamReader[bytes]:
    return StreamReader(Lines(), Machine(expecting))


class _Function(Struct):
    name: str
    arguments: Raw = Raw()


class _Call(Struct):
    function: _Function
    id: str | None = None


class _Message(Struct):
    content: str | None = None
    thinking: str | None = None
    tool_calls: list[_Call] | None = None


class _Line(Struct):
    model: str | None = None
    message: _Message | None = None
    done: bool = False
    done_reason: str | None = None
    prompt_eval_count: Any = None
    eval_count: Any = None
    error: Raw = Raw()


_LINE = msgspec.json.Decoder(_Line)
_TEXT = msgspec.json.Decoder(str)
_NONE = (b"", b"null")


class Machine:
    def __init__(self, expecting: Expecting) -> None:
        self._expecting = expecting
        self._begun = False
        self._next = 0
        self._open: type[Block] | None = None
        """What the block at `_next - 1` is, if more may be added to it."""
        self._calls = 0

    def take(self, frame: bytes) -> list[Event]:
        line = decoded(_LINE, frame)
        if bytes(line.error) not in _NONE:
            return [Failed(read_error(None, frame))]
        events: list[Event] = []
        if not self._begun:
            self._begun = True
            events.append(Begin(None, line.model))
        if line.message is not None:
            events += self._more(line.message)
        if line.done:
            stop = Stop(_REASONS.get(line.done_reason or "", StopReason.END_TURN))
            stop = stop.with_calls() if self._calls else stop
            events += [*self._end(), Finish(stop, _usage(line))]
        return events

    def close(self) -> list[Event]:
        return []

    def _more(self, message: _Message) -> list[Event]:
        events: list[Event] = []
        if message.thinking:
            events += [] if self._open is Thinking else self._begin(Thinking(""))
            events.append(ThinkingDelta(self._next - 1, message.thinking))
        if message.content:
            events += [] if self._open is Text else self._begin(Text(""))
            events.append(TextDelta(self._next - 1, message.content))
        for call in message.tool_calls or ():
            events += self._call(call)
        return events

    def _call(self, call: _Call) -> list[Event]:
        tool = self._expecting.names.restored(call.function.name)
        id_ = call.id or made_id(_IDS, self._expecting.seed, self._calls)
        self._calls += 1
        begun = self._begin(ToolCall(id_, tool.name, "", namespace=tool.namespace, custom=tool.custom))
        return [*begun, ArgumentsDelta(self._next - 1, _arguments(call.function.arguments)), *self._end()]

    def _begin(self, block: Block) -> list[Event]:
        events = self._end()
        events.append(BlockBegin(self._next, block))
        self._next += 1
        self._open = type(block)
        return events

    def _end(self) -> list[Event]:
        if self._open is None:
            return []
        self._open = None
        return [BlockEnd(self._next - 1)]


def _arguments(raw: Raw) -> str:
    """An object; servers that only look like this one send its text."""
    text = bytes(raw)
    if text in _NONE:
        return "{}"
    return decoded(_TEXT, raw) or "{}" if text.startswith(b'"') else text.decode()


def _usage(line: _Line) -> Usage:
    """A prompt of no tokens is one that was not counted: it was cached, or the server did not say."""
    return Usage(input=count_of(line.prompt_eval_count) or None, output=count_of(line.eval_count))
