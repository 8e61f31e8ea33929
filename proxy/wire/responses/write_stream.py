"""A stream for a client, from events to bytes.

It begins with `response.created` and ends with exactly one of `response.completed`, `response.incomplete` and
`response.failed`, whatever happens: clients wait for that. Items are told one after the other.
"""

from typing import Any

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
    Refusal,
    SignatureDelta,
    Text,
    TextDelta,
    Thinking,
    ThinkingDelta,
    ToolCall,
)
from proxy.wire.in_order import InOrder
from proxy.wire.responses.ending import failed_members
from proxy.wire.responses.ids import response_id
from proxy.wire.responses.response_object import IN_PROGRESS, ended, response
from proxy.wire.responses.stops import incomplete_reason
from proxy.wire.responses.streamed_calls import StreamedCall, StreamedCustomCall
from proxy.wire.responses.streamed_items import Output, StreamedItem, WholeItem
from proxy.wire.responses.streamed_message import StreamedMessage
from proxy.wire.responses.streamed_reasoning import StreamedReasoning
from proxy.wire.target import Reply

_KEEP_ALIVE = b": keep-alive\n\n"
_DELTAS = frozenset((TextDelta, ThinkingDelta, SignatureDelta, ArgumentsDelta, CitationDelta))


class StreamWriter:
    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self._order = InOrder()
        self._output = Output(reply)
        self._item: StreamedItem | None = None
        self._response: dict[str, Any] | None = None
        self._usage = UNKNOWN
        self._has_refusal = False
        self._over = False

    def write(self, event: Event) -> bytes:
        if self._over:
            return b""
        return b"".join([self._written(next_) for next_ in self._order.feed(event)])

    def _written(self, event: Event) -> bytes:
        if type(event) in _DELTAS:
            return self._item.more(event) if self._item is not None else b""
        match event:
            case Begin():
                return self._start(event)
            case BlockBegin(_, block):
                return self._start(Begin()) + self._end_item() + self._begin_item(block)
            case BlockEnd():
                return self._end_item()
            case Finish():
                return self._start(Begin()) + self._end_item() + self._finish(event)
            case Failed():
                return self._start(Begin()) + self._fail(event)
            case KeepAlive():
                return _KEEP_ALIVE
        return b""

    def _start(self, begin: Begin) -> bytes:
        """The response's own beginning, in front of whatever comes first."""
        if self._response is not None:
            return b""
        self._usage = begin.usage
        self._response = response(response_id(begin.id, self._reply), self._reply, IN_PROGRESS, [])
        return self._event("response.created", self._response) + self._event(
            "response.in_progress", self._response
        )

    def _begin_item(self, block: Block) -> bytes:
        self._has_refusal |= isinstance(block, Refusal)
        self._item = _streamed(self._output, block)
        return self._item.begin()

    def _end_item(self) -> bytes:
        item, self._item = self._item, None
        return item.end() if item is not None else b""

    def _finish(self, finish: Finish) -> bytes:
        self._over = True
        reason = incomplete_reason(finish.stop, has_refusal=self._has_refusal)
        usage = self._usage.updated(finish.usage)
        last = ended(self._response or {}, reason, self._output.items, usage)
        return self._event(f"response.{last['status']}", last)

    def _fail(self, failed: Failed) -> bytes:
        self._over = True
        last = {
            **(self._response or {}),
            **failed_members(failed.failure),
            "output": self._output.items,
        }
        return self._event("response.failed", last)

    def _event(self, type_: str, said: dict[str, Any]) -> bytes:
        return self._output.numbering.event(type_, {"response": said})


def _streamed(output: Output, block: Block) -> StreamedItem:
    match block:
        case Text() | Refusal():
            return StreamedMessage(output, block)
        case Thinking():
            return StreamedReasoning(output, block)
        case ToolCall(custom=True):
            return StreamedCustomCall(output, block)
        case ToolCall():
            return StreamedCall(output, block)
    return WholeItem(output, block)
