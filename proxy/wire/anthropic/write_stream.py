"""A stream for a client, from events to bytes: one block after the other, places counted from zero."""

from itertools import count

import msgspec

from proxy.wire.anthropic.calls import broken_call, may_be_cut_off
from proxy.wire.anthropic.errors import error_event
from proxy.wire.anthropic.stops import written_stop
from proxy.wire.anthropic.stream_blocks import Call, StreamedBlock, begun
from proxy.wire.anthropic.usage import written_late_usage, written_usage
from proxy.wire.anthropic.write_answer import message_head
from proxy.wire.canonical import (
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
    SignatureDelta,
    TextDelta,
    ThinkingDelta,
)
from proxy.wire.framing.sse import on_one_line
from proxy.wire.in_order import InOrder
from proxy.wire.target import Reply

_PING = b'event: ping\ndata: {"type":"ping"}\n\n'
_STOP = b'event: message_stop\ndata: {"type":"message_stop"}\n\n'
_DELTAS = frozenset((TextDelta, ThinkingDelta, SignatureDelta, ArgumentsDelta, CitationDelta))

_json = msgspec.json.Encoder().encode


class StreamWriter:
    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self._order = InOrder()
        self._places = count().__next__
        self._begin: Begin | None = None
        self._block: StreamedBlock | None = None
        self._has_called = False
        self._broken_call: str | None = None
        self._over = False

    def write(self, event: Event) -> bytes:
        if self._over:
            return b""
        return b"".join([self._written(next_) for next_ in self._order.feed(event)])

    def _written(self, event: Event) -> bytes:
        if self._block is not None and type(event) in _DELTAS:
            return self._block.more(event)
        match event:
            case Begin():
                return self._start(event)
            case BlockBegin(_, block):
                return self._start(Begin()) + self._end_block() + self._begin_block(block)
            case BlockEnd():
                return self._end_block()
            case Finish():
                self._over = True
                return self._start(Begin()) + self._end_block() + self._finish(event)
            case Failed(failure):
                self._over = True
                return error_event(failure, self._reply.id)
            case KeepAlive():
                return self._start(Begin()) + _PING
        return b""

    def _start(self, begin: Begin) -> bytes:
        """The message's own beginning, in front of whatever comes first."""
        if self._begin is not None:
            if begin.usage.is_known:
                self._begin = begin
            return b""
        self._begin = begin
        message = {
            **message_head(begin.id, self._reply),
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": written_usage(begin.usage),
        }
        return _event(b"message_start", {"type": "message_start", "message": message})

    def _begin_block(self, block: Block) -> bytes:
        self._block, written = begun(block, self._places, self._reply)
        return written

    def _end_block(self) -> bytes:
        block, self._block = self._block, None
        if block is None:
            return b""
        if isinstance(block, Call):
            self._has_called = True
            if not block.is_sound:
                self._broken_call = block.name
        return block.end()

    def _finish(self, finish: Finish) -> bytes:
        stop = finish.stop.with_calls() if self._has_called else finish.stop.without_calls()
        if self._broken_call is not None and not may_be_cut_off(stop):
            return error_event(broken_call(self._broken_call), self._reply.id)
        usage = finish.usage if self._begin is None else self._begin.usage.updated(finish.usage)
        said = {"type": "message_delta", "delta": written_stop(stop), "usage": written_late_usage(usage)}
        return _event(b"message_delta", said) + _STOP


def _event(name: bytes, value: object) -> bytes:
    return b"event: %b\ndata: %b\n\n" % (name, on_one_line(_json(value)))
